"""Every worked case agrees with the book, and every rule has cases."""

from pathlib import Path

import pytest

from tracker.facts.kinds import KINDS
from tracker.rules.book import RuleBook
from tracker.rules.cases import run_cases
from tracker.rules.load import load_book
from tracker.rules.model import Rule
from tracker.rules.strict import read

FILES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))


@pytest.fixture(scope="module")
def book() -> RuleBook:
    return load_book()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_cases_agree_with_the_book(path: Path, book: RuleBook) -> None:
    report = run_cases(path, book)

    assert report.differences == []
    assert report.failed == 0


def test_every_rule_has_a_case_that_yields_a_date_and_one_that_yields_none(book: RuleBook) -> None:
    cases = [case for path in FILES for case in read(path)]
    dated = {rule for case in cases for rule, want in case["expect"].items() if want != "none"}
    none = {rule for case in cases for rule, want in case["expect"].items() if want == "none"}
    ids = {rule.id for rule in book.rules}

    assert ids - dated == set()
    assert ids - none == UNCONDITIONAL


#: Rules that every fact of their kind starts for the persons they concern.
UNCONDITIONAL = {"HMT-CARD-VALID", "PP-VALID", "SI-REG-JOB", "STAY-CERT"}


def _fields(rule: Rule) -> set[tuple[str, str]]:
    fields = set()
    for kind, trigger in rule.triggers.items():
        conditions = [each for group in (*trigger.when, *trigger.unless) for each in group]
        names = {*trigger.count_from, *(each.field for each in conditions)}
        fields |= {(kind, name) for name in names | {trigger.plus_days} - {None}}
    return fields


def test_rules_count_from_fields_that_facts_have(book: RuleBook) -> None:
    known = {(kind.name, name) for kind in KINDS.values() for name in kind.fields}
    used = set().union(*(_fields(rule) for rule in book.rules)) - {("person", "born_on")}

    assert used - known == set()


def test_every_rule_speaks_both_languages_in_short_sentences(book: RuleBook) -> None:
    too_long = [
        rule.id
        for rule in book.rules
        for text in (rule.what_to_do.zh, rule.what_to_do.en)
        if len(text) > 220 or not text.endswith(("。", "."))
    ]

    assert too_long == []


def test_what_to_do_in_chinese_is_chinese_and_in_english_is_not(book: RuleBook) -> None:
    def chinese(text: str) -> bool:
        return any("一" <= letter <= "鿿" for letter in text)

    for rule in book.rules:
        for words in (rule.title, rule.what_to_do, rule.penalty):
            assert (chinese(words.zh), chinese(words.en)) == (True, False), rule.id
