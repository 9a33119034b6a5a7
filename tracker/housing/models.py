"""Where foreign experts live and what is inspected: campus, building, floor, room, stay."""

import secrets
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from tracker.accounts.models import Account
from tracker.core.db import Model, UtcDateTime
from tracker.facts.models import Person
from tracker.housing.numbers import folded

#: What a room is used for: somebody lives in it, all pass through it, machines stand in it.
USES = ("dwelling", "shared", "plant")


def new_token() -> str:
    """Return what a door's QR code says: nothing that could be guessed or counted."""
    return secrets.token_urlsafe(16)


def _key(context: Any) -> str:
    return folded(context.get_current_parameters()["number"])


class Campus(Model):
    """A site of the university."""

    __tablename__ = "campus"

    id: Mapped[int] = mapped_column(primary_key=True)
    name_zh: Mapped[str] = mapped_column(sa.String(60), unique=True)
    name_en: Mapped[str | None] = mapped_column(sa.String(120))


class Building(Model):
    """A building; what it has decides which check items apply to it."""

    __tablename__ = "building"

    id: Mapped[int] = mapped_column(primary_key=True)
    campus_id: Mapped[int] = mapped_column(sa.ForeignKey("campus.id"), index=True)
    #: As rosters and residence facts call it; never changes once people live there.
    name_zh: Mapped[str] = mapped_column(sa.String(120), unique=True)
    name_en: Mapped[str | None] = mapped_column(sa.String(200))
    address: Mapped[str] = mapped_column(sa.String(300), default="")
    #: Licensed as a hotel: it reports its guests to the police itself.
    hotel: Mapped[bool] = mapped_column(default=False)
    gas: Mapped[bool] = mapped_column(default=False)
    lift: Mapped[bool] = mapped_column(default=False)
    high_rise: Mapped[bool] = mapped_column(default=False)
    #: Patrolled every two hours at night (GB/T 40248-2021, 7.3.5).
    night_patrol: Mapped[bool] = mapped_column(default=False)
    #: Who answers for it, and hears of what is due there.
    keeper_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("account.id", ondelete="SET NULL"), index=True
    )
    active: Mapped[bool] = mapped_column(default=True)
    #: Grows with each change of the building, its floors or rooms.
    revision: Mapped[int] = mapped_column(default=1)

    campus: Mapped[Campus] = relationship()
    keeper: Mapped[Account | None] = relationship()


class Floor(Model):
    """A storey of a building; `level` 1 is the ground floor, -1 the first below it."""

    __tablename__ = "floor"
    __table_args__ = (sa.UniqueConstraint("building_id", "level"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    building_id: Mapped[int] = mapped_column(sa.ForeignKey("building.id", ondelete="CASCADE"))
    level: Mapped[int]

    building: Mapped[Building] = relationship()


class Room(Model):
    """A place that can be lived in, inspected, or found dangerous: also a corridor or a shaft."""

    __tablename__ = "room"
    __table_args__ = (
        sa.UniqueConstraint("building_id", "number"),
        sa.UniqueConstraint("building_id", "key"),
        sa.Index("ix_room_floor_id", "floor_id", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    building_id: Mapped[int] = mapped_column(sa.ForeignKey("building.id", ondelete="CASCADE"))
    floor_id: Mapped[int] = mapped_column(sa.ForeignKey("floor.id", ondelete="CASCADE"))
    #: As on the door: "302", "3F corridor".
    number: Mapped[str] = mapped_column(sa.String(40))
    #: The number as it is compared (numbers.folded).
    key: Mapped[str] = mapped_column(sa.String(80), default=_key)
    #: What the QR code on the door says; a new one ends it.
    door_token: Mapped[str] = mapped_column(sa.String(32), unique=True, default=new_token)
    use: Mapped[str] = mapped_column(sa.String(10))
    #: How many can live in it.
    beds: Mapped[int] = mapped_column(default=1)
    active: Mapped[bool] = mapped_column(default=True)

    building: Mapped[Building] = relationship()
    floor: Mapped[Floor] = relationship()

    @validates("number")
    def _number(self, _name: str, number: str) -> str:
        self.key = folded(number)
        return number


class Stay(Model):
    """Where a person lived by one of their accommodation documents. Derived (stays.py)."""

    __tablename__ = "stay"
    __table_args__ = (
        sa.Index("ix_stay_building_id", "building_id", "lives"),
        sa.Index("ix_stay_room_id", "room_id"),
    )

    person_id: Mapped[int] = mapped_column(
        sa.ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    #: Which of the person's accommodation documents ("accommodation/2").
    document_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: As told; and where that is, if we have such a building, and such a room in it.
    place: Mapped[str | None] = mapped_column(sa.String(300))
    door: Mapped[str | None] = mapped_column(sa.String(40))
    building_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("building.id", ondelete="SET NULL")
    )
    room_id: Mapped[int | None] = mapped_column(sa.ForeignKey("room.id", ondelete="SET NULL"))
    moved_in_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_on: Mapped[date | None]
    registered_on: Mapped[date | None]
    #: The person lives there now: the newest document, nobody moved out or departed.
    lives: Mapped[bool]
    #: The police knows the person there: the newest of their documents with a registration.
    registered: Mapped[bool]

    person: Mapped[Person] = relationship()
    building: Mapped[Building | None] = relationship()
    room: Mapped[Room | None] = relationship()
