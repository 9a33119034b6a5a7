"""The whole product on one page: facts -> obligations -> reminders -> outbox."""

import os
import secrets
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from tracker.accounts import audit
from tracker.cases import opening
from tracker.cases import plans as cases
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Invalid
from tracker.facts import papers
from tracker.hazards import duties, owners
from tracker.housing import stays
from tracker.obligations import book, places, windows
from tracker.obligations import service as obligations
from tracker.obligations.newcomers import Owed
from tracker.outbox import delivery, holds, instance, queue
from tracker.outbox.models import Hold
from tracker.reminders import compose, decisions, plan, recipients, service, withdrawal
from tracker.reminders.plan import Planned
from tracker.rules.counting import add_months
from tracker.whereabouts import keeping

NOTHING = Planned()
_OWN = secrets.token_hex(4)
#: Told facts that change while we plan make PostgreSQL ask for another go.
TRIES = 5
_AGAIN = {"40001", "40P01"}
_RECHECK = delivery.Recheck(
    withdrawal.STILL_SO, lambda connection, letter_id: withdrawal.give_back(connection, [letter_id])
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run did, in letters, but for `planned` and `superseded`: those are reminders.

    `deferred` are those to be tried again, be it because nobody knows whether they arrived.
    """

    planned: int
    accepted: int
    deferred: int
    refused: int
    held: int
    superseded: int

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))


def refresh(person_ids: Sequence[int], *, today: date, now: datetime) -> None:
    """Bring everything derived in step with the facts of these persons. Flushes only."""
    papers.project(person_ids)
    stays.project(person_ids)
    person_ids = [*person_ids, *sorted(set(cases.sponsors(person_ids)) - set(person_ids))]
    changed = obligations.sync(person_ids, today=today, now=now)
    if changed:
        withdrawal.retract(changed, now=now)


def refresh_buildings(building_ids: Sequence[int], *, today: date, now: datetime) -> None:
    """Bring what is due of these buildings in step with their registers. Flushes only."""
    owners.hand_over(building_ids, now=now)
    duties.keep_next_days(building_ids, book.current())
    changed = places.sync(building_ids, today=today, now=now)
    if changed:
        withdrawal.retract(changed, now=now)


def add(ids: Sequence[int], people: Sequence[Owed], *, today: date, now: datetime) -> None:
    """Insert what was derived of persons just inserted; refresh() finds the same. Flushes only.

    Rosters do not tell where somebody lives, so there are no stays yet.
    """
    obligations.add(ids, people, today=today, now=now)


def forget(person_ids: Sequence[int], *, now: datetime) -> None:
    """Take back letters that wait to tell of persons about to be removed. Flushes only."""
    withdrawal.retract(obligations.ids_of(person_ids), now=now)


def purge_trips(*, today: date, now: datetime) -> int:
    """Delete the trips that are kept no longer and what tells of them; return how many.

    The trail has their number, nobody's name. Commits.
    """
    gone = keeping.purge(today)
    if gone:
        waiting = obligations.about(gone)
        withdrawal.retract(waiting, now=now)
        obligations.drop(gone)
        audit.record(actor="scheduler", action="trips deleted", subject="trips", at=now,
                     details={"trips": len(gone)})  # fmt: skip
    db.session.commit()
    return len(gone)


def rebuild(
    *, today: date, now: datetime, progress: Callable[[int], None] = lambda _persons: None
) -> int:
    """Derive everybody's obligations anew, a chunk a transaction; return how many persons."""
    count = 0
    for person_ids in obligations.everybody():
        refresh(person_ids, today=today, now=now)
        db.session.commit()
        count += len(person_ids)
        progress(count)
    refresh_buildings(places.everywhere(), today=today, now=now)
    db.session.commit()
    return count


def remind(*, today: date, now: datetime, dry_run: bool = False) -> Outcome:
    """Plan and deliver once for `today`; a dry run plans, counts and changes nothing."""
    if not dry_run:
        purge_trips(today=today, now=now)
    planned = plan_day(today=today, now=now, dry_run=dry_run)
    if dry_run:
        return Outcome(planned.planned, 0, 0, 0, 0, planned.superseded)
    write(today=today, now=now, send_after=now)
    outcome = deliver(planned)
    if outcome.superseded > planned.superseded:
        # Facts changed after the letters were written: what is still to be told is told anew.
        write(today=today, now=now, send_after=now)
        outcome += deliver()
    return outcome


def plan_day(*, today: date, now: datetime, dry_run: bool = False) -> Planned:
    """Plan all that begins by `today`, once; commits, a dry run only counts.

    When the law has changed since the last planning, everybody's duties are derived anew first.
    """
    if not dry_run and plan.law_has_changed():
        rebuild(today=today, now=now)

    def work() -> Planned:
        opened = open_windows(today=today, now=now)
        later = obligations.changed_by_time(today)
        refresh(sorted({*opened, *later}), today=today, now=now)
        refresh_buildings(places.everywhere(), today=today, now=now)
        return service.plan_day(today=today, now=now)

    return _planned(work, dry_run=dry_run)


def open_windows(*, today: date, now: datetime) -> list[int]:
    """Open the cases of documents whose window opens by `today`; return whose. Flushes only.

    Like letters, those of the days off that follow are seen to today. Only what opened since the
    last run is looked at, and what is new; everything when there was none, or the law changed.
    """
    run = plan.last_run()
    since = None if run is None or plan.law_has_changed() else run.planned_through
    found = windows.opened(
        book.current(), upto=service.reach(today).ahead, today=today, since=since
    )
    if found is None:
        return []
    return opening.open_found(found, by=opening.WINDOW, on=today, at=now)


def open_month(first: date, *, by: str, today: date, now: datetime) -> list[int]:
    """Open the cases of documents that end in the month of `first`; return whose.

    Whoever has one already keeps it. Flushes only.
    """
    last = add_months(first.replace(day=1), 1) - timedelta(days=1)
    found = windows.ending(book.current(), first.replace(day=1), last)
    opened = [] if found is None else opening.open_found(found, by=by, on=today, at=now)
    refresh(opened, today=today, now=now)
    return opened


def plan_urgent(*, today: date) -> Planned:
    """Plan the clocks that do not wait for office hours; commits."""
    return _planned(lambda: service.plan_urgent(today=today))


def _planned(work: Callable[[], Planned], *, dry_run: bool = False) -> Planned:
    """Do `work` on one state of everything; again when somebody changed that state meanwhile."""
    for left in reversed(range(TRIES)):
        db.session.commit()
        try:
            plan.begin()
            planned = work()
            if dry_run:
                db.session.rollback()
            db.session.commit()
        except sa.exc.OperationalError as error:
            db.session.rollback()
            if not left or getattr(error.orig, "sqlstate", None) not in _AGAIN:
                raise
        else:
            break
    return planned


def write(*, today: date, now: datetime, send_after: datetime) -> int:
    """Queue the letters of all planned reminders, a chunk of recipients a transaction."""
    try:
        queue.check_sender()
    except Invalid as error:
        holds.hold("server", f"sender of all letters: {error}", now=now)
        db.session.commit()
        return 0
    urgent = service.urgent_rules()
    recipients.reach_again(now=now)
    decisions.settle(today=today, now=now)
    db.session.commit()
    count = 0
    for chunk in recipients.waiting(today):
        plan.lock()
        count += compose.compose(chunk, urgent=urgent, today=today, now=now, send_after=send_after)
        db.session.commit()
    return count


def deliver(planned: Planned = NOTHING, *, until: Callable[[], bool] = lambda: True) -> Outcome:
    """Hand every letter that is due to the mail server, while `until` says so."""
    instance.check(now=clock.now())
    db.session.commit()
    done = delivery.deliver(now=clock.now, owner=owner(), recheck=_RECHECK, until=until)
    return Outcome(
        planned=planned.planned, superseded=planned.superseded + done.superseded,
        accepted=done.accepted, deferred=done.deferred + done.unknown, refused=done.refused,
        held=done.held,
    )  # fmt: skip


def release(hold_id: int, *, by: str, now: datetime, forgo: bool = False) -> Hold:
    """Let letters leave again; of a moved or restored database this confirms the place.

    `forgo`: what waits may have gone out before the restore, and ends unsent. Commits.
    """
    if forgo:
        until = service.last_planning_day(now)
        plan_day(today=until, now=now)
        write(today=until, now=now, send_after=now)
        queue.forgo(now=now, reason="put aside: it may have gone out before the restore")
    hold = holds.release(hold_id, by=by, now=now)
    if hold.cause in {"copied", "restored"}:
        instance.adopt()
    db.session.commit()
    return hold


def send_again(letter_id: int, *, now: datetime) -> None:
    """Send a refused or unknown letter again; one that could not be built is written anew."""
    if queue.was_built(letter_id):
        queue.retry(letter_id, now=now)
    else:
        queue.replace(letter_id, now=now)
        withdrawal.give_back(db.session.connection(), [letter_id])


def owner() -> str:
    """Name this process among all senders of all hosts; in containers they are all number 1."""
    return f"{socket.gethostname()[:36]}:{os.getpid()}:{_OWN}"
