"""What phones told (operations), what follows from it (inspections), and what was looked at."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Model, UtcDateTime
from tracker.core.errors import Conflict
from tracker.housing.models import Building, Room

_FAULTY = sa.text("fault IS NOT NULL")


class InspectionTemplate(Model):
    """One version of what is looked at; never changed, so that an inspection keeps its own."""

    __tablename__ = "inspection_template"

    #: "default-…" as shipped, by its content; "office-3" the office's third.
    id: Mapped[str] = mapped_column(sa.String(24), primary_key=True)
    #: Counts the office's versions; 0 for what is shipped.
    number: Mapped[int] = mapped_column(index=True)
    content: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Like "account:3"; "default" for what is shipped.
    made_by: Mapped[str] = mapped_column(sa.String(60))
    note: Mapped[str] = mapped_column(sa.String(300), default="")


class InspectionOp(Model):
    """One thing entered on a device, as it was sent: kept once, changed by nobody."""

    __tablename__ = "inspection_op"
    __table_args__ = (
        sa.Index("ix_inspection_op_inspection", "inspection", "device", "seq"),
        sa.Index(
            "ix_inspection_op_faulty", "received_at",
            sqlite_where=_FAULTY, postgresql_where=_FAULTY,
        ),
    )  # fmt: skip

    #: Made on the device; the same again is the same.
    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    device: Mapped[str] = mapped_column(sa.String(36))
    #: Grows on each device.
    seq: Mapped[int] = mapped_column(sa.BigInteger)
    type: Mapped[str] = mapped_column(sa.String(40))
    data: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    #: The inspection it belongs to; None for a hazard entered by itself.
    inspection: Mapped[str | None] = mapped_column(sa.String(36))
    #: By the device's clock, and as we take it to have been.
    device_at: Mapped[datetime] = mapped_column(UtcDateTime)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Seconds the device's clock was behind ours when it sent this; None if it did not say.
    skew: Mapped[int | None] = mapped_column(sa.BigInteger)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    account_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("account.id", ondelete="SET NULL"), index=True
    )
    #: What has to be done but once was done (a hazard told of).
    settled: Mapped[bool] = mapped_column(default=False)
    #: Why it could not be applied: faults.FAULTS; the office sees it and tries again.
    fault: Mapped[str | None] = mapped_column(sa.String(40))


class Inspection(Model):
    """An inspection as far as its operations have arrived."""

    __tablename__ = "inspection"
    __table_args__ = (
        sa.Index("ix_inspection_building_id", "building_id", "kind", "finished_at"),
        sa.Index("ix_inspection_started_at", "started_at"),
        sa.Index("ix_inspection_room_id", "room_id"),
        sa.Index("ix_inspection_template_id", "template_id"),
    )

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    building_id: Mapped[int] = mapped_column(sa.ForeignKey("building.id"))
    room_id: Mapped[int | None] = mapped_column(sa.ForeignKey("room.id"))
    kind: Mapped[str] = mapped_column(sa.String(20))
    template_id: Mapped[str] = mapped_column(sa.ForeignKey("inspection_template.id"))
    #: Which duty of the plan it was begun for ("INS-MONTH/2026-11"), if any.
    planned: Mapped[str | None] = mapped_column(sa.String(60))
    #: [{"name", "department"}]
    inspectors: Mapped[list[dict[str, str]]] = mapped_column(sa.JSON)
    account_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("account.id", ondelete="SET NULL"), index=True
    )
    device: Mapped[str] = mapped_column(sa.String(36))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: When the newest of its operations arrived.
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Seconds its device's clock was off, of the operation with most.
    skew: Mapped[int | None] = mapped_column(sa.BigInteger)
    note: Mapped[str] = mapped_column(sa.Text, default="")
    accompanied_by: Mapped[str] = mapped_column(sa.String(200), default="")
    #: Counted from its entries, so that lists need not.
    passed: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    #: How the worst of what failed is graded: M, H, L; it decides how long the record is kept.
    worst: Mapped[str | None] = mapped_column(sa.String(1))

    building: Mapped[Building] = relationship()
    room: Mapped[Room | None] = relationship()


class InspectionEntry(Model):
    """What was found of one item at one place, by the newest word of it."""

    __tablename__ = "inspection_entry"
    __table_args__ = (
        sa.Index("ix_inspection_entry_room_id", "room_id", "result"),
    )  # fmt: skip

    inspection_id: Mapped[str] = mapped_column(
        sa.ForeignKey("inspection.id", ondelete="CASCADE"), primary_key=True
    )
    #: The room's id; 0 for the building as a whole.
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    item: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    room_id: Mapped[int | None] = mapped_column(sa.ForeignKey("room.id"))
    #: pass, fail, na
    result: Mapped[str] = mapped_column(sa.String(4))
    note: Mapped[str] = mapped_column(sa.Text)
    severity: Mapped[str | None] = mapped_column(sa.String(1))
    photos: Mapped[list[str]] = mapped_column(sa.JSON)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    account_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("account.id", ondelete="SET NULL"), index=True
    )
    #: The operation that says so; entries are shown in the order of these.
    device: Mapped[str] = mapped_column(sa.String(36))
    seq: Mapped[int] = mapped_column(sa.BigInteger)

    room: Mapped[Room | None] = relationship()


class InspectionSignature(Model):
    """A signature given on the device; its picture stays in the operation."""

    __tablename__ = "inspection_signature"

    #: Made on the device.
    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    inspection_id: Mapped[str] = mapped_column(
        sa.ForeignKey("inspection.id", ondelete="CASCADE"), index=True
    )
    #: inspector, inspected
    side: Mapped[str] = mapped_column(sa.String(10))
    name: Mapped[str] = mapped_column(sa.String(120))
    department: Mapped[str] = mapped_column(sa.String(120))
    #: PNG drawn anew.
    image: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    seq: Mapped[int] = mapped_column(sa.BigInteger)


class InspectedBuilding(Model):
    """Since when a building is inspected by plan: what was due before is nobody's miss."""

    __tablename__ = "inspected_building"

    building_id: Mapped[int] = mapped_column(
        sa.ForeignKey("building.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    since: Mapped[date]


class BuildingTest(Model):
    """A test, drill or visit that others made, with its paper: a lift label, a supplier's slip."""

    __tablename__ = "building_test"
    __table_args__ = (
        sa.Index("ix_building_test_building_id", "building_id", "rule_id", "done_on"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    building_id: Mapped[int] = mapped_column(sa.ForeignKey("building.id", ondelete="CASCADE"))
    #: Which plan it fulfils ("INS-LIFT").
    rule_id: Mapped[str] = mapped_column(sa.String(20))
    done_on: Mapped[date]
    done_by: Mapped[str] = mapped_column(sa.String(200))
    #: The number of the report or label.
    number: Mapped[str] = mapped_column(sa.String(60), default="")
    note: Mapped[str] = mapped_column(sa.String(500), default="")
    #: Under which name its paper lies in the store, and what that is.
    stored_as: Mapped[str | None] = mapped_column(sa.String(40))
    media_type: Mapped[str | None] = mapped_column(sa.String(40))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[str] = mapped_column(sa.String(60))


@event.listens_for(InspectionTemplate, "before_update")
def _never_changed(_mapper: Any, _connection: Any, _row: Any) -> None:
    raise Conflict("A version of the template is never changed: make a new one.")
