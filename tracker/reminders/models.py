"""Reminders and the days the planner has covered."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Model, UtcDateTime
from tracker.obligations.models import Obligation


class Reminder(Model):
    """One stage of one obligation for one recipient; the unique key is the promise of "once"."""

    __tablename__ = "reminder"
    __table_args__ = (
        sa.UniqueConstraint("obligation_id", "round", "stage", "recipient"),
        sa.Index(
            "ix_reminder_waiting", "recipient",
            sqlite_where=sa.text("state = 'planned'"),
            postgresql_where=sa.text("state = 'planned'"),
        ),
        sa.Index(
            "ix_reminder_unreachable", "recipient",
            sqlite_where=sa.text("state = 'unreachable'"),
            postgresql_where=sa.text("state = 'unreachable'"),
        ),
        sa.Index(
            "ix_reminder_held", "recipient",
            sqlite_where=sa.text("state = 'held'"),
            postgresql_where=sa.text("state = 'held'"),
        ),
        sa.Index(
            "ix_reminder_letter_id", "letter_id",
            sqlite_where=sa.text("letter_id IS NOT NULL"),
            postgresql_where=sa.text("letter_id IS NOT NULL"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    obligation_id: Mapped[int] = mapped_column(sa.ForeignKey("obligation.id", ondelete="CASCADE"))
    round: Mapped[int]
    stage: Mapped[str] = mapped_column(sa.String(20))
    #: The stage's distance to the safe day: the smaller, the later the stage.
    days_before: Mapped[int]
    #: "person:7" or "account:3".
    recipient: Mapped[str] = mapped_column(sa.String(24))
    planned_on: Mapped[date]
    #: planned, lettered, superseded (a later stage or a change took its place), unreachable,
    #: held or skipped (the office decided so), told (somebody did, in person).
    state: Mapped[str] = mapped_column(sa.String(12))
    letter_id: Mapped[int | None] = mapped_column(sa.ForeignKey("letter.id"))

    obligation: Mapped[Obligation] = relationship()


class PlanningRun(Model):
    """A finished planning: every stage begun by then has its rows."""

    __tablename__ = "planning_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Up to here for what leads up to a safe day, up to `ran_for` for what follows it.
    planned_through: Mapped[date]
    ran_for: Mapped[date]
    #: Fingerprint of the ladders used; after an edit every open obligation is looked at once.
    ladders: Mapped[str] = mapped_column(sa.String(64))
    #: Fingerprint of the law by which duties were derived; another one derives them all anew.
    book: Mapped[str | None] = mapped_column(sa.String(64))
    ran_at: Mapped[datetime] = mapped_column(UtcDateTime)
    planned: Mapped[int]
    superseded: Mapped[int]


class OfficeText(Model):
    """A version of the ladder or of a letter's text as the office wants it; the newest counts."""

    __tablename__ = "office_text"
    __table_args__ = (sa.Index("ix_office_text_name_id", "name", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    #: "ladder", or a letter's file, like "expert.zh.txt".
    name: Mapped[str] = mapped_column(sa.String(30))
    #: None: the text that the program brings is in use again.
    content: Mapped[str | None] = mapped_column(sa.Text)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_by: Mapped[str] = mapped_column(sa.String(60))
    #: Why it could not be used when a letter was to be written; the program's text was instead.
    fault: Mapped[str | None] = mapped_column(sa.String(300))
    failed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Decision(Model):
    """What the office decided about letters: who, when, why. In force until it is ended."""

    __tablename__ = "reminder_decision"
    __table_args__ = (
        sa.Index(
            "ix_reminder_decision_in_force", "person_id",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
        sa.Index("ix_reminder_decision_person_id", "person_id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    #: hold, import (a hold until somebody looks at the imported people), answer (quiet after an
    #: answer by link), skip, send, told.
    kind: Mapped[str] = mapped_column(sa.String(8))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"))
    #: None: whatever is due for the person.
    obligation_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("obligation.id", ondelete="CASCADE")
    )
    #: None: whoever hears of it.
    recipient: Mapped[str | None] = mapped_column(sa.String(24))
    round: Mapped[int | None]
    stage: Mapped[str | None] = mapped_column(sa.String(20))
    #: The day on which a hold ends by itself.
    until: Mapped[date | None]
    reason: Mapped[str] = mapped_column(sa.String(300))
    batch_id: Mapped[int | None] = mapped_column(sa.ForeignKey("import_batch.id"), index=True)
    answer_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("answer.id", ondelete="CASCADE"), index=True
    )
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[str] = mapped_column(sa.String(60))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[str | None] = mapped_column(sa.String(60))

    obligation: Mapped[Obligation | None] = relationship()
