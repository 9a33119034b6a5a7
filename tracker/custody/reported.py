"""What cabinets report: kept once, put in its place in time, and never lost. Flushes only."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from tracker.core.clock import campus_day
from tracker.core.db import db
from tracker.core.errors import Conflict, NotFound
from tracker.core.i18n import gettext as _
from tracker.custody import ordering, service
from tracker.custody.models import Cabinet, CustodyEvent, CustodyItem
from tracker.custody.names import LODGED
from tracker.facts.models import FactVersion
from tracker.facts.queries import person_for_change

#: An event that is kept now, that was kept before, whose name was used for something else, or of a
#: document nobody knows.
STATES = ("kept", "known", "differs", "unknown_item")


@dataclass(frozen=True, slots=True)
class Reported:
    """One event as a cabinet tells it."""

    uid: str
    sequence: int
    at: datetime
    action: str
    document: str
    holder: str | None = None
    to_whom: str = ""
    reason: str = ""
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of each event, by its own name, and of whom something changed."""

    states: Mapping[str, str]
    person_ids: Sequence[int]
    #: How many seconds the cabinet's clock is behind ours; minus: ahead.
    clock_off: int


def take_down(
    cabinet_id: int, events: Sequence[Reported], *, sent_at: datetime, now: datetime, days: int
) -> Outcome:
    """Keep what a cabinet reports. `days`: until when something taken out is due, if not told.

    One message after the other: who sends at the same moment waits.
    """
    cabinet = db.session.get(
        Cabinet, cabinet_id, populate_existing=True, with_for_update={"of": Cabinet}
    )
    if cabinet is None:
        raise NotFound(_("There is no such cabinet."))
    off = ordering.skew(sent_at, now)
    cabinet.heard_at, cabinet.clock_off = now, int(off.total_seconds())
    states: dict[str, str] = {}
    touched: dict[int, int] = {}
    for told in sorted(events, key=lambda each: each.sequence):
        state, event = _one(cabinet, told, off, now, days)
        states.setdefault(told.uid, state)
        if state == "kept" and event.item is not None:
            touched[event.item.id] = event.item.person_id
    service.settle(touched)
    return Outcome(states, sorted(set(touched.values())), cabinet.clock_off)


def assign(event_id: int, item: CustodyItem, *, by: str, at: datetime) -> CustodyEvent:
    """Say which document an unknown one was; all that was said of the same number follows."""
    event = _unknown(event_id)
    for each in _alike(event):
        each.item_id, each.resolved_at, each.resolved_by = item.id, at, by
    service.settle([item.id])
    return event


def set_aside(event_id: int, resolution: str, *, by: str, at: datetime) -> CustodyEvent:
    """Say that an unknown document is none of ours, and what it was."""
    event = _unknown(event_id)
    for each in _alike(event):
        each.resolved_at, each.resolved_by, each.resolution = at, by, resolution
    db.session.flush()
    return event


def find_item(number: str) -> CustodyItem | None:
    """Return the register's entry of a document by its number or that on its sleeve.

    A document in force that was never here gets an entry; None if it is nobody's, or of several.
    """
    number = service.normal(number)
    tagged = db.session.scalar(sa.select(CustodyItem).filter_by(tag=number)) if number else None
    if tagged is not None:
        return tagged
    found = db.session.execute(
        sa.select(FactVersion.person_id, FactVersion.kind, FactVersion.document_no)
        .where(
            FactVersion.kind.in_(LODGED), FactVersion.number == number,
            FactVersion.withdrawn_at.is_(None),
        )
        .order_by(FactVersion.valid_to.is_not(None), FactVersion.id.desc())
    ).all()  # fmt: skip
    documents = {(row.person_id, f"{row.kind}/{row.document_no}") for row in found}
    if len(documents) != 1:
        return None
    person_id, ref = documents.pop()
    person_for_change(person_id)
    return service.item_for(person_id, ref)


def _one(
    cabinet: Cabinet, told: Reported, off: timedelta, now: datetime, days: int
) -> tuple[str, CustodyEvent]:
    source, digest = f"cabinet:{cabinet.id}", _digest(told)
    known = db.session.scalar(sa.select(CustodyEvent).filter_by(source=source, uid=told.uid))
    if known is not None:
        return ("known" if known.digest == digest else "differs"), known
    item = find_item(told.document)
    at = ordering.happened_at(told.at, off, _between(cabinet, told.sequence, now))
    event = CustodyEvent(
        source=source, uid=told.uid, digest=digest, item=item, kind=told.action,
        document=told.document[:60], cabinet_id=cabinet.id, sequence=told.sequence, at=at,
        device_at=told.at, received_at=now, by=source, reason=told.reason, to_whom=told.to_whom,
        **_out(told, item, campus_day(at), days),
    )  # fmt: skip
    db.session.add(event)
    db.session.flush()
    return ("kept" if item is not None else "unknown_item"), event


def _out(told: Reported, item: CustodyItem | None, on: date, days: int) -> dict[str, Any]:
    """Return what goes with taking out; a cabinet that says no day has the office's usual one."""
    if told.action != "out":
        return {}
    return {"holder": told.holder or "person", "due_on": told.due_on or on + timedelta(days=days)}


def _between(cabinet: Cabinet, sequence: int, now: datetime) -> ordering.Between:
    """Return between which instants an event must lie, from those with other numbers.

    A number seen before says that the counter began anew: then the clock alone is asked.
    """
    mine = sa.select(CustodyEvent).filter_by(cabinet_id=cabinet.id, source=f"cabinet:{cabinet.id}")
    twin = db.session.scalar(mine.filter_by(sequence=sequence).limit(1))
    if twin is not None:
        return ordering.Between(cabinet.made_at, now)
    number = CustodyEvent.sequence
    before = db.session.scalar(mine.where(number < sequence).order_by(number.desc()).limit(1))
    after = db.session.scalar(mine.where(number > sequence).order_by(number).limit(1))
    earliest = before.at if before else cabinet.made_at
    return ordering.Between(earliest, max(earliest, after.at if after else now))


def _digest(told: Reported) -> str:
    content = [told.sequence, told.at.isoformat(), told.action, told.document, told.holder,
               told.to_whom, told.reason, told.due_on and told.due_on.isoformat()]  # fmt: skip
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def _unknown(event_id: int) -> CustodyEvent:
    event = db.session.get(
        CustodyEvent, event_id, populate_existing=True, with_for_update={"of": CustodyEvent}
    )
    if event is None or not event.document:
        raise NotFound(_("There is no such report."))
    if event.item_id is not None or event.resolved_at is not None:
        raise Conflict(_("Somebody has dealt with it meanwhile."))
    return event


def _alike(event: CustodyEvent) -> Sequence[CustodyEvent]:
    return db.session.scalars(
        sa.select(CustodyEvent).where(
            CustodyEvent.document == event.document, CustodyEvent.item_id.is_(None),
            CustodyEvent.resolved_at.is_(None),
        )
    ).all()  # fmt: skip
