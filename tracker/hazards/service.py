"""Hazards come in: found, seen again, and looked at again on the spot. Flushes only.

What is done about them is in moving.py. What is told here is never refused for what it says:
phones tell it long after it happened, and nothing may be lost.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from tracker.core.clock import campus_day
from tracker.core.db import db
from tracker.core.errors import Invalid, NotFound
from tracker.core.i18n import gettext as _
from tracker.hazards import moving, numbers, owners, states
from tracker.hazards.models import Hazard, HazardEvent
from tracker.hazards.record import Deed, note, required
from tracker.hazards.settings import office
from tracker.housing.models import Building, Room


def found(
    *, key: str, building_id: int, room_id: int | None, item: str | None, text: str, grade: str,
    found_at: datetime, by: int | None, inspection: str | None = None,
    photos: Sequence[str] = (), now: datetime, kind: str | None = None,
) -> Hazard:  # fmt: skip
    """Record what was found wrong; the same `key` again returns the first hazard.

    A hazard that is open at the same point (building, room, check item) is seen again, not made
    twice. The same as one closed not long before is one grade worse. `kind`: what it is about
    (states.KINDS) where no check item tells.
    """
    if known := _known(key):
        return known
    if grade not in states.GRADES:
        raise Invalid(grade=_("Choose one of the list."))
    building = _locked(building_id, room_id)
    # Looked for once more: whoever held the lock may have told the same.
    if known := _known(key):
        return known
    deed = Deed(by, found_at, now, required("text", text, _("Say what is wrong."))[:1000],
                tuple(photos))  # fmt: skip
    if item and (open_one := _open_at(building_id, room_id, item)):
        note(open_one, "sighted", deed, key=key, data={"inspection": inspection})
        if states.graver(open_one.grade, grade) != open_one.grade:
            moving.regrade(open_one, grade, deed, why="seen")
        return open_one
    before = _closed_lately(building_id, room_id, item, found_at) if item else None
    hazard = _new(key, building, room_id, item, kind, grade, deed, inspection)
    if before is not None:
        hazard.repeat_of = before.id
        moving.regrade(hazard, states.raised(grade), deed, why="repeat", number=before.number)
    return hazard


def review(
    hazard: Hazard, verdict: str, *, at: datetime, by: int | None, note: str = "",
    photos: Sequence[str] = (), now: datetime,
) -> Hazard:  # fmt: skip
    """Record what somebody saw at the place: `fixed` or `still`.

    Of one said to be done it is the re-inspection. Else "fixed" closes it, but a major one that
    nobody ordered waits for a re-inspection first; "still" is a sighting, and reopens a closed one.
    """
    deed = Deed(by, at, now, note, tuple(photos))
    if verdict == "fixed":
        if not hazard.closed:
            moving.seen_fixed(hazard, deed)
    elif verdict == "still":
        moving.seen_still(hazard, deed)
    else:
        raise Invalid(verdict=_("Choose one of the list."))
    return hazard


def get(hazard_id: int) -> Hazard:
    """Return a hazard; NotFound if there is none."""
    found = db.session.get(Hazard, hazard_id)
    if found is None:
        raise NotFound
    return found


def _known(key: str) -> Hazard | None:
    """Return the hazard that was told under a key, be it one that was open then."""
    seen = sa.select(HazardEvent.hazard_id).where(HazardEvent.key == key)
    return db.session.scalar(
        sa.select(Hazard).where(sa.or_(Hazard.key == key, Hazard.id.in_(seen)))
    )


def _locked(building_id: int, room_id: int | None) -> Building:
    """Return the building, kept from others who find something there at the same time."""
    building = db.session.scalar(
        sa.select(Building).where(Building.id == building_id).with_for_update(
            key_share=True, of=Building
        )
    )  # fmt: skip
    if building is None:
        raise Invalid(building_id=_("There is no such building."))
    room = None if room_id is None else db.session.get(Room, room_id)
    if room_id is not None and (room is None or room.building_id != building_id):
        raise Invalid(room_id=_("There is no such room in this building."))
    return building


def _at(building_id: int, room_id: int | None, item: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (Hazard.building_id == building_id, Hazard.room_id.is_not_distinct_from(room_id),
            Hazard.item == item)  # fmt: skip


def _open_at(building_id: int, room_id: int | None, item: str) -> Hazard | None:
    return db.session.scalar(
        sa.select(Hazard)
        .where(*_at(building_id, room_id, item), Hazard.state != "closed")
        .order_by(Hazard.id.desc())
        .limit(1)
    )


def _closed_lately(
    building_id: int, room_id: int | None, item: str, found_at: datetime
) -> Hazard | None:
    """Return the hazard of this point that was closed at most so many days before."""
    before = db.session.scalar(
        sa.select(Hazard)
        .where(*_at(building_id, room_id, item), Hazard.closed_at <= found_at)
        .order_by(Hazard.closed_at.desc())
        .limit(1)
    )
    if before is None or before.closed_at is None:
        return None
    longest = timedelta(days=office().repeat_within_days)
    return before if campus_day(found_at) - campus_day(before.closed_at) <= longest else None


def _new(
    key: str, building: Building, room_id: int | None, item: str | None, kind: str | None,
    grade: str, deed: Deed, inspection: str | None,
) -> Hazard:  # fmt: skip
    year = campus_day(deed.at).year
    hazard = Hazard(
        key=key, year=year, serial=numbers.next_of(year), building_id=building.id,
        room_id=room_id, item=item, kind=states.kind_of(item, kind), text=deed.note, grade=grade,
        graded_at=deed.at, state="found", state_at=deed.at, found_at=deed.at, found_by=deed.by,
        inspection=inspection, owner_id=owners.fallback(building),
        # Until it is counted (dates.py) it is due on the day it was found.
        next_on=campus_day(deed.at),
    )  # fmt: skip
    db.session.add(hazard)
    db.session.flush()
    note(hazard, "found", deed, data={"grade": grade, "inspection": inspection})
    return hazard
