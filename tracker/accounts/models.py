"""Accounts, failed sign-ins and the audit trail."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Model, UtcDateTime

ROLES = ("admin", "officer", "head", "unit_secretary", "inspector", "auditor", "expert")


class Account(Model):
    """Somebody who signs in, or whom reminders reach because of a role."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    role: Mapped[str] = mapped_column(sa.String(20), index=True)
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"))
    language: Mapped[str] = mapped_column(sa.String(4))
    password_hash: Mapped[str | None] = mapped_column(sa.String(200))
    #: Changing it ends every session of the account.
    session_key: Mapped[str] = mapped_column(sa.String(64))
    active: Mapped[bool] = mapped_column(default=True)
    #: Works with health checks; only officers and administrators can.
    health: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    # What Flask-Login asks of a signed-in visitor.
    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        """Tell whether the account may sign in."""
        return self.active

    def get_id(self) -> str:
        """Return what a session keeps: with the key, so that changing it ends the session."""
        return f"{self.id}.{self.session_key}"


class PasswordLink(Model):
    """A link by which somebody sets the password of an account, once and not for long."""

    __tablename__ = "password_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(
        sa.ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    #: SHA-256 of the token: 256 random bits need no slower hash.
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[str] = mapped_column(sa.String(60))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Set when it was used, or when another link, a new password or a deactivation ended it.
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SignInAttempt(Model):
    """A failed sign-in; throttling counts these, so it holds over workers and restarts."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (sa.Index("ix_sign_in_attempt_subject_at", "subject", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    #: A keyed hash of the account or the network tried, never the address itself.
    subject: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class AuditEntry(Model):
    """Who did what to which thing, when, with which result. Never holds personal numbers."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        sa.Index("ix_audit_entry_actor", "actor", "id"),
        sa.Index("ix_audit_entry_action", "action", "id"),
        sa.Index("ix_audit_entry_subject", "subject", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor: Mapped[str] = mapped_column(sa.String(60))
    action: Mapped[str] = mapped_column(sa.String(60))
    subject: Mapped[str] = mapped_column(sa.String(80))
    details: Mapped[dict[str, Any]] = mapped_column(sa.JSON)


class AccessToken(Model):
    """A personal token: what a program shows instead of a person's sign-in."""

    __tablename__ = "access_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(
        sa.ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(sa.String(80))
    #: The first places, so that its owner can tell it from others.
    hint: Mapped[str] = mapped_column(sa.String(12))
    #: SHA-256 of the token; 256 random bits need no slower hash.
    digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    #: Names of tokens.SCOPES.
    scopes: Mapped[list[str]] = mapped_column(sa.JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    account: Mapped[Account] = relationship(lazy="joined", innerjoin=True)

    def ended(self, now: datetime) -> bool:
        """Tell whether the token opens nothing any more."""
        return self.revoked_at is not None or self.expires_at <= now
