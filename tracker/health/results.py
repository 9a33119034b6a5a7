"""Rounds of a person: booked, done, moved, certified; and who is exempt. Flushes only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from tracker.core.clock import campus_day
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid, NotFound
from tracker.core.i18n import gettext as _
from tracker.files import service as files
from tracker.health import consents, retention
from tracker.health.models import RESULTS, HealthExemption, HealthRound, HealthSchedule
from tracker.health.standing import rhythm_of

#: Under which a certificate is filed among the files; no other page finds it.
SHELF = "health"


@dataclass(frozen=True, slots=True)
class Booking:
    """When and where a person is to be examined; `due_on` moves the day of the round."""

    at: datetime | None = None
    place: str = ""
    note: str = ""
    due_on: date | None = None


def of_person(person_id: int) -> list[HealthRound]:
    """Return the recorded rounds of a person that may be read, the newest first.

    Those whose consent was withdrawn are hidden until they are deleted.
    """
    return list(
        db.session.scalars(
            sa.select(HealthRound)
            .where(HealthRound.person_id == person_id, HealthRound.purge_on.is_(None))
            .order_by(HealthRound.schedule_id.desc(), HealthRound.number.desc())
        )
    )


def exemptions(person_id: int) -> list[HealthExemption]:
    """Return the exemptions of a person, the newest first."""
    return list(
        db.session.scalars(
            sa.select(HealthExemption)
            .filter_by(person_id=person_id)
            .order_by(HealthExemption.id.desc())
        )
    )


def book(
    schedule: HealthSchedule, number: int, person_id: int, booking: Booking, *, by: str,
    at: datetime,
) -> HealthRound:  # fmt: skip
    """Note when and where a person is to be examined, or another day for the round."""
    if booking.due_on and booking.due_on > schedule.ends_on:
        raise Invalid(due_on=_("The schedule has ended by then."))
    row = _row(schedule, number, person_id, by=by, at=at)
    row.booked_at, row.place, row.note = booking.at, booking.place, booking.note
    row.due_on = booking.due_on
    db.session.flush()
    return row


def record(
    schedule: HealthSchedule, number: int, person_id: int, *, done_on: date, result: str,
    by: str, at: datetime,
) -> HealthRound:  # fmt: skip
    """Note the day and the result of an examination; Conflict without ground to keep it."""
    if result not in RESULTS:
        raise Invalid(result=_("Choose one of the list."))
    if done_on > campus_day(at):
        raise Invalid(done_on=_("This day has not come yet."))
    _require_ground(schedule, person_id)
    row = _row(schedule, number, person_id, by=by, at=at)
    row.done_on, row.result = done_on, result
    db.session.flush()
    return row


def record_many(
    schedule: HealthSchedule, number: int, told: Mapping[int, tuple[date, str]], *, by: str,
    at: datetime,
) -> dict[int, str]:  # fmt: skip
    """Note the day and the result of many at once, by person; return why some were refused."""
    refused: dict[int, str] = {}
    if rhythm_of(schedule).round(number) is None:
        raise NotFound(_("There is no such round."))
    known = {row.person_id: row for row in _rows_of(schedule.id, number, list(told))}
    consented = set(told) if schedule.by_law else consents.given(list(told))
    for person_id, (done_on, result) in told.items():
        row = known.get(person_id)
        if result not in RESULTS:
            refused[person_id] = _("Choose one of the list.")
        elif done_on > campus_day(at):
            refused[person_id] = _("This day has not come yet.")
        elif person_id not in consented or (row is not None and row.purge_on is not None):
            refused[person_id] = _("There is no consent in force.")
        elif row is None:
            db.session.add(
                HealthRound(
                    schedule_id=schedule.id, number=number, person_id=person_id, done_on=done_on,
                    result=result, recorded_at=at, recorded_by=by,
                )
            )  # fmt: skip
        else:
            row.done_on, row.result = done_on, result
            row.recorded_at, row.recorded_by = at, by
    db.session.flush()
    return refused


def clear(row: HealthRound, *, at: datetime, by: str) -> list[str]:
    """Forget what was recorded of a round by mistake; return the files to drop afterwards."""
    dropped = retention.without_file(row, by=by, at=at)
    db.session.delete(row)
    db.session.flush()
    return dropped


def certify(
    row: HealthRound, data: bytes, *, title: str, by: str, at: datetime, written: list[str]
) -> list[str]:
    """Keep the certificate of a round; return the files it replaces, to drop afterwards."""
    _require_ground(row.schedule, row.person_id)
    before = row.attachment
    row.attachment = files.add(
        row.person_id, data, title=title, fact_ref=None, by=by, at=at, written=written, shelf=SHELF
    )
    row.recorded_at, row.recorded_by = at, by
    db.session.flush()
    if before is None or before is row.attachment or before.removed_at is not None:
        return []
    return [files.remove(before, by=by, at=at)]


def exempt(
    person_id: int, *, schedule: HealthSchedule | None, ground: str, from_on: date, until_on: date,
    by: str, at: datetime,
) -> HealthExemption:  # fmt: skip
    """Ask a person for nothing from a day to another, by one schedule or by any."""
    if until_on < from_on:
        raise Invalid(until_on=_("This is before %(day)s, the day it begins.",
                                 day=from_on.isoformat()))  # fmt: skip
    if not ground.strip():
        raise Invalid(ground=_("Say why."))
    made = HealthExemption(
        person_id=person_id, schedule_id=schedule.id if schedule else None, ground=ground.strip(),
        from_on=from_on, until_on=until_on, recorded_at=at, recorded_by=by,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


def end_exemption(exemption_id: int, person_id: int) -> None:
    """Take an exemption away as if it had never been."""
    found = db.session.get(HealthExemption, exemption_id)
    if found is None or found.person_id != person_id:
        raise NotFound(_("There is no such exemption."))
    db.session.delete(found)
    db.session.flush()


def of_round(schedule_id: int, number: int, person_ids: Sequence[int]) -> dict[int, HealthRound]:
    """Return what is recorded of a round of these persons and may be read, by person."""
    rows = _rows_of(schedule_id, number, person_ids)
    return {row.person_id: row for row in rows if row.purge_on is None}


def _rows_of(schedule_id: int, number: int, person_ids: Sequence[int]) -> Sequence[HealthRound]:
    return db.session.scalars(
        sa.select(HealthRound).where(
            HealthRound.schedule_id == schedule_id, HealthRound.number == number,
            HealthRound.person_id.in_(person_ids),
        )
    ).all()  # fmt: skip


def _row(
    schedule: HealthSchedule, number: int, person_id: int, *, by: str, at: datetime
) -> HealthRound:
    if rhythm_of(schedule).round(number) is None:
        raise NotFound(_("There is no such round."))
    row = db.session.scalar(
        sa.select(HealthRound).filter_by(
            schedule_id=schedule.id, number=number, person_id=person_id
        )
    )
    if row is None:
        row = HealthRound(schedule_id=schedule.id, number=number, person_id=person_id)
        db.session.add(row)
    elif row.purge_on is not None:
        raise Conflict(
            _("The consent was withdrawn, and what it covered waits for its deletion.")
        )  # fmt: skip
    row.recorded_at, row.recorded_by = at, by
    return row


def _require_ground(schedule: HealthSchedule, person_id: int) -> None:
    if schedule.by_law or consents.standing(person_id) is not None:
        return
    raise Conflict(
        _("There is no consent in force. Ask for it, or record the one signed on paper, first.")
    )
