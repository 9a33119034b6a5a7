"""A slip of the pen in the regulations is an error that says where, what and how to mend it."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from tracker.rules.evaluate import evaluate
from tracker.rules.load import REGULATIONS, load_book
from tracker.rules.model import Fact, Person, RulesError

IDENTITY = "identity: [foreigner, permanent_resident]"
BIRTH = "applies_to.facts.birth"


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A copy of the regulations that a test may spoil."""
    shutil.copytree(REGULATIONS.parent / "jurisdictions", tmp_path / "jurisdictions")
    return Path(shutil.copytree(REGULATIONS, tmp_path / "regulations"))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_regulations_shipped_load() -> None:
    book = load_book()

    assert len({rule.id for rule in book.rules}) == 43
    assert book.jurisdiction == "wuhan"
    assert all(rule.law and rule.law_en and rule.checked_on for rule in book.rules)
    assert "birth" in book.kinds
    assert "person" not in book.kinds


def test_no_rule_is_both_entered_and_set_aside() -> None:
    book = load_book()

    assert {rule.id for rule in book.rules} & set(book.set_aside) == set()


@pytest.mark.parametrize(
    ("old", "new", "field", "problem"),
    [
        ("  role: deadline", "  rolle: deadline", "role", "is missing"),
        ("  role: deadline", "  role: dead", "role", "cannot be 'dead'"),
        ("  role: deadline", "  role: deadline\n  colour: red", "colour", "is unknown here"),
        ("title: {zh: ", "title: {zn: ", "title.zh", "is missing"),
        ("{zh: 在华出生婴儿登记,", "{zh: '  ',", "title.zh", "is not a text"),
        ("law: 出境入境管理法, ", "", "source.law", "is missing"),
        ("law_en: Exit and Entry Administration Law, ", "", "source.law_en", "is missing"),
        ("from: 2013-07-01", "from: 2013-06-31", "in_force.from", "is not a date"),
        ("confidence: V", "confidence: sure", "source.confidence", "cannot be 'sure'"),
        ("checked_on: 2026-11-22", "checked_on: lately", "source.checked_on", "is not a date"),
        ("  source: {", "  sauce: {", "source", "is missing"),
        ("unit: calendar_day", "unit: fortnight", "due.unit", "cannot be 'fortnight'"),
        ("after: 60, ", "", "due.after", "or `before` is needed, not both"),
        ("after: 60, ", "after: 60, before: 60, ", "due.after", "or `before` is needed, not both"),
        ("after: 60, ", "after: -60, ", "due.after", "is not a whole number"),
        ("after: 60, ", "after: true, ", "due.after", "is not a whole number"),
        ("after: 60, ", "after: city.days, ", "due", "uses city.days, which the city lacks"),
        (", safe: day_before", "", "due.safe", "is missing"),
        ("unit: calendar_day", "unit: hour", "due.safe", "has no meaning for a hour"),
        ("safe: day_before", "safe: someday", "due.safe", "cannot be 'someday'"),
        ("{from: 2013-07-01}", "{until: 2013-07-01}", "in_force.from", "is missing"),
        ("07-01}", "07-01, until: 2012-07-01}", "in_force.until", "lies before `from`"),
        (IDENTITY, "identity: guest", "applies_to.identity", "cannot be 'guest'"),
        (IDENTITY, "identity: 3", "applies_to.identity", "is not a list of texts"),
        ("facts: {birth: {count_from: on}}", "facts: {}", "applies_to.facts", "is empty"),
        ("{count_from: on}", "{}", f"{BIRTH}.count_from", "is missing"),
        ("on}}", "on, when: [{sex: F}]}}", f"{BIRTH}.when[1].sex", "is not a list"),
        ("on}}", "on, when: twin}}", f"{BIRTH}.when", "is not a list"),
        ("{count_from: on}", "on", BIRTH, "is not a mapping"),
    ],
)  # fmt: skip
def test_a_mistake_in_an_entry_is_named(
    directory: Path, old: str, new: str, field: str, problem: str
) -> None:
    edit(directory / "family.yaml", old, new)

    with pytest.raises(RulesError) as error:
        load_book(directory)

    found = error.value
    assert (found.file, found.entry, found.field) == ("family.yaml", "BIRTH", field)
    assert found.problem == problem
    assert found.remedy
    assert str(found) == f"family.yaml: BIRTH: {field}: {problem}. {found.remedy}"


@pytest.mark.parametrize(
    ("fulfilment", "field", "problem"),
    [
        ("{filed_by: visa}", "fulfilment.filed_by", "and `review_rule` belong together"),
        ("{survives_departure: maybe}", "fulfilment.survives_departure", "is not true or false"),
        ("{met_by: [{fact: visa}]}", "fulfilment.met_by[1]", "needs exactly one test"),
        ("{met_by: {fact: visa}}", "fulfilment.met_by", "is not a list"),
        ("{ended_by: visa}", "fulfilment.ended_by", "is unknown here"),
    ],
)
def test_a_mistake_in_what_fulfils_a_rule_is_named(
    directory: Path, fulfilment: str, field: str, problem: str
) -> None:
    edit(
        directory / "family.yaml",
        "  role: deadline",
        f"  role: deadline\n  fulfilment: {fulfilment}",
    )

    with pytest.raises(RulesError) as error:
        load_book(directory)

    assert (error.value.field, error.value.problem) == (field, problem)


