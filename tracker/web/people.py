"""The list of people: found, filtered, sorted, paged, kept as views and taken along."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask import stream_with_context as streamed
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow import fields, validate

from tracker.accounts import audit
from tracker.accounts.models import Account
from tracker.accounts.scope import NUMBERS, scope_of
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid
from tracker.directory import export, filters, listing, views
from tracker.directory.filters import Filter
from tracker.directory.listing import Listing, Reader
from tracker.facts import kinds
from tracker.web import forms, kept, language
from tracker.web.access import OFFICE, READERS, roles, viewer
from tracker.web.forms import asked, page_number

bp = Blueprint("people", __name__)
PAGE = 50
VIEWERS = (*READERS, "unit_secretary")
FORMATS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


class SaveView(forms.Form):
    """A name for the filter that is on the page."""

    name = forms.text(60)
    query = fields.String(required=True, validate=validate.Length(max=1000))
    shared = fields.String(load_default="")


class TakeAlong(forms.Form):
    """Which list, as which kind of file."""

    query = fields.String(load_default="", validate=validate.Length(max=1000))
    format = fields.String(
        required=True,
        validate=validate.OneOf(sorted(FORMATS), error=_l("Choose Excel or CSV.")),
    )


@bp.get("/people")
@roles(*VIEWERS)
def show() -> ResponseReturnValue:
    """Show the people the reader may see, a page at a time."""
    return _page({}, {})


@bp.post("/people/views")
@roles(*VIEWERS)
def save_view() -> ResponseReturnValue:
    """Keep the filter under a name."""
    account = viewer()
    try:
        typed = forms.typed(SaveView())
        view = views.save(
            account, name=typed["name"], query=typed["query"], shared=bool(typed["shared"]),
            at=clock.now(),
        )  # fmt: skip
    except (Invalid, Conflict) as error:
        db.session.rollback()
        return _page(error.messages, request.form), error.status
    _note(account, "view saved", f"view:{view.id}", shared=view.shared)
    db.session.commit()
    flash(_("The view is saved. You find it above the list."))
    return redirect(f"{url_for('people.show')}?{view.query}", 303)


@bp.post("/people/views/<int(max=2147483647):view_id>/delete")
@roles(*VIEWERS)
def delete_view(view_id: int) -> ResponseReturnValue:
    """Delete a view."""
    account = viewer()
    views.delete(account, view_id)
    _note(account, "view deleted", f"view:{view_id}")
    db.session.commit()
    flash(_("The view is deleted."))
    return redirect(url_for("people.show"), 303)


@bp.post("/people/export")
@roles(*VIEWERS)
def take_along() -> ResponseReturnValue:
    """Send the whole list as a file, within what the reader may see."""
    account, today = viewer(), clock.today()
    try:
        typed = forms.typed(TakeAlong())
    except Invalid as error:
        return _page(error.messages, {}), error.status
    wanted = filters.parse(typed["query"])
    ids = Listing(wanted, _reader(account)).ids()
    _note(
        account, "list exported", "people", format=typed["format"], people=len(ids),
        filter=wanted.query(named=False), searched=bool(wanted.q),
    )  # fmt: skip
    db.session.commit()
    sheet = export.Export(language=language.current(), numbers=account.role in NUMBERS)
    name = f"people-{today.isoformat()}.{typed['format']}"
    if typed["format"] == "xlsx":
        return _workbook(sheet, ids, name)
    return Response(
        streamed(export.lines(sheet, ids)), content_type=FORMATS["csv"],
        headers={"Content-Disposition": f"attachment; filename={name}"},
    )  # fmt: skip


def _workbook(sheet: export.Export, ids: list[int], name: str) -> Response:
    """Write the workbook to one side and send it from there."""
    folder = Path(tempfile.mkdtemp(prefix="tracker-list-"))
    try:
        export.write_workbook(folder / name, sheet, ids)
        answer = send_file(
            folder / name, mimetype=FORMATS["xlsx"], as_attachment=True, download_name=name
        )
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    answer.call_on_close(lambda: shutil.rmtree(folder, ignore_errors=True))
    return answer


def _page(errors: dict[str, list[str]], typed: object) -> str:
    if not errors:
        values = _found(_asked(), page_number())
        return kept.page("people/list.html", _ground(values), lambda: _with_forms(values, {}, {}))
    values = _found(filters.parse(request.form.get("query", "")), 1)
    return render_template("people/list.html", **_with_forms(values, errors, typed))


def _found(wanted: Filter, page: int) -> dict[str, Any]:
    """Return the rows of a page of the list, and what can be chosen around them."""
    account = viewer()
    reader = _reader(account)
    found = Listing(wanted, reader)
    count = found.count()
    pages = max(-(-count // PAGE), 1)
    page = min(page, pages)
    return {
        "people": found.page(offset=(page - 1) * PAGE, most=PAGE), "count": count, "page": page,
        "pages": pages, "asked": wanted, "today": reader.today, "by_number": reader.by_number,
        "offers": _offers(account), "views": views.offered(account),
    }  # fmt: skip


def _ground(values: dict[str, Any]) -> object:
    """Return what tells two lists of the same address apart."""
    offers = values["offers"]
    return (
        values["people"], values["count"],
        offers["units"], offers["nationalities"], offers["buildings"],
        [(view.id, view.account_id, view.name, view.query, view.shared)
         for view in values["views"]],
    )  # fmt: skip


def _with_forms(
    values: dict[str, Any], errors: dict[str, list[str]], typed: object
) -> dict[str, Any]:  # fmt: skip
    account = viewer()
    return values | {
        "may_share": _shares(account), "may_import": account.role in OFFICE, "errors": errors,
        "may_delete": lambda view: views.may_delete(account, view), "typed": typed,
    }  # fmt: skip


def _offers(account: Account) -> dict[str, object]:
    """Return what each filter can be set to."""
    scope = scope_of(account)
    return {
        "units": listing.units(scope), "nationalities": listing.nationalities(scope),
        "buildings": listing.buildings(scope), "statuses": kinds.STATUSES,
        "categories": filters.CATEGORIES, "identities": kinds.IDENTITIES, "due": filters.DUE,
        "sorts": filters.SORTS,
    }  # fmt: skip


def _asked() -> Filter:
    return filters.of({name: asked(name) for name in Filter.__slots__})


def _reader(account: Account) -> Reader:
    return Reader(
        scope=scope_of(account), by_number=account.role in NUMBERS, language=language.current(),
        today=clock.today(),
    )  # fmt: skip


def _shares(account: Account) -> bool:
    return account.role in views.SHARERS


def _note(account: Account, action: str, subject: str, **details: object) -> None:
    audit.record(
        actor=audit.actor_of(account), action=action, subject=subject, at=clock.now(),
        details=details,
    )  # fmt: skip
