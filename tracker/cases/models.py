"""A case, what happened to it, and what the office did about the papers of its checklist."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Model, UtcDateTime
from tracker.facts.models import Person

_OPEN = sa.text("closed_at IS NULL")


class Case(Model):
    """One procedure (config/procedures) for one person."""

    __tablename__ = "procedure_case"
    __table_args__ = (
        # Opening the same twice is refused by the database, whoever tries at the same time.
        sa.Index(
            "uq_procedure_case_open", "person_id", "procedure", "subject_ref", unique=True,
            sqlite_where=_OPEN, postgresql_where=_OPEN,
        ),
        sa.Index(
            "ix_procedure_case_open_state", "state", "state_at",
            sqlite_where=_OPEN, postgresql_where=_OPEN,
        ),
        sa.Index("ix_procedure_case_person_id", "person_id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"))
    procedure: Mapped[str] = mapped_column(sa.String(40))
    #: The document it is about ("work_permit/2"); empty for a first one.
    subject_ref: Mapped[str] = mapped_column(sa.String(40), default="")
    #: tracker/cases/states.py
    state: Mapped[str] = mapped_column(sa.String(20))
    state_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_on: Mapped[date]
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Whoever opened it by hand; "window" if it opened by itself.
    opened_by: Mapped[str] = mapped_column(sa.String(60))
    #: The day of each step that is behind us.
    decided_on: Mapped[date | None]
    complete_on: Mapped[date | None]
    submitted_on: Mapped[date | None]
    accepted_on: Mapped[date | None]
    granted_on: Mapped[date | None]
    collected_on: Mapped[date | None]
    receipt_number: Mapped[str | None] = mapped_column(sa.String(40))
    #: The application on record that its receipt is ("application/3").
    application_ref: Mapped[str | None] = mapped_column(sa.String(40))
    #: Until when the permit is asked for, and what the office knows (procedures/wording.py, TOLD).
    until: Mapped[date | None]
    told: Mapped[dict[str, bool]] = mapped_column(sa.JSON, default=dict)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: The new document that closed it, if one did.
    closed_by_ref: Mapped[str | None] = mapped_column(sa.String(40))
    #: Counts the changes: two editors notice each other by it.
    revision: Mapped[int] = mapped_column(default=1, server_default="1")

    person: Mapped[Person] = relationship()

    @property
    def ref(self) -> str:
        """How obligations name the case."""
        return ref_of(self.id)


class CaseEvent(Model):
    """One change of a case or of a paper of it: who, when, why."""

    __tablename__ = "case_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(
        sa.ForeignKey("procedure_case.id", ondelete="CASCADE"), index=True
    )
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(sa.String(60))
    #: The paper, if it is about one; its states are then those of case_item.
    code: Mapped[str | None] = mapped_column(sa.String(10))
    from_state: Mapped[str | None] = mapped_column(sa.String(20))
    to_state: Mapped[str] = mapped_column(sa.String(20))
    note: Mapped[str] = mapped_column(sa.String(500), default="")


class CaseItem(Model):
    """What the office did about one paper; a paper nobody touched has no row."""

    __tablename__ = "case_item"
    __table_args__ = (sa.UniqueConstraint("case_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("procedure_case.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(sa.String(10))
    #: missing, received, checked, returned, waived
    state: Mapped[str] = mapped_column(sa.String(10))
    #: Why it was returned; on which ground it was waived.
    reason: Mapped[str | None] = mapped_column(sa.String(300))
    ground: Mapped[str | None] = mapped_column(sa.String(40))
    issued_on: Mapped[date | None]
    attachment_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("attachment.id", ondelete="SET NULL"), index=True
    )
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by: Mapped[str] = mapped_column(sa.String(60))


def ref_of(case_id: int | None) -> str:
    """Return how obligations name a case; None is one that is not open yet."""
    return f"case/{case_id}"
