"""Documents in custody, what happened to each, the cabinets that report it, and stock-takes."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Model, UtcDateTime
from tracker.facts.models import Person

#: With whom a document is while it is out; only of the first the person is asked.
HOLDERS = ("person", "office", "authority", "other")


class Cabinet(Model):
    """A cabinet that reports by itself what is put in and taken out."""

    __tablename__ = "cabinet"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(60), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[str] = mapped_column(sa.String(60))
    #: Set when the office put it out of use.
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    heard_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: How many seconds its clock was behind ours when it was last heard; minus: ahead.
    clock_off: Mapped[int | None]


class CabinetKey(Model):
    """A key by which a cabinet signs. The key itself is kept nowhere: cabinets.py derives it."""

    __tablename__ = "cabinet_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    cabinet_id: Mapped[int] = mapped_column(
        sa.ForeignKey("cabinet.id", ondelete="CASCADE"), index=True
    )
    #: Sent with every message, so that the right key is tried.
    name: Mapped[str] = mapped_column(sa.String(24), unique=True)
    salt: Mapped[str] = mapped_column(sa.String(64))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[str] = mapped_column(sa.String(60))
    #: From then on it opens nothing: a newer key took its place, or it was revoked.
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    cabinet: Mapped[Cabinet] = relationship(lazy="joined", innerjoin=True)


class CustodyItem(Model):
    """A document that was lodged at least once."""

    __tablename__ = "custody_item"
    __table_args__ = (sa.UniqueConstraint("person_id", "fact_ref"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"))
    #: The document ("passport/2").
    fact_ref: Mapped[str] = mapped_column(sa.String(40))
    kind: Mapped[str] = mapped_column(sa.String(30))
    #: What is printed on its sleeve, for whoever does not scan the document itself.
    tag: Mapped[str | None] = mapped_column(sa.String(40), unique=True)
    #: The newest event by the time it happened: where the document is. Derived.
    current_id: Mapped[int | None]

    person: Mapped[Person] = relationship()
    current: Mapped["CustodyEvent | None"] = relationship(
        primaryjoin="foreign(CustodyItem.current_id) == CustodyEvent.id", viewonly=True
    )


class CustodyEvent(Model):
    """What happened to a document. Rows are added; only what nobody knew is assigned later."""

    __tablename__ = "custody_event"
    __table_args__ = (
        sa.UniqueConstraint("source", "uid"),
        sa.Index("ix_custody_event_item_id_at", "item_id", "at"),
        sa.Index("ix_custody_event_cabinet_id_sequence", "cabinet_id", "sequence"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: "office" or "cabinet:2", and the name the event has there: the same is kept once.
    source: Mapped[str] = mapped_column(sa.String(24))
    uid: Mapped[str] = mapped_column(sa.String(64))
    #: SHA-256 of what was sent, so that the same name with another content is noticed.
    digest: Mapped[str] = mapped_column(sa.String(64), default="")
    #: None: a cabinet reported a document that nobody knows (`document`).
    item_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("custody_item.id", ondelete="CASCADE")
    )
    document: Mapped[str] = mapped_column(sa.String(60), default="")
    #: in, out, missing (a stock-take did not find it).
    kind: Mapped[str] = mapped_column(sa.String(8))
    #: Where it was put in or taken out; None: the office's safe.
    cabinet_id: Mapped[int | None] = mapped_column(sa.ForeignKey("cabinet.id"))
    sequence: Mapped[int | None] = mapped_column(sa.BigInteger)
    holder: Mapped[str | None] = mapped_column(sa.String(10))
    to_whom: Mapped[str] = mapped_column(sa.String(120), default="")
    reason: Mapped[str] = mapped_column(sa.String(200), default="")
    #: None while out: given back for good.
    due_on: Mapped[date | None]
    #: When it happened, as far as can be told (ordering.py), and by the cabinet's own clock.
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    device_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(sa.String(60))
    #: Of an unknown document: who dealt with it, and what it was if it was none of ours.
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    resolved_by: Mapped[str | None] = mapped_column(sa.String(60))
    resolution: Mapped[str] = mapped_column(sa.String(200), default="")

    item: Mapped[CustodyItem | None] = relationship(foreign_keys=[item_id])
    cabinet: Mapped[Cabinet | None] = relationship()


class StockTake(Model):
    """A count of what lies in one place."""

    __tablename__ = "stock_take"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: None: the office's safe.
    cabinet_id: Mapped[int | None] = mapped_column(sa.ForeignKey("cabinet.id"))
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    begun_by: Mapped[str] = mapped_column(sa.String(60))
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_by: Mapped[str | None] = mapped_column(sa.String(60))

    cabinet: Mapped[Cabinet | None] = relationship()


class StockLine(Model):
    """A document in a stock-take: whether it should be there, whether it was, and why not."""

    __tablename__ = "stock_line"

    take_id: Mapped[int] = mapped_column(
        sa.ForeignKey("stock_take.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    item_id: Mapped[int] = mapped_column(
        sa.ForeignKey("custody_item.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    expected: Mapped[bool]
    #: None: not looked for yet.
    found: Mapped[bool | None]
    explanation: Mapped[str] = mapped_column(sa.String(300), default="")

    item: Mapped[CustodyItem] = relationship()
