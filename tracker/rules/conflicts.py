"""Find what contradicts each other among the papers of one person. Pure."""

from collections.abc import Iterable

from tracker.rules.book import RuleBook
from tracker.rules.comparisons import COMPARISONS, Papers
from tracker.rules.conflict import Conflict
from tracker.rules.model import Fact, Person
from tracker.rules.standing import Dossier


def find(person: Person, facts: Dossier, former: Iterable[Fact], book: RuleBook) -> list[Conflict]:
    """Return the conflicts among the papers in force, in the order of the regulations.

    `former`: passports and lodgings that newer ones took the place of. Who has departed has none.
    """
    papers = Papers(person, facts, Dossier(former), book)
    return [
        conflict
        for rule in book.conflicts_of(person, facts.kinds)
        for conflict in COMPARISONS[rule.compare](rule, papers)
    ]
