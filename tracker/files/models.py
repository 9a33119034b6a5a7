"""Files of people, and photos of buildings."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.db import Model, UtcDateTime


class Attachment(Model):
    """A scan or paper as it was handed in; the row stays when the file is removed."""

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(
        sa.ForeignKey("person.id", ondelete="CASCADE"), index=True
    )
    #: The document it shows, over all its versions ("work_permit/2"); None: the person as such.
    fact_ref: Mapped[str | None] = mapped_column(sa.String(40))
    #: Whose file it is besides: "health" keeps its own out of everybody else's sight.
    shelf: Mapped[str | None] = mapped_column(sa.String(10))
    #: What it was called where it came from; empty once it is removed.
    title: Mapped[str] = mapped_column(sa.String(120))
    media_type: Mapped[str] = mapped_column(sa.String(40))
    #: Under which name it lies in the store: our own, never one that somebody typed.
    stored_as: Mapped[str] = mapped_column(sa.String(40), unique=True)
    sha256: Mapped[str] = mapped_column(sa.String(64))
    size: Mapped[int]
    has_preview: Mapped[bool]
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by: Mapped[str] = mapped_column(sa.String(60))
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    removed_by: Mapped[str | None] = mapped_column(sa.String(60))


class Photo(Model):
    """A photograph of a place, named by the device that took it so that it is kept once."""

    __tablename__ = "photo"

    #: A UUID in its usual spelling, made where the photo was taken.
    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    #: Under which name it lies in the store: our own.
    stored_as: Mapped[str] = mapped_column(sa.String(40), unique=True)
    #: Of what is kept: the pixels drawn anew.
    sha256: Mapped[str] = mapped_column(sa.String(64))
    width: Mapped[int]
    height: Mapped[int]
    size: Mapped[int]
    #: By the device's clock; None if it did not say.
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    account_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("account.id", ondelete="SET NULL"), index=True
    )
