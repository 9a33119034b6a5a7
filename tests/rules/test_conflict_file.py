"""The conflicts shipped, and slips of the pen in them."""

import shutil

import pytest

from tests.rules.test_load import edit
from tracker.facts.kinds import KINDS
from tracker.rules.book import RuleBook
from tracker.rules.load import REGULATIONS, load_book
from tracker.rules.model import RulesError


@pytest.fixture(scope="module")
def book() -> RuleBook:
    return load_book()


def test_every_kind_and_field_compared_is_one_that_facts_have(book):
    known = {(kind.name, field) for kind in KINDS.values() for field in kind.fields}
    used = {
        (kind, field)
        for rule in book.conflicts.values()
        for side in (rule.first, rule.second)
        for kind, fields in side
        for field in fields
    }

    assert used - known == set()


def test_each_conflict_speaks_both_languages(book):
    def chinese(text):
        return any("一" <= letter <= "鿿" for letter in text)

    texts = [
        (chinese(words.zh), chinese(words.en))
        for rule in book.conflicts.values()
        for words in (rule.title, rule.why, rule.what_to_do)
    ]
    assert set(texts) == {(True, False)}


@pytest.mark.parametrize(
    ("old", "new", "field", "problem"),
    [
        ("grade: plan", "grade: red", "grade", "cannot be 'red'"),
        ("compare: ends_before", "compare: guess", "compare", "cannot be 'guess'"),
        ("identity: foreigner", "identity: martian", "applies_to.identity", "cannot be 'martian'"),
        ("filings: [RP-FIRST, RP-EXT]", "filings: [RP-LAST]", "filings", "cannot be 'RP-LAST'"),
        ("by: {person: AGE-B}", "by: {person: AGE-Z}", "by.person", "cannot be 'AGE-Z'"),
        ("id: PERMIT-AFTER-CONTRACT", "id: PASSPORT-ENDS-FIRST", "id", "stands twice"),
    ],
)
def test_slip_in_the_conflicts_is_named(tmp_path, old, new, field, problem):
    shutil.copytree(REGULATIONS.parent / "jurisdictions", tmp_path / "jurisdictions")
    directory = shutil.copytree(REGULATIONS, tmp_path / "regulations")
    edit(directory / "conflicts.yaml", old, new)

    with pytest.raises(RulesError) as caught:
        load_book(directory)

    assert (caught.value.file, caught.value.field, caught.value.problem) == (
        "conflicts.yaml", field, problem,
    )  # fmt: skip
