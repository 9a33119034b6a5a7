"""How long the next permit can run, and which document says so. Pure."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from tracker.rules.book import RuleBook
from tracker.rules.counting import apply
from tracker.rules.procedures.circumstances import PERMITS, Subject


@dataclass(frozen=True, slots=True)
class Cap:
    """The last day a permit asked for now can have.

    `binding`: what says so. `next_limit`: by when that permit would have to be extended in turn,
    `provisional` if the calendar of that year is not known.
    """

    day: date
    binding: Literal["asked", "contract", "passport"]
    next_limit: date
    provisional: bool


def cap_of(subject: Subject, book: RuleBook, *, until: date | None = None) -> Cap | None:
    """Return the cap of a foreigner's next permit; None if no document and no wish says one.

    A contract that does not outlast the present permits is still to be renewed and says nothing.
    """
    present = max((day for kind in PERMITS if (day := subject.day(kind, "expires_on"))),
                  default=None)  # fmt: skip
    contract = subject.day("contract", "ends_on")
    passport = subject.day("passport", "expires_on")
    ends: list[tuple[date, Literal["asked", "contract", "passport"]]] = []
    if passport:
        ends.append((passport, "passport"))
    if contract and (present is None or contract > present):
        ends.append((contract, "contract"))
    if until:
        ends.append((until, "asked"))
    if not ends or subject.person.identity != "foreigner":
        return None
    day, binding = min(ends, key=lambda each: each[0])
    counted = apply(book.rule("RP-EXT", day).count, day, book.calendar)
    return Cap(day, binding, counted.safe or counted.statutory, counted.provisional)
