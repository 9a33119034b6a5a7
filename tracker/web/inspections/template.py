"""The template: the version in use, older ones, and the form that makes the next."""

from typing import Any
from uuid import uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from marshmallow import ValidationError, fields, validate

from tracker.accounts import audit
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Invalid, TrackerError
from tracker.files import photos
from tracker.inspections import templates
from tracker.inspections.template import (
    FEATURES,
    PLACES,
    SEVERITIES,
    Template,
    as_content,
    parse,
    shipped,
)  # fmt: skip
from tracker.rules.model import RulesError
from tracker.web import forms
from tracker.web.access import OFFICE, roles, viewer
from tracker.web.safety import LOOKERS

bp = Blueprint("inspection_template", __name__)
#: Of one template; far more than anybody can look at.
MOST = 200


class Item(forms.Form):
    """The boxes of one item."""

    code = fields.String(load_default="", validate=validate.Length(max=3))
    zh = fields.String(load_default="", validate=validate.Length(max=120))
    en = fields.String(load_default="", validate=validate.Length(max=200))
    severity = fields.String(load_default="L", validate=validate.OneOf(SEVERITIES))
    place = fields.String(load_default="both", validate=validate.OneOf(PLACES))
    basis = fields.String(load_default="", validate=validate.Length(max=200))
    help_zh = fields.String(load_default="", validate=validate.Length(max=300))
    help_en = fields.String(load_default="", validate=validate.Length(max=300))
    picture = fields.String(load_default="", validate=validate.Length(max=36))
    photo = fields.String(load_default="")
    patrol = fields.String(load_default="")
    gas = fields.String(load_default="")
    lift = fields.String(load_default="")
    high_rise = fields.String(load_default="")
    remove = fields.String(load_default="")


@bp.get("/inspections/template")
@roles(*LOOKERS)
def show() -> ResponseReturnValue:
    """Show the version in use, and the others."""
    return _shown(templates.current())


@bp.get("/inspections/template/<template_id>")
@roles(*LOOKERS)
def version(template_id: str) -> ResponseReturnValue:
    """Show one version."""
    return _shown(templates.get(template_id))


@bp.get("/inspections/template/edit")
@roles(*OFFICE)
def edit() -> ResponseReturnValue:
    """Show the form, filled with the version in use or with what is shipped."""
    current = templates.current()
    base = shipped() if forms.asked("from") == "shipped" else current
    return _form(as_content(base), seen=current.id, errors={})


@bp.post("/inspections/template/edit")
@roles(*OFFICE)
def save() -> ResponseReturnValue:
    """Make the next version, or show what it would look like."""
    forms.refuse_nul()
    now, seen = clock.now(), request.form.get("seen", "")
    content = as_content(templates.current())
    try:
        content |= {"items": _items()}
        if request.form.get("act") == "preview":
            db.session.commit()  # pictures that came with it
            return _form(content, seen=seen, errors={}, preview=_parsed(content))
        made = templates.save(content, seen=seen, note=request.form.get("note", "")[:300],
                              by=audit.actor_of(viewer()), at=now)  # fmt: skip
    except TrackerError as error:
        db.session.rollback()
        return _form(content, seen=seen, errors=error.messages), error.status
    audit.record(actor=audit.actor_of(viewer()), action="change template",
                 subject=f"template:{made.id}", at=now)  # fmt: skip
    db.session.commit()
    flash(_("Saved as version %(number)s. Inspections already begun keep the one they began with.",
            number=made.number))  # fmt: skip
    return redirect(url_for("inspection_template.show"), 303)


def _shown(template: Template) -> str:
    rows = templates.versions()
    return render_template(
        "inspections/template.html", template=template, current=templates.current(),
        shipped=shipped(), versions=rows, names=audit.actors(),
        may_change=viewer().role in OFFICE,
    )  # fmt: skip


def _form(
    content: dict[str, Any], *, seen: str, errors: dict[str, list[str]],
    preview: Template | None = None,
) -> str:  # fmt: skip
    return render_template(
        "inspections/template_form.html", content=content, seen=seen, errors=errors,
        preview=preview, note=request.form.get("note", ""), features=FEATURES,
        severities=SEVERITIES, places=PLACES, sections=shipped().sections,
    )  # fmt: skip


def _parsed(content: dict[str, Any]) -> Template:
    try:
        return parse(content, id="preview", number=0)
    except RulesError as error:
        where = f"{error.entry} {error.field}"
        raise Invalid(items=f"{where}: {error.problem}. {error.remedy}") from None


def _items() -> list[dict[str, Any]]:
    """Return the items typed, in order; a row without code and words is none."""
    found = []
    for number in range(_count()):
        lead = f"{number}-"
        raw = {
            name.removeprefix(lead): value.strip()
            for name, value in request.form.items()
            if name.startswith(lead)
        }
        try:
            typed = Item().load(raw)
        except ValidationError as error:
            raise Invalid(items=f"{raw.get('code', '')}: {error.messages}") from None
        if (typed["code"] or typed["zh"] or typed["en"]) and not typed["remove"]:
            found.append(_item(typed, _picture(number) or typed["picture"]))
    order = list(shipped().sections)
    return sorted(
        found,
        key=lambda item: order.index(item["code"][:1]) if item["code"][:1] in order else len(order),
    )


def _count() -> int:
    """Return how many rows of boxes were sent."""
    told = request.form.get("count", "")
    return min(int(told), MOST) if told.isascii() and told.isdecimal() else 0


def _item(typed: dict[str, Any], picture: str) -> dict[str, Any]:
    item: dict[str, Any] = {
        "code": typed["code"], "title": {"zh": typed["zh"], "en": typed["en"]},
        "severity": typed["severity"], "place": typed["place"],
    }  # fmt: skip
    optional = {
        "basis": typed["basis"], "photo": bool(typed["photo"]), "patrol": bool(typed["patrol"]),
        "picture": picture, "applies": {name: True for name in FEATURES if typed[name]},
        "help": {"zh": typed["help_zh"], "en": typed["help_en"]} if typed["help_zh"] else None,
    }  # fmt: skip
    return item | {key: value for key, value in optional.items() if value}


def _picture(number: int) -> str:
    """Keep a picture of what is meant that came with an item; return its id."""
    sent = request.files.get(f"{number}-file")
    data = sent.read(photos.LARGEST + 1) if sent else b""
    if not data:
        return ""
    kept, _is_new = photos.keep(
        str(uuid4()), data, taken_at=None, account_id=viewer().id, now=clock.now()
    )
    return kept.id
