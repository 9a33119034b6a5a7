"""Moving in, out and about: one person with the family, or everybody of a floor."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from marshmallow import fields, validate

from tracker import pipeline
from tracker.core import clock
from tracker.core.clock import CAMPUS
from tracker.core.db import db
from tracker.core.errors import Invalid, NotFound, Stale, TrackerError
from tracker.facts import service as facts
from tracker.facts.models import Person
from tracker.housing import moving, queries, service
from tracker.housing.models import Building, Room
from tracker.web import forms
from tracker.web.access import OFFICE, roles
from tracker.web.editing import effects, saved
from tracker.web.editing.within import PERSON
from tracker.web.editing.within import person as person_of
from tracker.web.forms import asked
from tracker.web.housing import within
from tracker.web.paths import same_site

bp = Blueprint("moves", __name__)


class MoveIn(forms.Form):
    """Where to, since when; the revisions are those of everybody who moves, as they were read."""

    building = fields.Integer(required=True)
    room = fields.String(load_default="", validate=validate.Length(max=10))
    moved_in_at = forms.text(30)
    registered_on = forms.OptionalDay()
    along = fields.List(fields.Integer(), load_default=list)
    revisions = fields.List(fields.String(validate=validate.Length(max=25)), load_default=list)
    next = fields.String(load_default="")


class MoveOut(forms.Form):
    """On which day, and who."""

    on = forms.OptionalDay()
    along = fields.List(fields.Integer(), load_default=list)
    revisions = fields.List(fields.String(validate=validate.Length(max=25)), load_default=list)
    next = fields.String(load_default="")


@dataclass(frozen=True, slots=True)
class Choice:
    """A room to choose, with its free beds."""

    room: Room
    free: int


@bp.route(PERSON + "/move", methods=["GET", "POST"])
@roles(*OFFICE)
def move(person_id: int) -> ResponseReturnValue:
    """Move a person, and family that goes along, into a room."""
    person = person_of(person_id)
    if request.method == "GET":
        return _moving(person, _building(asked("building", 10)), {}, _first_typed())
    try:
        typed = forms.typed(MoveIn(), lists=("along", "revisions"))
        building = service.building(typed["building"])
        room = _room(building, typed["room"])
        at = instant(typed["moved_in_at"])
        movers = _claimed(person, typed)
        before = effects.standing(person.id, today=clock.today())
        for each in movers:
            moving.move_in(each, building, room, moved_in_at=at, by=within.actor(),
                           registered_on=typed["registered_on"], at=clock.now())  # fmt: skip
        _settle(movers, "moved in", building=building.id)
    except NotFound:
        raise
    except TrackerError as error:
        return _moving_again(person_id, error)
    changed = effects.between(before, effects.standing(person.id, today=clock.today()))
    where = f"{building.name_zh} {room.number if room else ''}".strip()
    said = ngettext("Moved into %(where)s.", "%(num)s people moved into %(where)s.", len(movers),
                    where=where)  # fmt: skip
    saved.tell(said, person, changed)
    return redirect(_back(typed["next"], person_id), 303)


@bp.route(PERSON + "/move-out", methods=["GET", "POST"])
@roles(*OFFICE)
def leave(person_id: int) -> ResponseReturnValue:
    """Record that a person moved out, and lives in none of our rooms for now."""
    person = person_of(person_id)
    if request.method == "GET":
        return _leaving(person, {}, {"on": clock.today().isoformat()})
    try:
        typed = forms.typed(MoveOut(), lists=("along", "revisions"))
        if typed["on"] is None or typed["on"] > clock.today():
            raise Invalid(on=_("Give the day they left; today at the latest."))
        movers = _claimed(person, typed)
        before = effects.standing(person.id, today=clock.today())
        for each in movers:
            moving.move_out(each, on=typed["on"], by=within.actor(), at=clock.now())
        _settle(movers, "moved out")
    except NotFound:
        raise
    except TrackerError as error:
        db.session.rollback()
        return _leaving(person_of(person_id), error.messages, request.form), error.status
    changed = effects.between(before, effects.standing(person.id, today=clock.today()))
    saved.tell(_("Moved out."), person, changed)
    return redirect(_back(typed["next"], person_id), 303)


def choices(building: Building) -> list[tuple[int, list[Choice]]]:
    """Return the rooms somebody can live in by floor, with their free beds."""
    living = queries.living_in(building.id)
    found = []
    for floor in queries.storeys(building.id):
        rooms = [
            Choice(room, room.beds - living.get(room.id, 0))
            for room in floor.rooms
            if room.use == "dwelling"
        ]
        if rooms:
            found.append((floor.level, rooms))
    return found


def instant(text: str) -> datetime:
    """Return the campus instant typed into a box; Invalid if it is none."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid(moved_in_at=_("Write day and hour like 2026-11-30 14:30.")) from None
    return at.replace(tzinfo=CAMPUS) if at.tzinfo is None else at


