"""Filters that people keep under a name."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.db import Model, UtcDateTime


class SavedView(Model):
    """A filter of the list of people, one account's own or shared with the office."""

    __tablename__ = "saved_view"
    __table_args__ = (sa.UniqueConstraint("account_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(sa.String(60))
    #: As in the address of the list; never what was searched for, which may be a number.
    query: Mapped[str] = mapped_column(sa.String(1000))
    shared: Mapped[bool] = mapped_column(default=False, index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
