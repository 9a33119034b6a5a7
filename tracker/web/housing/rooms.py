"""Rooms: many at once by their numbers or from a list, one changed, one taken out of use."""

import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from marshmallow import fields, validate

from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Invalid, NotFound, TrackerError
from tracker.hazards.models import Hazard
from tracker.housing import moving, numbers, queries, room_list, service, stays
from tracker.housing.models import USES, Building, Room, Stay
from tracker.roster.reader import open_roster
from tracker.web import forms
from tracker.web.access import OFFICE, roles, viewer
from tracker.web.forms import asked
from tracker.web.housing import within
from tracker.web.housing.within import BUILDING, ROOM
from tracker.web.safety import INSPECTORS, LOOKERS

bp = Blueprint("rooms", __name__)
LARGEST = 5 * 1024 * 1024
_WHOLE: dict[str, Any] = {
    "invalid": [_l("Write a whole number.")],
    "required": [_l("Write a whole number.")],
}


class Many(forms.Form):
    """Rooms of one kind by their numbers; without a floor each goes to that of its number."""

    numbers = forms.text(4_000)
    level = fields.String(load_default="", validate=validate.Length(max=5))
    use = fields.String(
        required=True, validate=validate.OneOf(USES, error=_l("Choose one of the list."))
    )
    beds = fields.Integer(load_default=1, error_messages=_WHOLE)
    revision = fields.Integer(required=True)


class One(forms.Form):
    """What is known of one room."""

    number = forms.text(numbers.LONGEST)
    level = fields.Integer(required=True, error_messages=_WHOLE)
    use = fields.String(
        required=True, validate=validate.OneOf(USES, error=_l("Choose one of the list."))
    )
    beds = fields.Integer(load_default=1, error_messages=_WHOLE)
    active = fields.String(load_default="")
    revision = fields.Integer(required=True)


class Listing(forms.Form):
    """The rows of a list that was looked through: number, floor, use and beds of each."""

    rows = fields.String(required=True, validate=validate.Length(max=400_000))
    revision = fields.Integer(required=True)


@bp.route(BUILDING + "/rooms/add", methods=["GET", "POST"])
@roles(*OFFICE)
def add(building_id: int) -> ResponseReturnValue:
    """Add many rooms by their numbers."""
    found = service.building(building_id)
    if request.method == "GET":
        return _adding(found, {}, {"use": "dwelling", "beds": "1", "level": asked("level", 5)})
    try:
        typed = forms.typed(Many())
        found = service.claim(building_id, expected=typed["revision"])
        made = _add(found, typed)
        within.note("rooms added", found, rooms=made)
        within.settle(found, stays.placed_again(found))
    except NotFound:
        raise
    except TrackerError as error:
        db.session.rollback()
        shown = _adding(service.building(building_id), error.messages, request.form)
        return shown, error.status
    flash(ngettext("%(num)s room added.", "%(num)s rooms added.", made))
    return redirect(url_for("building.show", building_id=building_id), 303)


@bp.route(BUILDING + "/rooms/import", methods=["GET", "POST"])
@roles(*OFFICE)
def read_list(building_id: int) -> ResponseReturnValue:
    """Look through a list of rooms and show what it would add; nothing is changed yet."""
    found = service.building(building_id)
    if request.method == "GET":
        return _reading(found, {}, None)
    try:
        return _reading(found, {}, room_list.read(_sent_rows(), known=_known(found)))
    except TrackerError as error:
        return _reading(found, error.messages, None), error.status


@bp.post(BUILDING + "/rooms/import/apply")
@roles(*OFFICE)
def take_list(building_id: int) -> ResponseReturnValue:
    """Add the rooms of a list that was looked through."""
    found = service.building(building_id)
    try:
        typed = forms.typed(Listing())
        lines = [line.split("\t") for line in typed["rows"].splitlines()]
        headings = (0, ("number", "level", "use", "beds"))
        rows = [headings, *((number, line) for number, line in enumerate(lines, start=1))]
        found = service.claim(building_id, expected=typed["revision"])
        reading = room_list.read(rows, known=_known(found))
        for (level, use, beds), listed in _alike(reading.rooms).items():
            service.add_rooms(found, listed, level=level, use=use, beds=beds)
        within.note("rooms added", found, rooms=len(reading.rooms))
        within.settle(found, stays.placed_again(found))
    except NotFound:
        raise
    except TrackerError as error:
        db.session.rollback()
        return _reading(service.building(building_id), error.messages, None), error.status
    count = len(reading.rooms)
    flash(ngettext("%(num)s room added.", "%(num)s rooms added.", count))
    return redirect(url_for("building.show", building_id=building_id), 303)


@bp.get(ROOM)
@roles(*LOOKERS)
def show(room_id: int) -> ResponseReturnValue:
    """Show a room, and to the office the form to change it."""
    return _room(service.room(room_id), {}, None)


