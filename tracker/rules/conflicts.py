"""Find what contradicts each other among the papers of one person. Pure."""

from collections.abc import Iterable, Iterator

from tracker.rules.book import RuleBook
from tracker.rules.comparisons import COMPARISONS, Papers
from tracker.rules.conflict import Conflict, ConflictRule
from tracker.rules.model import Fact, Person
from tracker.rules.standing import Dossier


def find(person: Person, facts: Dossier, former: Iterable[Fact], book: RuleBook) -> list[Conflict]:
    """Return the conflicts among the papers in force, in the order of the regulations.

    `former`: passports and lodgings that newer ones took the place of. Who has departed has none.
    """
    papers = Papers(person, facts, Dossier(former), book)
    return [
        conflict
        for rule in _concerned(person, book)
        for conflict in COMPARISONS[rule.compare](rule, papers)
    ]


def _concerned(person: Person, book: RuleBook) -> Iterator[ConflictRule]:
    for rule in book.conflicts_for(person.identity):
        if person.status not in rule.statuses:
            continue
        if rule.nationalities and person.nationality not in rule.nationalities:
            continue
        if person.nationality not in rule.other_nationalities:
            yield rule
