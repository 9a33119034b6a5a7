"""Trips that were declared, and the personal links by which they can be."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Model, UtcDateTime
from tracker.facts.models import Person

#: What somebody is away from, from the nearest to the furthest.
SCOPES = ("campus", "city", "country")
PURPOSES = ("holiday", "family", "conference", "research", "teaching", "other")


class Trip(Model):
    """A journey as it was declared; deleted some weeks after its end (purging.py)."""

    __tablename__ = "trip"
    __table_args__ = (
        sa.Index("ix_trip_person_id_leaves_on", "person_id", "leaves_on"),
        sa.Index("ix_trip_returns_on", "returns_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"))
    scope: Mapped[str] = mapped_column(sa.String(8))
    leaves_on: Mapped[date]
    #: As planned; the day of the return counts as away.
    returns_on: Mapped[date]
    #: Place, and its country as ISO alpha-3.
    destination: Mapped[str] = mapped_column(sa.String(120))
    country: Mapped[str] = mapped_column(sa.String(3))
    #: How to reach them meanwhile.
    contact: Mapped[str] = mapped_column(sa.String(120), default="")
    purpose: Mapped[str] = mapped_column(sa.String(12))
    #: What was told when it was declared, as clashes.py stores it; declared all the same.
    warnings: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list)
    #: Made with the form: a second sending of it declares nothing again.
    form_id: Mapped[str] = mapped_column(sa.String(32), unique=True)
    declared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: "account:3", or "link" for the person themself without an account.
    declared_by: Mapped[str] = mapped_column(sa.String(60))
    #: The day on which they were back, and who said so.
    returned_on: Mapped[date | None]
    returned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    returned_by: Mapped[str | None] = mapped_column(sa.String(60))
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancelled_by: Mapped[str | None] = mapped_column(sa.String(60))

    person: Mapped[Person] = relationship()

    @property
    def over(self) -> bool:
        """Tell whether nothing more is to be said about it."""
        return self.returned_on is not None or self.cancelled_at is not None


class TripLink(Model):
    """A personal link by which somebody declares their trips without an account."""

    __tablename__ = "trip_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: SHA-256 of the token: 256 random bits need no slower hash.
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    person_id: Mapped[int] = mapped_column(
        sa.ForeignKey("person.id", ondelete="CASCADE"), index=True
    )
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[str] = mapped_column(sa.String(60))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship()
