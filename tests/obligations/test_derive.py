"""What follows from papers alike is found once; it is what each would have found alone."""

from datetime import UTC, date, datetime
from typing import Any

from tracker.demo import people
from tracker.facts.documents import Document
from tracker.obligations.derive import Context, person_of, rows_of
from tracker.rules.load import load_book

TODAY = date(2026, 9, 10)
AT = datetime(2026, 9, 10, 1, tzinfo=UTC)
BOOK = load_book()
AGO = {"other": 0}
NATIONALITIES = ("FRA", "DEU", "TWN", "HKG")


def context() -> Context:
    return Context(BOOK, TODAY, AGO)


def papers() -> list[tuple[dict[str, Any], list[Document]]]:
    """Return profiles and papers in every state of life, imported and not."""
    found = []
    for number, invented in enumerate(people.make_people(200, seed=3, today=TODAY)):
        profile = {"identity": "foreigner", "status": "active"} | dict(invented.profile)
        profile["nationality"] = NATIONALITIES[number % len(NATIONALITIES)]
        told_on = TODAY if number % 2 else None
        documents = [
            Document(f"{kind}/{place}", kind, fields, AT, told_on)
            for place, (kind, fields) in enumerate(invented.facts, 1)
        ]
        found.append((profile, documents))
    return found


def test_papers_alike_lead_to_what_each_would_alone():
    shared = context()
    together = [rows_of(1, person_of(one), papers_, shared) for one, papers_ in papers() * 2]

    alone = [rows_of(1, person_of(one), papers_, context()) for one, papers_ in papers()]

    assert together == alone * 2
    assert len({row.state for rows in alone for row in rows.values()}) > 3


def test_every_single_field_that_matters_is_told_apart():
    """Take one field away from one paper: what is remembered of the others must not answer."""
    shared = context()
    for profile, documents in papers()[:20]:
        person = person_of(profile)
        for place, document in enumerate(documents):
            for name in document.data:
                fewer = {key: value for key, value in document.data.items() if key != name}
                changed = [*documents]
                changed[place] = document._replace(data=fewer)

                assert rows_of(1, person, changed, shared) == rows_of(1, person, changed, context())
