"""A notice, the versions of its text, and to whom it was sent."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Model, UtcDateTime
from tracker.facts.models import Person

STATES = ("draft", "published", "withdrawn")


class Notice(Model):
    """What the office tells many people at once; `published` names the version that is out."""

    __tablename__ = "notice"
    __table_args__ = (sa.Index("ix_notice_state", "state", "published_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(sa.String(10), default="draft")
    #: The newest version, and the one that everybody sees.
    newest: Mapped[int] = mapped_column(default=0)
    published: Mapped[int | None]
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: When what everybody sees was last changed.
    updated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Whom it concerns: a filter of the list of people, as in its address.
    audience: Mapped[str] = mapped_column(sa.String(1000), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[str] = mapped_column(sa.String(60))


class NoticeVersion(Model):
    """The text as it was saved once; nothing is overwritten."""

    __tablename__ = "notice_version"
    __table_args__ = (sa.UniqueConstraint("notice_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(sa.ForeignKey("notice.id", ondelete="CASCADE"))
    version: Mapped[int]
    title_zh: Mapped[str] = mapped_column(sa.String(200), default="")
    title_en: Mapped[str] = mapped_column(sa.String(200), default="")
    body_zh: Mapped[str] = mapped_column(sa.Text, default="")
    body_en: Mapped[str] = mapped_column(sa.Text, default="")
    #: Why it is in one language only.
    one_language: Mapped[str] = mapped_column(sa.String(200), default="")
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_by: Mapped[str] = mapped_column(sa.String(60))


class NoticeLetter(Model):
    """One person to whom a notice was sent, once: by which letter, opened and read when."""

    __tablename__ = "notice_letter"
    __table_args__ = (sa.UniqueConstraint("notice_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(sa.ForeignKey("notice.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(
        sa.ForeignKey("person.id", ondelete="CASCADE"), index=True
    )
    version: Mapped[int]
    #: How often a letter was tried; of none there was no address.
    tries: Mapped[int] = mapped_column(default=0)
    #: SHA-256 of the token in the letter's link.
    token_hash: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    letter_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("letter.id", ondelete="SET NULL"), index=True
    )
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship()