def test_a_review_rule_must_exist(directory: Path) -> None:
    edit(directory / "residence_permit.yaml", "review_rule: RP-REVIEW", "review_rule: RP-REVUE")

    with pytest.raises(RulesError) as error:
        load_book(directory)

    assert (error.value.entry, error.value.field) == ("RP-EXT", "fulfilment.review_rule")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("- id: [", "expected the node content, but found '<stream end>'"),
        ("- {id: BIRTH, role: deadline, role: limit}", "the key 'role' stands twice"),
        ("id: BIRTH", "is not a list"),
        ("- BIRTH", "is not a mapping"),
    ],
)
def test_a_broken_file_is_named(directory: Path, text: str, problem: str) -> None:
    (directory / "family.yaml").write_text(text, encoding="utf-8")

    with pytest.raises(RulesError) as error:
        load_book(directory)

    assert error.value.file == "family.yaml"
    assert problem in error.value.problem


def test_a_file_that_is_no_text_is_named(directory: Path) -> None:
    (directory / "family.yaml").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(RulesError, match="cannot be read"):
        load_book(directory)


def test_a_city_without_a_profile_is_refused() -> None:
    with pytest.raises(RulesError, match=r"atlantis\.yaml: cannot be read"):
        load_book(jurisdiction="atlantis")


def test_two_versions_in_force_on_one_day_are_refused(directory: Path) -> None:
    path = directory / "family.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text + text, encoding="utf-8")

    with pytest.raises(RulesError) as error:
        load_book(directory)

    assert (error.value.entry, error.value.field) == ("BIRTH", "in_force")
    assert error.value.problem == "two versions are in force on 2013-07-01"


def test_a_changed_law_applies_from_its_day_on(directory: Path) -> None:
    path = directory / "family.yaml"
    old = path.read_text(encoding="utf-8").replace("2013-07-01}", "2013-07-01, until: 2026-06-30}")
    new = old.replace("2013-07-01, until: 2026-06-30", "2026-07-01").replace(
        "after: 60", "after: 90"
    )
    path.write_text(old + new, encoding="utf-8")

    book = load_book(directory)

    def due(day: date) -> list[date | None]:
        duties = evaluate(Person("FRA"), [Fact("birth/1", "birth", {"on": day})], book)
        return [duty.statutory for duty in duties]

    assert due(date(2026, 6, 30)) == [date(2026, 8, 29)]
    assert due(date(2026, 7, 1)) == [date(2026, 9, 29)]
    assert book.rule("BIRTH", date(2026, 6, 30)).count.amount == 60
    assert book.rule("BIRTH").count.amount == 90


def test_a_citys_number_changes_on_its_day(directory: Path) -> None:
    profile = directory.parent / "jurisdictions" / "wuhan.yaml"
    text = profile.read_text(encoding="utf-8")
    start = text.index("  - id: work_permit_cutoff_days")
    entry = text[start : text.index("  - id:", start + 5)]
    older = entry.replace("2017-04-01}", "2017-04-01, until: 2026-08-31}")
    newer = entry.replace("2017-04-01}", "2026-09-01}").replace("value: 45", "value: 60")
    profile.write_text(text.replace(entry, older + newer), encoding="utf-8")

    book = load_book(directory)

    def cut_off(expires_on: date) -> list[date | None]:
        facts = [Fact("work_permit/1", "work_permit", {"expires_on": expires_on})]
        duties = evaluate(Person("FRA"), facts, book)
        return [duty.statutory for duty in duties if duty.rule_id == "WP-EXT-LOCAL"]

    # 31 August less 45 days; 1 September less 60.
    assert cut_off(date(2026, 8, 31)) == [date(2026, 7, 17)]
    assert cut_off(date(2026, 9, 1)) == [date(2026, 7, 3)]
    assert book.parameter("work_permit_cutoff_days", date(2026, 9, 1)).value == 60


def test_two_values_of_a_citys_number_on_one_day_are_refused(directory: Path) -> None:
    profile = directory.parent / "jurisdictions" / "wuhan.yaml"
    text = profile.read_text(encoding="utf-8")
    parameters = text[text.index("  - id:") :]
    profile.write_text(text + parameters, encoding="utf-8")

    with pytest.raises(RulesError) as error:
        load_book(directory)

    assert (error.value.file, error.value.field) == ("wuhan.yaml", "in_force")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('"04-05", "06-09"', '"04-31", "06-09"', "'04-31' is no day"),
        ("  2027: [", "  next: [", "'02-05' is no day"),
        ('["01-01", "05-01"', '["01-32", "05-01"', "'01-32' is no day"),
    ],
)
def test_a_mistake_in_the_table_of_holidays_is_named(
    directory: Path, old: str, new: str, problem: str
) -> None:
    edit(directory / "calendar" / "statutory.yaml", old, new)

    with pytest.raises(RulesError) as error:
        load_book(directory)

    assert (error.value.file, error.value.problem) == ("statutory.yaml", problem)


def test_a_citys_number_that_ended_before_the_rule_makes_no_version(directory: Path) -> None:
    profile = directory.parent / "jurisdictions" / "wuhan.yaml"
    text = profile.read_text(encoding="utf-8")
    start = text.index("  - id: work_permit_cutoff_days")
    entry = text[start : text.index("  - id:", start + 5)]
    ended = entry.replace("from: 2017-04-01", "from: 2010-01-01, until: 2017-03-31")
    profile.write_text(text.replace(entry, ended + entry), encoding="utf-8")

    versions = [rule for rule in load_book(directory).rules if rule.id == "WP-EXT-LOCAL"]

    assert [rule.in_force_from for rule in versions] == [date(2017, 4, 1)]


def test_a_rule_cites_its_source_in_both_languages() -> None:
    rule = load_book().rule("RP-EXT")

    assert rule.source == "出境入境管理法 32"
    assert rule.source_en == "Exit and Entry Administration Law 32"
    assert rule.title["zh"] == "居留证件延期"
    assert rule.title["en"] == "Extension of the residence permit"
