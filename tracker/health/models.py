"""A schedule, a person's round of it, exemptions and consents."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Model, UtcDateTime
from tracker.facts.models import Person
from tracker.files.models import Attachment

KINDS = ("entry", "annual", "hazard", "periodic", "other")
#: All that is kept of an examination besides its day.
RESULTS = ("fit", "follow_up", "not_done")
UNITS = ("day", "month")
#: What a unit's secretary is told of who has no booking.
TOLD = ("nothing", "count", "names")


class HealthSchedule(Model):
    """Who is to be examined, how often, from when to when, and on which ground."""

    __tablename__ = "health_schedule"

    id: Mapped[int] = mapped_column(primary_key=True)
    title_zh: Mapped[str] = mapped_column(sa.String(80))
    title_en: Mapped[str] = mapped_column(sa.String(120))
    kind: Mapped[str] = mapped_column(sa.String(10))
    #: The first day due, and the day after which nobody is asked any more.
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    #: From one round to the next; None: there is one only.
    every: Mapped[int | None]
    every_unit: Mapped[str | None] = mapped_column(sa.String(5))
    #: Why the university may ask: the text, and where it is written.
    basis: Mapped[str] = mapped_column(sa.String(300))
    citation: Mapped[str] = mapped_column(sa.String(200))
    #: A law orders it: it goes on without consent.
    by_law: Mapped[bool]
    #: Who is meant (tracker/health/meant.py).
    meant: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    tell_units: Mapped[str] = mapped_column(sa.String(7), default="nothing")
    #: The day up to which time has been heeded (tracker/health/due.py).
    counted_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[str] = mapped_column(sa.String(60))
    #: Counts the changes: two editors notice each other by it.
    revision: Mapped[int] = mapped_column(default=1)


class HealthRound(Model):
    """What is known of one round of one person; a round nobody touched has no row."""

    __tablename__ = "health_round"
    __table_args__ = (
        sa.UniqueConstraint("schedule_id", "number", "person_id"),
        sa.Index(
            "ix_health_round_purge_on", "purge_on",
            sqlite_where=sa.text("purge_on IS NOT NULL"),
            postgresql_where=sa.text("purge_on IS NOT NULL"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    schedule_id: Mapped[int] = mapped_column(sa.ForeignKey("health_schedule.id"))
    #: From 0 on.
    number: Mapped[int]
    person_id: Mapped[int] = mapped_column(
        sa.ForeignKey("person.id", ondelete="CASCADE"), index=True
    )
    #: Another day than that of the round.
    due_on: Mapped[date | None]
    booked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    place: Mapped[str] = mapped_column(sa.String(120), default="")
    note: Mapped[str] = mapped_column(sa.String(300), default="")
    done_on: Mapped[date | None]
    result: Mapped[str | None] = mapped_column(sa.String(10))
    attachment_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("attachment.id", ondelete="SET NULL"), index=True
    )
    #: Consent was withdrawn: nobody reads it any more, and on this day it goes.
    purge_on: Mapped[date | None]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[str] = mapped_column(sa.String(60))

    schedule: Mapped[HealthSchedule] = relationship()
    person: Mapped[Person] = relationship()
    attachment: Mapped[Attachment | None] = relationship()

    @property
    def done(self) -> bool:
        """Tell whether the person was examined."""
        return self.done_on is not None and self.result != "not_done"


class HealthExemption(Model):
    """Somebody is not asked for a while: by one schedule, or by any."""

    __tablename__ = "health_exemption"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(
        sa.ForeignKey("person.id", ondelete="CASCADE"), index=True
    )
    schedule_id: Mapped[int | None] = mapped_column(sa.ForeignKey("health_schedule.id"), index=True)
    ground: Mapped[str] = mapped_column(sa.String(200))
    from_on: Mapped[date]
    until_on: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[str] = mapped_column(sa.String(60))

    schedule: Mapped[HealthSchedule | None] = relationship()


class HealthConsent(Model):
    """What a person consented to, word by word, and until when."""

    __tablename__ = "health_consent"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(
        sa.ForeignKey("person.id", ondelete="CASCADE"), index=True
    )
    version: Mapped[str] = mapped_column(sa.String(20))
    language: Mapped[str] = mapped_column(sa.String(4))
    wording: Mapped[str] = mapped_column(sa.Text)
    given_on: Mapped[date]
    #: page: on their own page; paper: signed, and recorded by the office.
    way: Mapped[str] = mapped_column(sa.String(5))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[str] = mapped_column(sa.String(60))
    withdrawn_on: Mapped[date | None]
    withdrawn_by: Mapped[str | None] = mapped_column(sa.String(60))
