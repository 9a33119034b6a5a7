"""Letters with their fixed bytes, each attempt to deliver one, holds and leases."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Model, UtcDateTime

#: Copies that may have left, at the most; after that a person decides.
MOST_COPIES = 3
#: What may still leave, as long as `finished_at` is empty.
WAITING = ("queued", "deferred", "unknown")


class Letter(Model):
    """One rendered message to one address. Bytes and Message-ID never change once queued."""

    __tablename__ = "letter"
    __table_args__ = (
        # One index for all that is not finished: a claim changes none of its columns.
        sa.Index(
            "ix_letter_unfinished", "priority", "send_after", "id",
            sqlite_where=sa.text("finished_at IS NULL"),
            postgresql_where=sa.text("finished_at IS NULL"),
        ),
        sa.Index(
            "ix_letter_refused", "finished_at",
            sqlite_where=sa.text("state = 'refused'"),
            postgresql_where=sa.text("state = 'refused'"),
        ),
        sa.Index("ix_letter_recipient_queued_at", "recipient", "queued_at"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    #: What makes it one letter; unique in the database.
    key: Mapped[str] = mapped_column(sa.String(120), unique=True)
    message_id: Mapped[str] = mapped_column(sa.String(120))
    recipient: Mapped[str] = mapped_column(sa.String(24))
    address: Mapped[str] = mapped_column(sa.String(254))
    subject: Mapped[str] = mapped_column(sa.String(300))
    #: queued -> claimed -> accepted | deferred | refused | unknown; or held, superseded, cancelled.
    state: Mapped[str] = mapped_column(sa.String(12))
    #: 0 leaves first: the clocks that do not wait for office hours.
    priority: Mapped[int] = mapped_column(default=1)
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    send_after: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    #: Copies that may have reached the server without our reading its answer.
    unknown_outcomes: Mapped[int] = mapped_column(default=0)
    #: The campus day whose numbers it tells: not sent by the next, it is told anew.
    as_of: Mapped[date | None]
    owner: Mapped[str | None] = mapped_column(sa.String(60))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reply: Mapped[str | None] = mapped_column(sa.String(500))
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Set when a person has looked at a refusal or an unknown outcome.
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by: Mapped[str | None] = mapped_column(sa.String(60))

    stored: Mapped["LetterContent"] = relationship()

    @property
    def content(self) -> bytes:
        """Return the complete message as it is sent."""
        return self.stored.content


class LetterContent(Model):
    """The bytes of a letter, apart from the row that changes with every attempt."""

    __tablename__ = "letter_content"

    letter_id: Mapped[int] = mapped_column(
        sa.ForeignKey("letter.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    content: Mapped[bytes] = mapped_column(sa.LargeBinary)


class DeliveryAttempt(Model):
    """One try to hand a letter to the mail server, and what the server said."""

    __tablename__ = "delivery_attempt"
    __table_args__ = (sa.UniqueConstraint("letter_id", "attempt"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[int] = mapped_column(sa.ForeignKey("letter.id", ondelete="CASCADE"))
    attempt: Mapped[int]
    ended_at: Mapped[datetime] = mapped_column(UtcDateTime)
    outcome: Mapped[str] = mapped_column(sa.String(12))
    reply: Mapped[str | None] = mapped_column(sa.String(500))


class Hold(Model):
    """Why nothing leaves at the moment; released by a person, or by a server that relents."""

    __tablename__ = "hold"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: server (login, sender or certificate refused), restored, copied, clock, manual.
    cause: Mapped[str] = mapped_column(sa.String(12))
    detail: Mapped[str] = mapped_column(sa.String(500))
    since_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: A "server" hold lets one letter try again at this instant.
    retry_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    released_by: Mapped[str | None] = mapped_column(sa.String(60))


class Lease(Model):
    """Keeps one scheduler among many, and shows that it is alive."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(sa.String(30), primary_key=True)
    holder: Mapped[str] = mapped_column(sa.String(80))
    epoch: Mapped[int] = mapped_column(default=0)
    renewed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Instance(Model):
    """Which installation this database belongs to: a copy or a restored backup stays silent."""

    __tablename__ = "instance"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Fingerprint of the place where the database lives.
    token: Mapped[str] = mapped_column(sa.String(64))
    #: Grows with every run that sends; by a whole era when a person confirms the place.
    epoch: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
