"""Move everybody of a floor that is closed, each into a room that is free."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from marshmallow import fields, validate

from tracker import pipeline
from tracker.core import clock
from tracker.core.clock import CAMPUS
from tracker.core.db import db
from tracker.core.errors import Invalid, NotFound, Stale, TrackerError
from tracker.facts import queries as people
from tracker.facts import service as facts
from tracker.housing import moving, queries, service
from tracker.housing.models import Building, Room, Stay
from tracker.web import forms
from tracker.web.access import OFFICE, roles
from tracker.web.forms import asked
from tracker.web.housing import within
from tracker.web.housing.moves import Choice, choices, instant
from tracker.web.housing.within import BUILDING

bp = Blueprint("floor_moves", __name__)


class Moves(forms.Form):
    """Who goes into which room; the revisions are those that were read."""

    level = fields.Integer(required=True)
    to = fields.Integer(required=True)
    moved_in_at = forms.text(30)
    rooms = fields.List(fields.String(validate=validate.Length(max=25)), load_default=list)
    revisions = fields.List(fields.String(validate=validate.Length(max=25)), load_default=list)


@dataclass(frozen=True, slots=True)
class Mover:
    """Somebody of the floor, and the room proposed."""

    stay: Stay
    room_id: int | None


@bp.get(BUILDING + "/move")
@roles(*OFFICE)
def choose(building_id: int) -> ResponseReturnValue:
    """Propose a new room for everybody of a floor."""
    found = service.building(building_id)
    level, target = _number(asked("level", 5)), _number(asked("to", 10))
    now = clock.now().astimezone(CAMPUS).strftime("%Y-%m-%dT%H:%M")
    return _page(found, level, service.building(target) if target else found,
                 {}, {"moved_in_at": now})  # fmt: skip


@bp.post(BUILDING + "/move")
@roles(*OFFICE)
def move(building_id: int) -> ResponseReturnValue:
    """Move those for whom a room was chosen, all or none."""
    found = service.building(building_id)
    try:
        typed = forms.typed(Moves(), lists=("rooms", "revisions"))
        wanted = _pairs(typed["rooms"])
        if not wanted:
            raise Invalid(_("Choose a room for somebody first."))
        target = service.building(typed["to"])
        rooms = {each.room.id: each.room for _, own in choices(target) for each in own}
        _move(wanted, _pairs(typed["revisions"]), rooms, target, instant(typed["moved_in_at"]))
        within.note("floor moved", found, people=len(wanted), level=typed["level"], to=target.id)
        db.session.commit()
    except NotFound:
        raise
    except TrackerError as error:
        return _again(building_id, error)
    count = len(wanted)
    flash(ngettext("%(num)s person moved.", "%(num)s people moved.", count))
    return redirect(url_for("building.show", building_id=target.id), 303)


def _move(
    wanted: Mapping[int, int], revisions: Mapping[int, int], rooms: Mapping[int, Room],
    target: Building, at: Any,
) -> None:  # fmt: skip
    now = clock.now()
    for person_id, room_id in sorted(wanted.items()):
        if room_id not in rooms:
            raise Invalid(_("One of the rooms is no longer there. Choose again."))
        facts.claim_revision(person_id, expected=revisions.get(person_id, 0))
        moving.move_in(people.person(person_id), target, rooms[room_id], moved_in_at=at,
                       by=within.actor(), at=now)  # fmt: skip
    pipeline.refresh(sorted(wanted), today=clock.today(), now=now)


def propose(
    stays: Sequence[Stay], free: Sequence[tuple[int, Sequence[Choice]]]
) -> dict[int, int]:  # fmt: skip
    """Return a room for each person: room mates together where that many beds are free."""
    beds = {each.room.id: each.free for _, own in free for each in own if each.free > 0}
    mates: dict[int, list[int]] = defaultdict(list)
    for stay in stays:
        mates[stay.room_id or 0].append(stay.person_id)
    found: dict[int, int] = {}
    for own in sorted(mates.values(), key=len, reverse=True):
        enough = [room_id for room_id, left in beds.items() if left >= len(own)]
        for person_id in own:
            left = enough[:1] or [room_id for room_id, count in beds.items() if count > 0]
            if left:
                found[person_id] = left[0]
                beds[left[0]] -= 1
    return found


def _page(
    found: Building, level: int | None, target: Building, errors: Mapping[str, list[str]],
    typed: Mapping[str, Any],
) -> str:  # fmt: skip
    floors = queries.storeys(found.id, active=False)
    of_room = {room.id: floor.level for floor in floors for room in floor.rooms}
    residents = [stay for stay in queries.residents(found.id) if stay.room_id in of_room]
    levels = sorted({of_room[stay.room_id or 0] for stay in residents}, reverse=True)
    level = level if level in levels else (levels[0] if levels else None)
    going = [stay for stay in residents if of_room[stay.room_id or 0] == level]
    free = [
        (storey, own) for storey, own in choices(target) if target.id != found.id or storey != level
    ]
    proposed = propose(going, free)
    return render_template(
        "housing/floor_move.html", building=found, target=target, level=level, levels=levels,
        buildings=queries.buildings(active=True), floors=free, errors=errors, typed=typed,
        rows=[Mover(stay, proposed.get(stay.person_id)) for stay in going],
        homeless=len(going) - len(proposed),
    )  # fmt: skip


def _again(building_id: int, error: TrackerError) -> ResponseReturnValue:
    db.session.rollback()
    messages = dict(error.messages)
    if isinstance(error, Stale):
        messages = {"": [_("Somebody changed one of these people meanwhile. Look once more at "
                           "what is below, then save again.")]}  # fmt: skip
    found = service.building(building_id)
    target = _number(request.form.get("to", ""))
    level = _number(request.form.get("level", ""))
    shown = _page(found, level, service.building(target) if target else found, messages,
                  request.form)  # fmt: skip
    return shown, error.status


def _pairs(texts: Sequence[str]) -> dict[int, int]:
    parted = (text.partition(":") for text in texts if text)
    return {
        int(first): int(second)
        for first, _, second in parted
        if first.isdecimal() and second.isdecimal() and max(len(first), len(second)) < 10
    }


def _number(text: str) -> int | None:
    body = text.removeprefix("-")
    return int(text) if body.isascii() and body.isdecimal() and len(body) < 10 else None
