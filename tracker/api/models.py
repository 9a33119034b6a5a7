"""Answers that were given to writes, kept for a day."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.db import Model, UtcDateTime


class KeptAnswer(Model):
    """What a write with an idempotency key was answered: the same key gets it again."""

    __tablename__ = "kept_answer"
    __table_args__ = (sa.UniqueConstraint("account_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(sa.String(200))
    #: SHA-256 of method, address, If-Match and body: a key with another request is a mistake.
    digest: Mapped[str] = mapped_column(sa.String(64))
    #: None until the work is done, in the same transaction.
    status: Mapped[int | None]
    headers: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    body: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