def _claimed(person: Person, typed: Mapping[str, Any]) -> list[Person]:
    """Hold everybody who moves; Stale if somebody changed one of them since the form was opened."""
    family = {each.id: each for each in moving.household(person)}
    movers = [person, *(family[number] for number in typed["along"] if number in family)]
    read = dict(each.partition(":")[::2] for each in typed["revisions"])
    for each in sorted(movers, key=lambda each: each.id):
        revision = read.get(str(each.id), "")
        known = revision.isascii() and revision.isdecimal() and len(revision) < 10
        facts.claim_revision(each.id, expected=int(revision) if known else 0)
    return movers


def _settle(movers: Sequence[Person], action: str, **details: object) -> None:
    today, now = clock.today(), clock.now()
    pipeline.refresh([each.id for each in movers], today=today, now=now)
    for each in movers:
        within.note_move(action, each, **details)
    db.session.commit()


def _building(text: str) -> Building | None:
    if not (text.isascii() and text.isdecimal()):
        return None
    return db.session.get(Building, min(int(text), 2**31 - 1))


def _room(building: Building, text: str) -> Room | None:
    if not text:
        return None
    room = db.session.get(Room, min(int(text), 2**31 - 1)) if text.isdecimal() else None
    if room is None or room.building_id != building.id or not room.active:
        raise Invalid(room=_("Choose one of the list."))
    return room


def _back(wanted: str, person_id: int) -> str:
    return same_site(wanted) or url_for("person.show", person_id=person_id)


def _first_typed() -> dict[str, Any]:
    now = clock.now().astimezone(CAMPUS)
    return {"moved_in_at": now.strftime("%Y-%m-%dT%H:%M"), "room": asked("room", 10)}


def _moving(
    person: Person, building: Building | None, errors: Mapping[str, list[str]],
    typed: Mapping[str, Any], along: Sequence[str] | None = None,
) -> str:  # fmt: skip
    offered = queries.buildings(active=True)
    if building is None and len(offered) == 1:
        building = offered[0]
    family = moving.household(person)
    return render_template(
        "housing/move.html", person=person, building=building, buildings=offered, errors=errors,
        typed=typed, family=family, floors=choices(building) if building else [],
        now_at=queries.stay_of(person.id), today=clock.today(),
        along=along if along is not None else [str(each.id) for each in family],
        back=_back(typed.get("next") or asked("next", 500), person.id),
    )  # fmt: skip


def _moving_again(person_id: int, error: TrackerError) -> ResponseReturnValue:
    db.session.rollback()
    person = person_of(person_id)
    building = _building(request.form.get("building", ""))
    messages = dict(error.messages)
    if isinstance(error, Stale):
        messages = {"": [_("Somebody changed one of these people meanwhile. Look once more at "
                           "what is below, then save again.")]}  # fmt: skip
    shown = _moving(person, building, messages, request.form, request.form.getlist("along"))
    return shown, error.status


def _leaving(person: Person, errors: Mapping[str, list[str]], typed: Mapping[str, Any]) -> str:
    family = [each for each in moving.household(person) if queries.stay_of(each.id)]
    return render_template(
        "housing/move_out.html", person=person, errors=errors, typed=typed, family=family,
        now_at=queries.stay_of(person.id), today=clock.today(),
        along=request.form.getlist("along"),
        back=_back(typed.get("next") or asked("next", 500), person.id),
    )  # fmt: skip
