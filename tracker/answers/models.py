"""Links in letters, what was said by them, and what the office did about it."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Model, UtcDateTime
from tracker.facts.models import Person
from tracker.files.models import Attachment


class AnswerLink(Model):
    """A link of one letter, by which its reader answers about one duty, once."""

    __tablename__ = "answer_link"
    __table_args__ = (sa.Index("ix_answer_link_obligation_id", "obligation_id", "recipient"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    #: SHA-256 of the token: 256 random bits need no slower hash.
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    #: expert: of whoever the duty is; unit: of the unit that decides whether it goes on.
    purpose: Mapped[str] = mapped_column(sa.String(8))
    person_id: Mapped[int] = mapped_column(
        sa.ForeignKey("person.id", ondelete="CASCADE"), index=True
    )
    obligation_id: Mapped[int] = mapped_column(sa.ForeignKey("obligation.id", ondelete="CASCADE"))
    #: "person:7" or "account:3", like those of letters.
    recipient: Mapped[str] = mapped_column(sa.String(24))
    letter_id: Mapped[int] = mapped_column(sa.ForeignKey("letter.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Set when the office ended it.
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[str | None] = mapped_column(sa.String(60))

    person: Mapped[Person] = relationship()


class Answer(Model):
    """What was said by a link, exactly as sent. Rows are added, never changed."""

    __tablename__ = "answer"
    __table_args__ = (sa.UniqueConstraint("link_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Unique: two tabs, two clicks and a second try make one answer.
    link_id: Mapped[int] = mapped_column(sa.ForeignKey("answer_link.id", ondelete="CASCADE"))
    #: Made with the form, so that a second sending of it is told from another answer.
    form_id: Mapped[str] = mapped_column(sa.String(32))
    person_id: Mapped[int] = mapped_column(
        sa.ForeignKey("person.id", ondelete="CASCADE"), index=True
    )
    obligation_id: Mapped[int] = mapped_column(sa.ForeignKey("obligation.id", ondelete="CASCADE"))
    rule_id: Mapped[str] = mapped_column(sa.String(30))
    fact_ref: Mapped[str] = mapped_column(sa.String(40))
    #: paper, permit, filed, leaving, not_me, renew, not_renew (said.py).
    kind: Mapped[str] = mapped_column(sa.String(10))
    #: The kind of document it tells of, if it is one.
    document: Mapped[str | None] = mapped_column(sa.String(30))
    said: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    note: Mapped[str] = mapped_column(sa.String(500), default="")
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship()
    link: Mapped[AnswerLink] = relationship(lazy="joined", innerjoin=True)
    verdict: Mapped["AnswerVerdict | None"] = relationship(lazy="joined", back_populates="answer")
    files: Mapped[list[Attachment]] = relationship(
        secondary="answer_file", order_by=Attachment.id, viewonly=True
    )


class AnswerFile(Model):
    """A file that came with an answer."""

    __tablename__ = "answer_file"

    answer_id: Mapped[int] = mapped_column(
        sa.ForeignKey("answer.id", ondelete="CASCADE"), primary_key=True
    )
    attachment_id: Mapped[int] = mapped_column(
        sa.ForeignKey("attachment.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class AnswerVerdict(Model):
    """What the office did about an answer; one without is open."""

    __tablename__ = "answer_verdict"

    answer_id: Mapped[int] = mapped_column(
        sa.ForeignKey("answer.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    #: taken (it is on record now), returned (something is missing), closed.
    verdict: Mapped[str] = mapped_column(sa.String(10))
    #: What the expert was told is missing, or why it was closed.
    reason: Mapped[str] = mapped_column(sa.String(500), default="")
    #: The document it became ("residence_permit/2"), if it did.
    fact_ref: Mapped[str | None] = mapped_column(sa.String(40))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[str] = mapped_column(sa.String(60))

    answer: Mapped[Answer] = relationship(back_populates="verdict")
