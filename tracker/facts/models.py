"""Units, persons and the versions of what is known about them."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Model, UtcDateTime

#: Plain text compared byte by byte, so that an index finds what begins with some letters.
PLAIN = sa.String(120).with_variant(sa.String(120, collation="C"), "postgresql")


class Unit(Model):
    """A hiring college or department."""

    __tablename__ = "unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    name_zh: Mapped[str] = mapped_column(sa.String(120), unique=True)
    name_en: Mapped[str | None] = mapped_column(sa.String(200))


class Person(Model):
    """A foreign or Hong Kong / Macau / Taiwan member of staff, or a dependant.

    The columns repeat the profile version in force, so that lists and plans can join on them;
    the versions in `fact` are the record.
    """

    __tablename__ = "person"
    __table_args__ = (
        sa.Index("ix_person_sort_zh", "sort_zh", "id"),
        sa.Index("ix_person_sort_en", "sort_en", "id"),
        sa.Index("ix_person_unit_id_sort_zh", "unit_id", "sort_zh"),
        sa.Index("ix_person_expires_on", "expires_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    name_zh: Mapped[str | None] = mapped_column(sa.String(120), index=True)
    #: As printed in the passport, its order kept.
    name_en: Mapped[str | None] = mapped_column(sa.String(200), index=True)
    #: In which order readers of Chinese and of English look for the name (facts/naming.py).
    sort_zh: Mapped[str] = mapped_column(PLAIN, default="", server_default="")
    sort_en: Mapped[str] = mapped_column(PLAIN, default="", server_default="")
    nationality: Mapped[str] = mapped_column(sa.String(3), index=True)
    identity: Mapped[str] = mapped_column(sa.String(20))
    category: Mapped[str | None] = mapped_column(sa.String(1))
    #: zh, en or both: how letters are written.
    language: Mapped[str] = mapped_column(sa.String(4))
    email: Mapped[str | None] = mapped_column(sa.String(254))
    status: Mapped[str] = mapped_column(sa.String(12), index=True)
    born_on: Mapped[date | None]
    #: Where they live now, and when the first of their papers ends (facts/papers.py).
    building: Mapped[str | None] = mapped_column(sa.String(300), index=True)
    expires_on: Mapped[date | None]
    #: Counts the changes of any fact of this person: two editors notice each other by it.
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    unit: Mapped[Unit | None] = relationship(lazy="joined")

    @property
    def name(self) -> str:
        """Return both names, the Chinese one first."""
        return " ".join(part for part in (self.name_zh, self.name_en) if part)


class PersonName(Model):
    """What a search may begin with to find a person: parts of the names, as naming.py spells them.

    Rows of an index, not a record: they follow the profile in force.
    """

    __tablename__ = "person_name"
    __table_args__ = (
        sa.Index("ix_person_name_person_id", "person_id"),
        {"sqlite_with_rowid": False},
    )

    token: Mapped[str] = mapped_column(PLAIN, primary_key=True)
    person_id: Mapped[int] = mapped_column(
        sa.ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )


class FactVersion(Model):
    """One version of one document or event of a person, exactly as told.

    A renewed permit is a new document of the same kind (`document_no` + 1); a correction or an
    amendment is a new version of the same document. Nothing is overwritten: `valid_from` and
    `valid_to` (exclusive) say when the version was the one in force, `recorded_at` and
    `withdrawn_at` when the office believed it.
    """

    __tablename__ = "fact"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "kind", "document_no", "version"),
        sa.Index("ix_fact_kind_number", "kind", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(sa.String(30))
    document_no: Mapped[int] = mapped_column(default=1)
    version: Mapped[int] = mapped_column(default=1)
    #: The number printed on the document, upper case without spaces.
    number: Mapped[str | None] = mapped_column(sa.String(40))
    #: The other fields, as the kind's schema dumps them (tracker/facts/kinds.py).
    data: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[str] = mapped_column(sa.String(60))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    batch_id: Mapped[int | None] = mapped_column(sa.ForeignKey("import_batch.id"), index=True)

    @property
    def ref(self) -> str:
        """Name the document within its person, over all its versions: "work_permit/2"."""
        return f"{self.kind}/{self.document_no}"


class ImportBatch(Model):
    """One roster import: what it read, what it changed, and whether it was undone."""

    __tablename__ = "import_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    filename: Mapped[str] = mapped_column(sa.String(200))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    imported_by: Mapped[str] = mapped_column(sa.String(60))
    #: rows, created, updated, unchanged, rejected.
    counts: Mapped[dict[str, int]] = mapped_column(sa.JSON)
    #: None while it runs, and of one that was broken off: the same file takes it up again.
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CalendarNotice(Model):
    """A year's holidays as the office entered them from the State Council's notice."""

    __tablename__ = "calendar_notice"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: The year's file as config/regulations/calendar/ would hold it.
    content: Mapped[str] = mapped_column(sa.Text)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by: Mapped[str] = mapped_column(sa.String(60))
