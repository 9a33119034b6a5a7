"""Papers that contradict each other: what may be wrong, and what was found."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from tracker.rules.model import Person, Words

#: act: settle it now; plan: heed it at the next application; check: the record cannot be right.
Grade = Literal["act", "plan", "check"]
#: A kind of document, with the fields of which the first that is filled is looked at.
Part = tuple[str, tuple[str, ...]]
Side = tuple[Part, ...]
#: Stands for the person's own particulars on one side of a conflict.
PROFILE = "profile"


#: Comparisons that find nothing unless there is a document on either side.
OF_TWO = frozenset({"ends_before", "predates", "lapsed", "too_old_to_file"})


@dataclass(frozen=True, slots=True)
class ConflictRule:
    """One way in which two documents, or a document and the person, do not go together.

    `compare` names the comparison (tracker/rules/comparisons.py) of `first` with `second`.
    `by`: per kind, the rule that counts how long it is good for. `filings`: the duties that would
    be filed with it. `settled_by`: per kind of `first`, the duty whose settlement ends the matter.
    """

    id: str
    grade: Grade
    title: Words
    why: Words
    what_to_do: Words
    law: str
    law_en: str
    article: str
    confidence: str
    checked_on: date
    identities: frozenset[str]
    statuses: frozenset[str]
    compare: str
    first: Side
    second: Side
    by: Mapping[str, str]
    filings: frozenset[str]
    settled_by: Mapping[str, str]
    nationalities: frozenset[str] = frozenset()
    other_nationalities: frozenset[str] = frozenset()

    def concerns(self, person: Person, kinds: Collection[str]) -> bool:
        """Say whether a person with papers of these kinds can have it."""
        if person.identity not in self.identities or person.status not in self.statuses:
            return False
        if self.nationalities and person.nationality not in self.nationalities:
            return False
        if person.nationality in self.other_nationalities:
            return False
        sides = [
            any(kind in kinds for kind, _fields in side)
            for side in (self.first, self.second) if side
        ]  # fmt: skip
        return all(sides) if self.compare in OF_TWO else not sides or any(sides)

    @property
    def source(self) -> str:
        """The law and its article as cited in Chinese."""
        return f"{self.law} {self.article}".rstrip()

    @property
    def source_en(self) -> str:
        """The law and its article as cited in English."""
        return f"{self.law_en} {self.article}".rstrip()


class Conflict(NamedTuple):
    """What was found between two documents, and the days that do not go together.

    It holds from `from_on` until `until_on`, both included; None has no bound.
    """

    rule_id: str
    first_ref: str
    second_ref: str
    first_on: date | None = None
    second_on: date | None = None
    from_on: date | None = None
    until_on: date | None = None

    def holds_on(self, day: date) -> bool:
        """Say whether it is a conflict on `day`."""
        begun = self.from_on is None or self.from_on <= day
        return begun and (self.until_on is None or day <= self.until_on)
