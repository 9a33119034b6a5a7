"""Letters with their fixed bytes, each attempt to deliver one, holds and leases."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, deferred, mapped_column

from tracker.core.db import Model, UtcDateTime

#: What may still leave; all other states are final (unknown waits for a person in the end).
WAITING = ("queued", "deferred", "unknown")


class Letter(Model):
    """One rendered message to one address. Bytes and Message-ID never change once queued."""

    __tablename__ = "letter"
    __table_args__ = (
        sa.Index(
            "ix_letter_waiting", "send_after", "id",
            sqlite_where=sa.text("state IN ('queued', 'deferred', 'unknown')"),
            postgresql_where=sa.text("state IN ('queued', 'deferred', 'unknown')"),
        ),
        sa.Index(
            "ix_letter_claimed", "lease_until",
            sqlite_where=sa.text("state = 'claimed'"),
            postgresql_where=sa.text("state = 'claimed'"),
        ),
        sa.Index("ix_letter_recipient_queued_at", "recipient", "queued_at"),
        sa.Index("ix_letter_state_finished_at", "state", "finished_at"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    #: What makes it one letter; unique in the database.
    key: Mapped[str] = mapped_column(sa.String(120), unique=True)
    message_id: Mapped[str] = mapped_column(sa.String(120))
    recipient: Mapped[str] = mapped_column(sa.String(24))
    address: Mapped[str] = mapped_column(sa.String(254))
    subject: Mapped[str] = mapped_column(sa.String(300))
    content: Mapped[bytes] = deferred(mapped_column(sa.LargeBinary))
    #: queued -> claimed -> accepted | deferred | refused | unknown; or held, superseded, cancelled.
    state: Mapped[str] = mapped_column(sa.String(12))
    urgent: Mapped[bool] = mapped_column(default=False)
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    send_after: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    #: Copies that may have reached the server without our reading its answer.
    unknown_outcomes: Mapped[int] = mapped_column(default=0)
    owner: Mapped[str | None] = mapped_column(sa.String(60))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reply: Mapped[str | None] = mapped_column(sa.String(500))
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Set when a person has looked at a refusal or an unknown outcome.
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by: Mapped[str | None] = mapped_column(sa.String(60))


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
    """Why nothing leaves at the moment; released by a person or by a repaired setting."""

    __tablename__ = "hold"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: server (login, sender or certificate refused), restored, copied, manual.
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
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