@bp.post(ROOM)
@roles(*OFFICE)
def change(room_id: int) -> ResponseReturnValue:
    """Change a room; whoever lives in it moves along with its number."""
    found = service.room(room_id)
    try:
        typed = forms.typed(One())
        building = service.claim(found.building_id, expected=typed.pop("revision"))
        typed["active"] = bool(typed["active"])
        moved = []
        if numbers.tidy(typed["number"]) != found.number:
            moved = moving.renumber(found, numbers.tidy(typed["number"]), by=within.actor(),
                                    at=clock.now())  # fmt: skip
        service.change_room(found, **typed)
        within.note("room changed", building, room=found.id, active=found.active)
        within.settle(building, sorted({*moved, *stays.placed_again(building)}))
    except NotFound:
        raise
    except TrackerError as error:
        db.session.rollback()
        return _room(service.room(room_id), error.messages, request.form), error.status
    flash(_("Saved."))
    return redirect(url_for("rooms.show", room_id=room_id), 303)


@bp.post(ROOM + "/door")
@roles(*OFFICE)
def renew_door(room_id: int) -> ResponseReturnValue:
    """Give a door a new code; the one that hangs there ends."""
    found = service.room(room_id)
    service.renew_token(found)
    within.note("door code renewed", found.building, room=found.id)
    within.settle(found.building, [])
    flash(_("The door has a new code. Print it and hang it up; the old one no longer works."))
    return redirect(url_for("rooms.show", room_id=room_id), 303)


def _add(found: Building, typed: Mapping[str, Any]) -> int:
    by_level: dict[int, list[str]] = defaultdict(list)
    expanded = numbers.expand(typed["numbers"])
    for number in expanded:
        by_level[_level(typed["level"], number)].append(number)
    for level, own in by_level.items():
        service.add_rooms(found, own, level=level, use=typed["use"], beds=typed["beds"])
    return len(expanded)


def _level(text: str, number: str) -> int:
    level = numbers.level_of(number)
    if text:
        body = text.removeprefix("-")
        level = int(text) if body.isascii() and body.isdecimal() else None
    if level is None:
        raise Invalid(level=_("Say on which floor “%(number)s” is.", number=number))
    return level


def _alike(rooms: Sequence[room_list.Listed]) -> dict[tuple[int, str, int], list[str]]:
    found: dict[tuple[int, str, int], list[str]] = defaultdict(list)
    for each in rooms:
        found[each.level, each.use, max(each.beds, 1)].append(each.number)
    return found


def _known(found: Building) -> set[str]:
    return set(db.session.scalars(sa.select(Room.key).where(Room.building_id == found.id)))


def _sent_rows() -> Iterator[tuple[int, Sequence[object]]]:
    """Return the rows of the first sheet of the file that was sent."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise Invalid(file=_("Choose a file first."))
    with tempfile.TemporaryDirectory(prefix="tracker-rooms-") as folder:
        path = Path(folder) / "rooms"
        content = sent.stream.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise Invalid(file=_("The file is larger than %(most)s MB.", most=5))
        path.write_bytes(content)
        try:
            sheet = open_roster(path).sheets[0]
            yield from [(row.number, row.cells) for row in sheet.rows()]
        except Invalid as error:
            raise Invalid(file=" ".join(error.lines())) from None


def _adding(found: Building, errors: Mapping[str, list[str]], typed: Mapping[str, Any]) -> str:
    return render_template(
        "housing/rooms_add.html", building=found, errors=errors, typed=typed, uses=USES,
        empty=not queries.storeys(found.id, active=False),
    )  # fmt: skip


def _reading(
    found: Building, errors: Mapping[str, list[str]], reading: room_list.Reading | None
) -> str:
    rows = [
        f"{each.number}\t{each.level}\t{each.use}\t{each.beds}"
        for each in (reading.rooms if reading else ())
    ]
    return render_template(
        "housing/rooms_import.html", building=found, errors=errors, reading=reading,
        rows="\n".join(rows), floors=_by_floor(reading.rooms if reading else ()),
    )  # fmt: skip


def _by_floor(rooms: Sequence[room_list.Listed]) -> dict[int, list[room_list.Listed]]:
    found: dict[int, list[room_list.Listed]] = defaultdict(list)
    for each in rooms:
        found[each.level].append(each)
    return dict(sorted(found.items(), reverse=True))


def _room(found: Room, errors: Mapping[str, list[str]], typed: Mapping[str, Any] | None) -> str:
    account = viewer()
    living = sa.select(Stay).where(Stay.room_id == found.id, Stay.lives)
    wrong = sa.select(Hazard).where(Hazard.room_id == found.id, Hazard.state != "closed")
    return render_template(
        "housing/room.html", room=found, building=found.building, errors=errors, uses=USES,
        typed=typed or _as_typed(found), may_change=account.role in OFFICE,
        hazards=db.session.scalars(wrong.order_by(Hazard.next_on, Hazard.id)).all(),
        may_inspect=account.role in INSPECTORS,
        sees_people=account.role != "inspector", now=clock.now(), today=clock.today(),
        stays=db.session.scalars(
            living.options(sa.orm.joinedload(Stay.person)).order_by(Stay.person_id)
        ).all(),
    )  # fmt: skip


def _as_typed(found: Room) -> dict[str, Any]:
    return {
        "number": found.number, "level": found.floor.level, "use": found.use,
        "beds": found.beds or 1, "active": "yes" if found.active else "",
    }  # fmt: skip
