"""The office's desk of notices: write, look at, publish, withdraw, send, see who has read."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from marshmallow import fields, validate

from tracker.accounts import audit
from tracker.accounts.scope import Scope
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Conflict, TrackerError
from tracker.directory import filters, listing
from tracker.facts import kinds
from tracker.notices import audience, markup, queries, service, writing
from tracker.notices.models import Notice
from tracker.notices.writing import Text
from tracker.obligations import book
from tracker.packs.office import office
from tracker.reminders import service as reminders
from tracker.web import forms
from tracker.web.access import OFFICE, READERS, roles, viewer

bp = Blueprint("notice_desk", __name__, url_prefix="/notices/desk")
ONE = "/<int(max=2147483647):notice_id>"
#: Names that a page lists of those to whom a notice goes, or who have not read it.
MOST = 200


class Writing(forms.Form):
    """A notice as it is typed."""

    title_zh = fields.String(load_default="")
    title_en = fields.String(load_default="")
    body_zh = fields.String(load_default="")
    body_en = fields.String(load_default="")
    one_language = fields.String(load_default="")
    read = fields.Integer(load_default=0)
    do = fields.String(load_default="save", validate=validate.OneOf(("save", "look")))
    unit = fields.String(load_default="")
    nationality = fields.String(load_default="")
    category = fields.String(load_default="")
    identity = fields.String(load_default="")
    status = fields.String(load_default="")
    building = fields.String(load_default="")


class Seen(forms.Form):
    """Which version its reader saw when the button was pressed, and how many it would go to."""

    version = fields.Integer(required=True)
    people = fields.Integer(load_default=None, allow_none=True)


@bp.get("")
@roles(*READERS)
def show() -> ResponseReturnValue:
    """List all notices, drafts first."""
    notices = queries.every()
    counts = audience.counts([notice.id for notice, _text in notices])
    return render_template("notices/desk.html", notices=notices, counts=counts)


@bp.route("/new", methods=["GET", "POST"])
@roles(*OFFICE)
def new() -> ResponseReturnValue:
    """Write a notice."""
    return _edit(None)


@bp.route(ONE + "/edit", methods=["GET", "POST"])
@roles(*OFFICE)
def edit(notice_id: int) -> ResponseReturnValue:
    """Write another version of a notice; what is out stays until that is published."""
    return _edit(service.get(notice_id))


@bp.get(ONE)
@roles(*READERS)
def one(notice_id: int) -> ResponseReturnValue:
    """Show a notice with its versions, to whom it would go, and who has read it."""
    return _page(service.get(notice_id))


@bp.post(ONE + "/publish")
@roles(*OFFICE)
def publish(notice_id: int) -> ResponseReturnValue:
    """Let everybody see the newest version."""
    notice = _unchanged(notice_id)
    service.publish(notice, at=clock.now())
    _note("publish notice", notice)
    flash(_("Published. It is on the public page and in the feed."))
    return redirect(url_for(".one", notice_id=notice_id), 303)


@bp.post(ONE + "/withdraw")
@roles(*OFFICE)
def withdraw(notice_id: int) -> ResponseReturnValue:
    """Take a notice off the public page, and back what waits to be sent."""
    notice = _unchanged(notice_id)
    taken = service.withdraw(notice, at=clock.now())
    _note("withdraw notice", notice, letters=taken)
    flash(ngettext("Withdrawn. %(num)s letter that waited was taken back.",
                   "Withdrawn. %(num)s letters that waited were taken back.", taken))  # fmt: skip
    return redirect(url_for(".one", notice_id=notice_id), 303)


@bp.post(ONE + "/send")
@roles(*OFFICE)
def send(notice_id: int) -> ResponseReturnValue:
    """Send a notice to whom it concerns and who has it not yet."""
    notice, now = _unchanged(notice_id), clock.now()
    opening = reminders.office_hours().next_opening(now, book.current().calendar)
    done = service.send(notice, now=now, send_after=opening)
    _note("send notice", notice, **done)
    flash(ngettext("%(num)s letter waits to leave.", "%(num)s letters wait to leave.",
                   done["queued"]))  # fmt: skip
    return redirect(url_for(".one", notice_id=notice_id), 303)


def _edit(notice: Notice | None) -> ResponseReturnValue:
    if request.method == "GET":
        text = service.text_of(service.version(notice, notice.newest)) if notice else None
        wanted = filters.parse(notice.audience if notice else "")
        typed = {name: getattr(text, name) for name in service.LONGEST} if text else {}
        return _form(notice, typed | {name: getattr(wanted, name) for name in audience.BY}, {})
    typed = forms.typed(Writing())
    try:
        if typed["do"] == "look":
            return _form(notice, typed, {})
        kept = _save(notice, typed)
    except TrackerError as error:
        db.session.rollback()
        again = service.get(notice.id) if notice else None
        return _form(again, typed, error.messages), error.status
    flash(_("Saved. Nobody outside the office sees it before it is published."))
    return redirect(url_for(".one", notice_id=kept.id), 303)


def _save(notice: Notice | None, typed: dict[str, Any]) -> Notice:
    now = clock.now()
    kept = service.save(
        notice, _text(typed), audience_query=audience.query_of(typed), read=typed["read"],
        by=audit.actor_of(viewer()), at=now,
    )  # fmt: skip
    audit.record(
        actor=audit.actor_of(viewer()), action="write notice", subject=f"notice:{kept.id}",
        at=now, details={"version": kept.newest},
    )  # fmt: skip
    db.session.commit()
    return kept


def _form(notice: Notice | None, typed: dict[str, Any], errors: dict[str, list[str]]) -> str:
    everybody = Scope(everybody=True)
    return render_template(
        "notices/form.html", notice=notice, typed=typed, errors=errors, text=_text(typed),
        markup=markup, units=listing.units(everybody), statuses=kinds.STATUSES,
        nationalities=listing.nationalities(everybody), identities=kinds.IDENTITIES,
        categories=filters.CATEGORIES, buildings=listing.buildings(everybody),
    )  # fmt: skip


def _page(notice: Notice) -> str:
    versions = queries.versions(notice)
    text = service.text_of(versions[0])
    named = office()
    sample = writing.write(
        text, writing.Reader(_("Name"), _("Name"), "both"), link="…",
        letterhead={"university": named.university, "office": named.name},
    )  # fmt: skip
    return render_template(
        "notices/one.html", notice=notice, text=text, versions=versions, markup=markup,
        wanted=filters.parse(notice.audience), sample=sample, most=MOST,
        preview=audience.preview(notice, today=clock.today()), rates=audience.rates(notice),
        unreached=audience.unreached(notice), unread=audience.unread(notice),
        units={unit.id: unit for unit in listing.units(Scope(everybody=True))},
        may_change=viewer().role in OFFICE,
    )  # fmt: skip


def _unchanged(notice_id: int) -> Notice:
    """Return the notice kept from others until the end; Conflict if it is not as it was seen."""
    seen = forms.typed(Seen())
    notice = service.get(notice_id, for_change=True)
    if seen["version"] != notice.newest:
        raise Conflict(_("Somebody saved another version meanwhile. Look at it first."))
    if seen["people"] is not None:
        now = audience.preview(notice, today=clock.today())
        if len(now.reachable) != seen["people"]:
            raise Conflict(_("It would now go to another number of people. Look at them first."))
    return notice


def _note(action: str, notice: Notice, **details: object) -> None:
    audit.record(
        actor=audit.actor_of(viewer()), action=action, subject=f"notice:{notice.id}",
        at=clock.now(), details={"version": notice.newest, **details},
    )  # fmt: skip
    db.session.commit()


def _text(typed: dict[str, Any]) -> Text:
    names = ("title_zh", "title_en", "body_zh", "body_en", "one_language")
    return Text(*(str(typed.get(name) or "").replace("\r\n", "\n").strip() for name in names))
