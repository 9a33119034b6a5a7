"""Whom a notice concerns, who has it, who cannot be reached, who has read it. Reads only."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from tracker.accounts.scope import Scope
from tracker.core.db import db
from tracker.directory import filters
from tracker.directory.listing import Listing, Reader
from tracker.facts.models import FactVersion, Person, Unit
from tracker.notices.models import Notice, NoticeLetter
from tracker.outbox.models import Letter

#: Parts of the people list's filter that say whom a notice concerns.
BY = ("unit", "nationality", "category", "identity", "status", "building")
CHUNK = 500
#: States of a letter that will not reach its reader; another one may be tried.
FAILED = ("refused", "superseded", "cancelled")


@dataclass(frozen=True, slots=True)
class Preview:
    """To whom a notice would go now: by letter, without address, and how many have it."""

    reachable: Sequence[Person]
    without_address: Sequence[Person]
    have_it: int


@dataclass(frozen=True, slots=True)
class Rate:
    """How many of a unit a notice went to, how many of them it reached, how many read it."""

    unit: Unit | None
    sent: int
    reached: int
    read: int

    @property
    def percent(self) -> int:
        """Of a hundred to whom it went, how many have read it."""
        return round(100 * self.read / self.sent) if self.sent else 0


def query_of(given: dict[str, str]) -> str:
    """Return the filter of a form as it is kept."""
    return filters.of({name: given.get(name, "") for name in BY}).query(named=False)


def preview(notice: Notice, *, today: date) -> Preview:
    """Return to whom the notice would go if it were sent now."""
    people = outstanding(notice, today=today)
    reachable = [each for each in people if each.email]
    without = [each for each in people if not each.email]
    return Preview(reachable, without, len(_ids(notice, today)) - len(people))


def outstanding(notice: Notice, *, today: date) -> list[Person]:
    """Return whom the notice concerns and whom it has not reached, by name."""
    having = set(
        db.session.scalars(
            sa.select(NoticeLetter.person_id)
            .join(Letter, Letter.id == NoticeLetter.letter_id)
            .where(NoticeLetter.notice_id == notice.id, Letter.state.not_in(FAILED))
        )
    )
    ids = [each for each in _ids(notice, today) if each not in having]
    found: dict[int, Person] = {}
    for start in range(0, len(ids), CHUNK):
        chunk = sa.select(Person).where(Person.id.in_(ids[start : start + CHUNK]))
        found |= {each.id: each for each in db.session.scalars(chunk)}
    return [found[each] for each in ids if each in found]


def unreached(notice: Notice) -> Sequence[Any]:
    """Return who has no address or whose letter failed: (person, letter or None)."""
    return db.session.execute(
        sa.select(Person, Letter)
        .join(NoticeLetter, NoticeLetter.person_id == Person.id)
        .outerjoin(Letter, Letter.id == NoticeLetter.letter_id)
        .where(
            NoticeLetter.notice_id == notice.id,
            sa.or_(NoticeLetter.letter_id.is_(None), Letter.state.in_(FAILED)),
            NoticeLetter.read_at.is_(None),
        )
        .order_by(Person.sort_zh, Person.id)
    ).all()


def rates(notice: Notice) -> list[Rate]:
    """Return the reading rate of each unit, the lowest first."""
    reached = sa.case((Letter.state == "accepted", 1), else_=0)
    rows = db.session.execute(
        sa.select(
            Person.unit_id, sa.func.count(), sa.func.sum(reached),
            sa.func.count(NoticeLetter.read_at),
        )
        .select_from(NoticeLetter)
        .join(Person, Person.id == NoticeLetter.person_id)
        .outerjoin(Letter, Letter.id == NoticeLetter.letter_id)
        .where(NoticeLetter.notice_id == notice.id)
        .group_by(Person.unit_id)
    ).all()  # fmt: skip
    units = {each.id: each for each in db.session.scalars(sa.select(Unit))}
    made = [Rate(units.get(row[0]), row[1], int(row[2] or 0), row[3]) for row in rows]
    return sorted(made, key=lambda rate: (rate.percent, -rate.sent))


def unread(notice: Notice) -> list[Person]:
    """Return who has the notice and has not read it."""
    return list(
        db.session.scalars(
            sa.select(Person)
            .join(NoticeLetter, NoticeLetter.person_id == Person.id)
            .where(NoticeLetter.notice_id == notice.id, NoticeLetter.read_at.is_(None))
            .order_by(Person.unit_id, Person.sort_zh, Person.id)
        )
    )


def of_person(person_id: int) -> Sequence[Any]:
    """Return the notices sent to somebody that are out, unread ones first: (notice, row)."""
    return db.session.execute(
        sa.select(Notice, NoticeLetter)
        .join(NoticeLetter, NoticeLetter.notice_id == Notice.id)
        .where(NoticeLetter.person_id == person_id, Notice.state == "published")
        .order_by(NoticeLetter.read_at.is_not(None), NoticeLetter.sent_at.desc())
    ).all()


def counts(notice_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Return to how many each notice was sent, and how many have read it."""
    rows = db.session.execute(
        sa.select(NoticeLetter.notice_id, sa.func.count(), sa.func.count(NoticeLetter.read_at))
        .where(NoticeLetter.notice_id.in_(notice_ids))
        .group_by(NoticeLetter.notice_id)
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def _ids(notice: Notice, today: date) -> list[int]:
    wanted = filters.parse(notice.audience)
    reader = Reader(Scope(everybody=True), by_number=False, language="zh", today=today)
    ids = Listing(wanted, reader).ids()
    dead = set(
        db.session.scalars(
            sa.select(FactVersion.person_id).where(
                FactVersion.kind == "death", FactVersion.withdrawn_at.is_(None),
                FactVersion.valid_to.is_(None),
            )
        )
    )  # fmt: skip
    return [each for each in ids if each not in dead]
