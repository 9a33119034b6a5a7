"""Answers as other pages of the office show them."""

from dataclasses import dataclass

from tracker.answers import links, queries
from tracker.answers.models import Answer
from tracker.core import clock
from tracker.web.answers import words


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer with its words."""

    answer: Answer
    kind: str
    lines: list[tuple[str, object]]
    verdict: str


@dataclass(frozen=True, slots=True)
class OfPerson:
    """The answers about a person, and how many links could still bring one."""

    answers: list[Shown]
    links: int


def of_person(person_id: int) -> OfPerson:
    """Return what was answered about a person."""
    found = queries.of_person(person_id)
    return OfPerson(
        [shown(each) for each in found], links.working_of(person_id, now=clock.now())
    )  # fmt: skip


def waiting() -> int:
    """Return how many answers wait for the office."""
    return queries.open_count()


def shown(answer: Answer) -> Shown:
    """Return an answer with its words."""
    verdict = str(words.VERDICTS[answer.verdict.verdict]) if answer.verdict else ""
    return Shown(answer, words.kind(answer), words.lines(answer), verdict)
