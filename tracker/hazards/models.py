"""A hazard, and the history of it, which is only ever added to."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.accounts.models import Account
from tracker.core.db import Model, UtcDateTime
from tracker.core.errors import Conflict
from tracker.housing.models import Building, Room

_OPEN = sa.text("state <> 'closed'")


class Hazard(Model):
    """Something found wrong at a place, until it was seen to be right again."""

    __tablename__ = "hazard"
    __table_args__ = (
        sa.UniqueConstraint("year", "serial"),
        # Nothing disappears: whatever is open has somebody who answers for it, and a next day.
        sa.CheckConstraint(
            "state = 'closed' OR (owner_id IS NOT NULL AND next_on IS NOT NULL)", name="followed"
        ),
        # A major one goes on only when people are kept safe meanwhile.
        sa.CheckConstraint(
            "grade <> 'major' OR state IN ('found', 'closed') OR protection IS NOT NULL",
            name="protected",
        ),
        sa.Index("ix_hazard_point", "building_id", "room_id", "item", "closed_at"),
        sa.Index(
            "ix_hazard_open", "building_id", "next_on", sqlite_where=_OPEN, postgresql_where=_OPEN
        ),
        sa.Index(
            "ix_hazard_open_owner", "owner_id", sqlite_where=_OPEN, postgresql_where=_OPEN
        ),
        sa.Index("ix_hazard_closed_at", "closed_at"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Made by whoever entered it, so that entering it again finds it.
    key: Mapped[str] = mapped_column(sa.String(36), unique=True)
    year: Mapped[int]
    serial: Mapped[int]
    building_id: Mapped[int] = mapped_column(sa.ForeignKey("building.id"))
    room_id: Mapped[int | None] = mapped_column(sa.ForeignKey("room.id"), index=True)
    #: The check item that failed ("F01"), and what it is about (states.KINDS).
    item: Mapped[str | None] = mapped_column(sa.String(20))
    kind: Mapped[str] = mapped_column(sa.String(1))
    text: Mapped[str] = mapped_column(sa.String(1000))
    #: minor, serious, major; the clocks of a grade run from `graded_at`.
    grade: Mapped[str] = mapped_column(sa.String(10))
    graded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: tracker/hazards/states.py
    state: Mapped[str] = mapped_column(sa.String(12))
    state_at: Mapped[datetime] = mapped_column(UtcDateTime)
    found_at: Mapped[datetime] = mapped_column(UtcDateTime)
    found_by: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id", ondelete="SET NULL"))
    inspection: Mapped[str | None] = mapped_column(sa.String(36), index=True)
    #: The one closed not long before at the same point.
    repeat_of: Mapped[int | None] = mapped_column(sa.ForeignKey("hazard.id"))
    #: How often it was said to be done and was not.
    failed: Mapped[int] = mapped_column(default=0)
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    #: Whose it was before, if it fell to the owner because they left.
    handed_from: Mapped[str] = mapped_column(sa.String(120), default="")
    #: The soonest day on which something is due of it.
    next_on: Mapped[date | None]
    #: What keeps people safe until then (states.PROTECTIONS), and in words.
    protection: Mapped[str | None] = mapped_column(sa.String(12))
    protection_text: Mapped[str] = mapped_column(sa.String(500), default="")
    reported_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: The order: measure, by when, whose work, paid from what.
    ordered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    measure: Mapped[str] = mapped_column(sa.String(1000), default="")
    deadline: Mapped[date | None]
    department: Mapped[str] = mapped_column(sa.String(80), default="")
    funds: Mapped[str] = mapped_column(sa.String(120), default="")
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reopened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    signed_off_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    signed_off_by: Mapped[str] = mapped_column(sa.String(120), default="")
    #: Counts the changes: two editors notice each other by it.
    revision: Mapped[int] = mapped_column(default=1)

    building: Mapped[Building] = relationship()
    room: Mapped[Room | None] = relationship()
    owner: Mapped[Account | None] = relationship(foreign_keys=owner_id)

    @property
    def number(self) -> str:
        """How papers and people call it: 2026-0007."""
        return f"{self.year}-{self.serial:04}"

    @property
    def ref(self) -> str:
        """How obligations name it."""
        return f"hazard/{self.id}"

    @property
    def closed(self) -> bool:
        """Tell whether it was seen to be right again."""
        return self.state == "closed"


class HazardEvent(Model):
    """One thing that happened to a hazard: what, when, by whom, why, with which pictures."""

    __tablename__ = "hazard_event"
    __table_args__ = (sa.Index("ix_hazard_event_hazard_id", "hazard_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    hazard_id: Mapped[int] = mapped_column(sa.ForeignKey("hazard.id"))
    #: states.EVENTS
    kind: Mapped[str] = mapped_column(sa.String(12))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id", ondelete="SET NULL"))
    from_state: Mapped[str | None] = mapped_column(sa.String(12))
    to_state: Mapped[str] = mapped_column(sa.String(12))
    note: Mapped[str] = mapped_column(sa.String(1000), default="")
    #: Ids of pictures (tracker/files/photos.py); one may still be on its way.
    photos: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    #: What else is told of this kind: a deadline, whom a notice went to.
    data: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    #: Made by whoever entered it, if entering it again must find it.
    key: Mapped[str | None] = mapped_column(sa.String(36), unique=True)


class HazardCounter(Model):
    """The last number given out in a year; no number is ever given twice."""

    __tablename__ = "hazard_counter"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


@event.listens_for(HazardEvent, "before_update")
@event.listens_for(HazardEvent, "before_delete")
def _only_added_to(_mapper: Any, _connection: Any, _row: Any) -> None:
    raise Conflict("The history of a hazard is only added to.")
