"""Take answers down and record what the office did about them. Flushes; the caller commits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from tracker.answers import said
from tracker.answers.models import Answer, AnswerFile, AnswerLink, AnswerVerdict
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid, NotFound
from tracker.core.i18n import gettext as _
from tracker.files import service as files

#: How records name who answered.
BY = "link"


@dataclass(frozen=True, slots=True)
class Duty:
    """The duty an answer is about, as far as its record needs it."""

    rule_id: str
    fact_ref: str
    document: str | None


@dataclass(frozen=True, slots=True)
class Words:
    """An answer on its way in. `files`: (bytes, what its sender calls it) of each."""

    kind: str
    said: Mapping[str, Any]
    note: str
    form_id: str
    files: Sequence[tuple[bytes, str]] = ()


def give(link: AnswerLink, duty: Duty, words: Words, *, at: datetime, written: list[str]) -> Answer:
    """Keep an answer as it was sent, with its files; `written` comes from files.uploading().

    Lock the link first (links.find), so that of two at once one finds the other.
    """
    if said.FILES.get(words.kind) and not words.files:
        raise Invalid(file=_("Choose a file first."))
    answer = Answer(
        link_id=link.id, form_id=words.form_id, person_id=link.person_id,
        obligation_id=link.obligation_id, rule_id=duty.rule_id, fact_ref=duty.fact_ref,
        kind=words.kind, document=duty.document if words.kind == "permit" else None,
        said=said.stored(words.said), note=words.note, given_at=at,
    )  # fmt: skip
    db.session.add(answer)
    db.session.flush()
    kept = {
        files.add(
            link.person_id, data, title=title, fact_ref=None, by=BY, at=at, written=written
        ).id
        for data, title in words.files
    }
    db.session.add_all(AnswerFile(answer_id=answer.id, attachment_id=each) for each in kept)
    db.session.flush()
    return answer


def of_link(link: AnswerLink) -> Answer | None:
    """Return what was answered by a link."""
    return db.session.scalar(sa.select(Answer).filter_by(link_id=link.id))


def for_verdict(answer_id: int) -> Answer:
    """Return an open answer, kept from other officers until the transaction ends.

    Conflict once somebody has dealt with it; NotFound if there is none.
    """
    found = db.session.get(
        Answer, answer_id, populate_existing=True, with_for_update={"of": Answer}
    )
    if found is None:
        raise NotFound("There is no such answer.")
    if found.verdict is not None:
        raise Conflict(_("Somebody has dealt with this answer meanwhile."))
    return found


def decide(
    answer: Answer, verdict: str, *, by: str, at: datetime, reason: str = "",
    fact_ref: str | None = None,
) -> AnswerVerdict:  # fmt: skip
    """Record what the office did: taken, returned or closed."""
    row = AnswerVerdict(
        answer_id=answer.id, verdict=verdict, reason=reason, fact_ref=fact_ref, decided_at=at,
        decided_by=by,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    db.session.expire(answer, ["verdict"])
    return row


def show_in(answer: Answer, fact_ref: str) -> None:
    """Note which document the files of an answer show."""
    for each in answer.files:
        files.belongs(each, fact_ref)


@dataclass(frozen=True, slots=True)
class UnitDecision:
    """What a unit said about somebody whose papers end. `confirmed`: the office took it over."""

    person_id: int
    renew: bool
    until: date | None
    said_on: datetime
    answer_id: int
    confirmed: bool


def decision_of(person_id: int) -> UnitDecision | None:
    """Return the newest decision of a unit about a person; what was put aside does not count."""
    newest = (
        sa.select(Answer)
        .outerjoin(AnswerVerdict)
        .where(
            Answer.person_id == person_id, Answer.kind.in_(("renew", "not_renew")),
            sa.or_(AnswerVerdict.verdict.is_(None), AnswerVerdict.verdict == "taken"),
        )
        .order_by(Answer.id.desc())
        .limit(1)
    )  # fmt: skip
    answer = db.session.scalar(newest)
    if answer is None:
        return None
    return UnitDecision(
        person_id, answer.kind == "renew", said.day(answer.said, "until"), answer.given_at,
        answer.id, answer.verdict is not None,
    )  # fmt: skip
