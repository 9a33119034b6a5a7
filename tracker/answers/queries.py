"""Read answers: open ones first, those of a person, one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tracker.answers.models import Answer, AnswerVerdict
from tracker.core.db import db
from tracker.core.errors import NotFound

#: Joined from the answer, not the other way round: there are few answers.
_WITH_VERDICT = sa.outerjoin(Answer, AnswerVerdict, AnswerVerdict.answer_id == Answer.id)
_OPEN = AnswerVerdict.answer_id.is_(None)


def open_count() -> int:
    """Return how many answers wait for the office."""
    count = sa.select(sa.func.count()).select_from(_WITH_VERDICT).where(_OPEN)
    return db.session.scalar(count) or 0


def listing(*, open_: bool, offset: int = 0, most: int) -> Sequence[Answer]:
    """Return answers with their persons: of the open the oldest first, of others the newest."""
    order: Any = Answer.id if open_ else AnswerVerdict.decided_at.desc()
    wanted = (
        sa.select(Answer)
        .outerjoin(AnswerVerdict)
        .where(_OPEN if open_ else ~_OPEN)
        .options(sa.orm.joinedload(Answer.person), sa.orm.selectinload(Answer.files))
        .order_by(order, Answer.id)
        .offset(offset)
        .limit(most)
    )
    return db.session.scalars(wanted).unique().all()


def of_person(person_id: int, *, most: int = 50) -> Sequence[Answer]:
    """Return the answers about a person, open ones first, the newest first among them."""
    wanted = (
        sa.select(Answer)
        .outerjoin(AnswerVerdict)
        .where(Answer.person_id == person_id)
        .order_by(~_OPEN, Answer.id.desc())
        .limit(most)
    )
    return db.session.scalars(wanted).unique().all()


def decided_since(moment: datetime) -> frozenset[int]:
    """Return of whom a unit has said whether they stay; what was put aside does not count."""
    said = (
        sa.select(Answer.person_id)
        .outerjoin(AnswerVerdict)
        .where(
            Answer.kind.in_(("renew", "not_renew")), Answer.given_at > moment,
            sa.or_(_OPEN, AnswerVerdict.verdict == "taken"),
        )
    )  # fmt: skip
    return frozenset(db.session.scalars(said))


def get(answer_id: int) -> Answer:
    """Return an answer; NotFound if there is none."""
    found = db.session.get(Answer, answer_id)
    if found is None:
        raise NotFound("There is no such answer.")
    return found
