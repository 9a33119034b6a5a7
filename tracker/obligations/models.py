"""One obligation: a rule applied to a document of a person, or to a building. One conflict."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Model, UtcDateTime
from tracker.facts.models import Person
from tracker.housing.models import Building


class Obligation(Model):
    """Derived; a rebuild finds the same row by person (or building), rule and document."""

    __tablename__ = "obligation"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "rule_id", "fact_ref"),
        sa.Index(
            "uq_obligation_of_building", "building_id", "rule_id", "fact_ref", unique=True,
            sqlite_where=sa.text("building_id IS NOT NULL"),
            postgresql_where=sa.text("building_id IS NOT NULL"),
        ),
        # The planner asks for the open ones of a rule in a range of days, nothing else.
        sa.Index(
            "ix_obligation_open_safe_on", "rule_id", "safe_on",
            sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"),
        ),
        sa.Index(
            "ix_obligation_open_opens_on", "rule_id", "opens_on",
            sqlite_where=sa.text("state = 'open' AND opens_on IS NOT NULL"),
            postgresql_where=sa.text("state = 'open' AND opens_on IS NOT NULL"),
        ),
        sa.Index(
            "ix_obligation_fresh", "rule_id", "safe_on",
            sqlite_where=sa.text("fresh"), postgresql_where=sa.text("fresh"),
        ),
        sa.Index(
            "ix_obligation_quiet_until", "quiet_until",
            sqlite_where=sa.text("quiet_until IS NOT NULL"),
            postgresql_where=sa.text("quiet_until IS NOT NULL"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Whose it is: a person's, else a building's.
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"))
    building_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("building.id", ondelete="CASCADE")
    )
    rule_id: Mapped[str] = mapped_column(sa.String(30))
    fact_ref: Mapped[str] = mapped_column(sa.String(40))
    opens_on: Mapped[date | None]
    #: The operative day: the last working day that is safe; reminders count to it.
    safe_on: Mapped[date]
    statutory_on: Mapped[date]
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    provisional: Mapped[bool] = mapped_column(default=False)
    #: open, filed, met, settled, ended, assumed (tracker/rules/standing.py says when).
    state: Mapped[str] = mapped_column(sa.String(10))
    reason: Mapped[str] = mapped_column(sa.String(200), default="-")
    #: While filed: the last day on which reminders stay quiet.
    quiet_until: Mapped[date | None]
    #: Grows when the dates change or the case reopens, so that its stages count anew.
    round: Mapped[int] = mapped_column(default=1)
    #: True until the planner has seen this state of the row.
    fresh: Mapped[bool] = mapped_column(default=True)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Who has to do it, where that is somebody in particular; hears of it as "owner".
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id", ondelete="SET NULL"))
    #: What letters and lists add to the rule's title: the room, the hazard.
    detail_zh: Mapped[str | None] = mapped_column(sa.String(200))
    detail_en: Mapped[str | None] = mapped_column(sa.String(200))

    person: Mapped[Person | None] = relationship()
    building: Mapped[Building | None] = relationship()


class Conflict(Model):
    """Two documents of a person that do not go together; derived, like obligations."""

    __tablename__ = "conflict"
    __table_args__ = (sa.UniqueConstraint("person_id", "rule_id", "first_ref", "second_ref"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"))
    rule_id: Mapped[str] = mapped_column(sa.String(40))
    #: The documents ("work_permit/2"); "profile" is the person's own particulars, a bare kind
    #: the document that is missing.
    first_ref: Mapped[str] = mapped_column(sa.String(40))
    second_ref: Mapped[str] = mapped_column(sa.String(40))
    #: The days that do not go together.
    first_on: Mapped[date | None]
    second_on: Mapped[date | None]
    #: It holds between these days, both included.
    from_on: Mapped[date | None]
    until_on: Mapped[date | None]
    found_at: Mapped[datetime] = mapped_column(UtcDateTime)


class NextDeadline(Model):
    """The soonest safe day still open of a person who has one; lists are sorted by it."""

    __tablename__ = "next_deadline"
    __table_args__ = (sa.Index("ix_next_deadline_safe_on", "safe_on", "person_id"),)

    person_id: Mapped[int] = mapped_column(
        sa.ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    safe_on: Mapped[date]
