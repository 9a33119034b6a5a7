"""What is written as a roster and read again is the same, whatever an office has on record."""

from datetime import date

import openpyxl
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.roster.recorded import NOW, everything, facts_told, take_in
from tests.seeds import fill
from tracker import pipeline
from tracker.core.db import db
from tracker.facts import service as facts
from tracker.facts.models import FactVersion, ImportBatch, Person, Unit
from tracker.roster import apart, countries, export
from tracker.roster.folding import narrow, tidy

DAYS = st.dates(date(1950, 1, 1), date(2099, 12, 31))
NUMBERS = st.from_regex(r"[A-Z0-9][A-Z0-9/-]{0,12}", fullmatch=True).filter(tidy)
#: Letters and signs of any script, as texts are kept: without padding or invisible characters.
TEXTS = (
    st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "), min_size=1, max_size=40)
    .map(tidy)
    .filter(bool)
)
LATIN = st.from_regex(r"[A-Z]{2,12}( [A-Z][a-z]{1,10}){1,3}", fullmatch=True)


def document(**more):
    """Return a strategy for a document with a number or a last day, its days in order."""
    days = st.tuples(DAYS, DAYS).map(sorted)
    return st.tuples(NUMBERS, days, st.fixed_dictionaries({}, optional=more)).map(
        lambda drawn: (
            {"number": drawn[0], "issued_on": drawn[1][0], "expires_on": drawn[1][1]} | drawn[2]
        )
    )


CONTRACT = st.tuples(DAYS, DAYS, TEXTS).map(
    lambda drawn: {"starts_on": min(drawn[:2]), "ends_on": max(drawn[:2]), "post": drawn[2]}
)
PROFILE = st.fixed_dictionaries(
    {"name_en": LATIN, "nationality": st.sampled_from(sorted(set(countries.ALPHA3.values()))),
     "identity": st.sampled_from(["foreigner", "hmt", "permanent_resident"]),
     "language": st.sampled_from(["zh", "en", "both"]),
     "status": st.sampled_from(["recruiting", "active", "on_leave"])},
    optional={"name_zh": TEXTS, "category": st.sampled_from("ABC"), "sex": st.sampled_from("FMX"),
              "phone": TEXTS.map(narrow), "address": TEXTS, "unit": TEXTS, "born_on": DAYS,
              "employee_no": NUMBERS, "email": st.just("someone@example.org")},
)  # fmt: skip
DOCUMENTS = st.fixed_dictionaries(
    {"passport": document(received_on=DAYS)},
    optional={
        "visa": document(), "work_permit": document(category=st.sampled_from("ABC")),
        "residence_permit": document(purpose=TEXTS), "stay_certificate": document(),
        "hmt_travel_permit": document(), "hmt_residence_card": document(),
        "permanent_residence_card": document(), "contract": CONTRACT,
        "entry": st.fixed_dictionaries(
            {"on": DAYS}, optional={"visa": st.sampled_from(["Z", "F", "M"]),
                                    "stay_days": st.integers(1, 3650)}),
        "health_certificate": st.fixed_dictionaries({"issued_on": DAYS}),
        "no_criminal_record": st.fixed_dictionaries({"issued_on": DAYS}),
    },
)  # fmt: skip
#: Some at a time: a database is emptied twice for each list of them.
PEOPLE = st.lists(
    st.tuples(PROFILE, DOCUMENTS), min_size=6, max_size=9,
    unique_by=(lambda each: each[1]["passport"]["number"],
               lambda each: each[0].get("employee_no", id(each)),
               lambda each: each[0]["name_en"]),
)  # fmt: skip


def forget_everything():
    db.session.rollback()
    for table in reversed(db.metadata.sorted_tables):
        db.session.execute(sa.delete(table))
    db.session.commit()


@settings(
    max_examples=18, deadline=None, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(people=PEOPLE)
def test_export_and_import_give_back_the_same_facts(app, tmp_path, people):
    forget_everything()
    for profile, documents in people:
        person = facts.create_person(profile, by="test", at=NOW)
        for kind, fields in documents.items():
            facts.record(person, kind, fields, by="test", at=NOW)
    db.session.commit()
    file = tmp_path / "export.xlsx"
    told = facts_told()

    export.write(file)
    changed = []
    again = take_in(file, look=lambda judged: changed.extend(judged.changes))
    forget_everything()
    anew = take_in(file)

    assert (again.rejected, changed, anew.rejected) == ([], [], [])
    assert anew.counts()["created"] == len(people)
    assert facts_told() == told


def test_export_of_staff_in_every_state_of_life_changes_nothing_when_imported(app, tmp_path):
    fill(40, today=date(2026, 9, 10), now=NOW)
    db.session.commit()
    before = everything()
    file = tmp_path / "export.xlsx"

    people = export.write(file)
    report = take_in(file)

    assert report.rejected == []
    assert report.counts()["unchanged"] == people
    assert everything() == before


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@x", "\t=1", "|x", "＝1+1", "https://example.org"]
)
def test_text_never_becomes_a_formula_or_link(app, tmp_path, text):
    facts.create_person(
        {"name_en": "MARTIN Alice", "nationality": "FRA", "address": text}, by="test", at=NOW
    )
    db.session.commit()
    file = tmp_path / "export.xlsx"

    export.write(file)

    sheet = openpyxl.load_workbook(file).worksheets[0]
    (cell,) = [each for each in sheet[2] if each.value == text]
    assert (cell.data_type, cell.hyperlink) == ("s", None)


@pytest.mark.parametrize("small", [apart.SMALL, 0])
def test_deadlines_of_an_import_are_those_of_a_rebuild(app, tmp_path, monkeypatch, small):
    monkeypatch.setattr(apart, "SMALL", small)
    fill(40, today=date(2026, 9, 10), now=NOW)
    db.session.commit()
    file = tmp_path / "export.xlsx"
    export.write(file)
    forget_everything()
    take_in(file)
    before = everything()

    pipeline.rebuild(today=date(2026, 9, 10), now=NOW)

    assert everything() == before
    assert db.session.scalar(sa.select(sa.func.count(Person.id))) == 40
    assert db.session.scalar(sa.select(sa.func.count(ImportBatch.id))) == 1
    assert db.session.scalar(sa.select(sa.func.count(Unit.id))) > 1
    assert db.session.scalar(sa.select(sa.func.count(FactVersion.id))) > 100
