"""A person's own particulars: enter somebody new, change or correct them, record a departure."""

from datetime import date, datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from tracker import pipeline
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Invalid, TrackerError
from tracker.facts import kinds, queries, service
from tracker.facts.models import FactVersion, Person
from tracker.web import forms, words
from tracker.web.access import OFFICE, roles, viewer
from tracker.web.editing import boxes, conflict, within
from tracker.web.editing import sheet as sheets
from tracker.web.editing.boxes import Box
from tracker.web.editing.sheet import Sheet, actor, changed_meanwhile, take

bp = Blueprint("person_edit", __name__)
#: What a unit's secretary may change: how somebody is reached.
CONTACT = ("email", "phone", "address", "language")
#: A departure has a form of its own, which shows what it ends.
PARTICULARS = tuple(name for name in kinds.KINDS["profile"].fields if name != "departed_on")
HOW = (("changed", _l("It has changed")), ("wrong", _l("It was recorded wrongly")))


@bp.route("/people/new", methods=["GET", "POST"])
@roles(*OFFICE)
def new() -> ResponseReturnValue:
    """Enter somebody new."""
    fields = _particulars()
    if request.method == "GET":
        return _new_page(fields, {"status": "active", "language": "both", "identity": "foreigner"})
    forms.refuse_nul()
    typed = boxes.raw(fields, request.form)
    try:
        person = _create(typed)
    except TrackerError as error:
        db.session.rollback()
        return _new_page(fields, typed, errors=error.messages), error.status
    if person is None:
        return _new_page(fields, typed, namesakes=_namesakes(typed)), 409
    flash(_("%(name)s is entered. Now record the passport and the permits.", name=person.name))
    return redirect(url_for("documents.choose", person_id=person.id), 303)


@bp.route(within.PERSON + "/edit", methods=["GET", "POST"])
@roles(*OFFICE, "unit_secretary")
def edit(person_id: int) -> ResponseReturnValue:
    """Change a person's particulars from a day on, or correct what was recorded wrongly."""
    person = within.person(person_id)
    current = _profile(person)
    whole = viewer().role in OFFICE
    sheet = Sheet(
        title=_("Particulars") if whole else _("How to reach this person"), kind="profile",
        boxes=_particulars() if whole else boxes.boxes_of("profile", CONTACT), person=person,
        submit=_("Save"), base=str(current.id), intro="people/_how.html", extra=_how(),
    )  # fmt: skip
    if request.method == "GET":
        sheet.typed = boxes.shown("profile", conflict.data_of(current))
        return sheet.page()
    sheet.fill()
    sheet.typed = conflict.resolved(sheet)
    if sheet.base != str(current.id):
        return _edit_stale(sheet)
    sheet.revision = person.revision
    return _edit(sheet, current)


@bp.route(within.PERSON + "/depart", methods=["GET", "POST"])
@roles(*OFFICE)
def depart(person_id: int) -> ResponseReturnValue:
    """Record that somebody has left, after showing what that ends."""
    person = within.person(person_id)
    box = Box("departed_on", words.named(words.FIELDS, "departed_on"), "date", required=True)
    sheet = Sheet(
        title=_("Record a departure"), kind="profile", boxes=[box], person=person,
        submit=_("Record the departure"), intro="people/_leaving.html",
        extra={"contracts": _running_contracts(person)},
    )  # fmt: skip
    if request.method == "GET":
        sheet.typed = {"departed_on": clock.today().isoformat()}
        return sheet.page()
    sheet.fill()

    def act(at: datetime) -> None:
        day = _departed_on(sheet.typed["departed_on"])
        service.depart(person, departed_on=day, by=actor(), at=at)

    return take(sheet, act, action="depart", said=_("Departure recorded."), stale=changed_meanwhile)


def _edit(sheet: Sheet, current: FactVersion) -> ResponseReturnValue:
    person = sheet.person
    fields = boxes.given("profile", sheet.typed)

    def act(at: datetime) -> FactVersion:
        if request.form.get("how") == "wrong":
            whole = conflict.data_of(current) | fields
            return service.correct(current, whole, by=actor(), at=at)
        since = _since(request.form.get("since", ""))
        return service.change_profile(person, fields, valid_from=since, by=actor(), at=at)

    return take(
        sheet, act, action="edit particulars", said=_("Particulars saved."), stale=_edit_stale
    )


def _edit_stale(sheet: Sheet) -> ResponseReturnValue:
    was = within.version(sheet.person.id, sheet.base)
    theirs = _profile(queries.person(sheet.person.id))
    more = {name: request.form.get(name, "") for name in ("how", "since")}
    return conflict.page(sheet, theirs, was=was, action=request.path, more=more)


def _create(typed: dict[str, str]) -> Person | None:
    """Enter somebody, unless there is a namesake and nobody said that this is another person."""
    now = clock.now()
    if _namesakes(typed) and request.form.get("another") != "yes":
        return None
    person = service.create_person(boxes.given("profile", typed), by=actor(), at=now)
    pipeline.refresh([person.id], today=clock.today(), now=now)
    sheets.record("enter person", person, now=now)
    db.session.commit()
    return person


def _namesakes(typed: dict[str, str]) -> list[Person]:
    return queries.called(typed.get("name_zh", ""), typed.get("name_en", ""))


def _new_page(
    fields: list[Box], typed: dict[str, str], *, errors: dict[str, list[str]] | None = None,
    namesakes: list[Person] | None = None,
) -> str:  # fmt: skip
    return render_template(
        "people/new.html", boxes=fields, typed=typed, errors=errors or {}, namesakes=namesakes,
        back=sheets.way_back(None),
    )  # fmt: skip


def _particulars() -> list[Box]:
    return boxes.boxes_of("profile", PARTICULARS)


def _profile(person: Person) -> FactVersion:
    return next(v for v in queries.in_force(person.id) if v.kind == "profile")


def _how() -> dict[str, object]:
    return {
        "hows": HOW, "how": request.form.get("how") or "changed",
        "since": request.form.get("since") or clock.today().isoformat(),
    }  # fmt: skip


def _since(text: str) -> date:
    try:
        return date.fromisoformat(text) if text else clock.today()
    except ValueError:
        raise Invalid(since=_("Write the day like 2026-11-30.")) from None


def _departed_on(text: str) -> date:
    if not text:
        raise Invalid(departed_on=_("This is needed."))
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Invalid(departed_on=_("Write the day like 2026-11-30.")) from None
    if day > clock.today():
        raise Invalid(
            departed_on=_("Until that day the person still has duties. Record the departure when "
                          "it has come; for now, correct the end of the contract.")
        )  # fmt: skip
    return day


def _running_contracts(person: Person) -> list[FactVersion]:
    return [v for v in queries.in_force(person.id) if v.kind == "contract"]
