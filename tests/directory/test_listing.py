"""Lists of people: who is in them, in which order, in how many queries."""

from datetime import date, timedelta
from itertools import chain

import pytest
import sqlalchemy as sa

from tests.factories import AT, make_person, record
from tracker import pipeline
from tracker.accounts.scope import Scope
from tracker.core.db import db
from tracker.directory import filters, listing
from tracker.directory.listing import Listing, Reader
from tracker.facts.models import Person

TODAY = date(2026, 1, 5)
EVERYBODY = Scope(everybody=True)


@pytest.fixture
def people(app):
    """Anna, overdue; Bo, due this month; Cai, due later; Dora, nothing open; Emil, departed."""
    lines = (
        ("安娜", "WEBER Anna", "DEU", "A", "物理学院", "active", -3, "东院外专楼"),
        ("薄波", "BO Bo", "FRA", "B", "化学学院", "on_leave", 10, "西院外专楼"),
        ("蔡明", None, "HKG", None, "物理学院", "active", 90, None),
        (None, "Çelik Dora", "DEU", "C", None, "recruiting", None, None),
        ("恩明", "ENGEL Emil", "FRA", "B", "化学学院", "departed", None, None),
    )
    made = {}
    for name_zh, name_en, nationality, category, unit, status, due, building in lines:
        identity = "hmt" if nationality == "HKG" else "foreigner"
        person = make_person(
            name_zh=name_zh, name_en=name_en, nationality=nationality, category=category,
            unit=unit, status=status, identity=identity,
        )  # fmt: skip
        if due is not None:
            record(person, "birth", on=TODAY - timedelta(days=60) + timedelta(days=due))
        if building:
            record(person, "accommodation", moved_in_at=AT, building=building, registered_on=TODAY)
        made[(name_en or name_zh).split()[-1]] = person.id
    ids = list(made.values())
    pipeline.refresh(ids, today=TODAY, now=AT)
    return made


def found(people, query, *, scope=EVERYBODY, by_number=False, language="en"):
    """Return who is found, in order."""
    reader = Reader(scope, by_number, language, TODAY)
    names = {person_id: name for name, person_id in people.items()}
    made = Listing(filters.parse(query), reader)
    ids = made.ids()
    assert made.count() == len(ids)
    assert [row.id for row in made.page(offset=0, most=99)] == ids
    return [names[person_id] for person_id in ids]


@pytest.mark.parametrize(
    ("query", "expected"),
    [("", ["Bo", "蔡明", "Dora", "Anna"]), ("status=all", ["Bo", "蔡明", "Dora", "Emil", "Anna"]),
     ("status=departed", ["Emil"]), ("nationality=DEU", ["Dora", "Anna"]),
     ("category=none", ["蔡明"]), ("category=C", ["Dora"]), ("identity=hmt", ["蔡明"]),
     ("building=东院", ["Anna"]), ("q=an+na", ["Anna"]), ("q=ming", ["蔡明", "Emil"]),
     ("q=明", ["蔡明", "Emil"]), ("q=ming&status=active", ["蔡明"]), ("q=celik", ["Dora"]),
     ("q=%25", []), ("nationality=DEU&category=A", ["Anna"]), ("unit=999", [])],
)  # fmt: skip
def test_filters_choose(people, query, expected):
    assert found(people, query) == expected


def test_what_is_due_is_told_from_the_next_safe_day(people):
    due = {name: found(people, f"due={name}&status=all") for name in filters.DUE}

    days = dict(db.session.execute(sa.text("SELECT person_id, safe_on FROM next_deadline")).all())
    by_day = {name: str(days.get(person_id, "")) for name, person_id in people.items()}
    assert set(due["overdue"]) == {n for n, day in by_day.items() if day and day < "2026-01-05"}
    assert set(due["month"]) == {n for n, d in by_day.items() if "2026-01-05" <= d <= "2026-01-31"}
    assert set(due["nothing"]) == {n for n, day in by_day.items() if not day}
    assert len(due["overdue"]) == 1


@pytest.mark.parametrize("sort", ["next", "expiry"])
@pytest.mark.parametrize("way", ["", "-"])
def test_who_has_no_day_comes_last_both_ways(people, sort, way):
    order = found(people, f"sort={way}{sort}&status=all")

    rows = {p.id: p for p in db.session.scalars(sa.select(Person))}
    days = dict(db.session.execute(sa.text("SELECT person_id, safe_on FROM next_deadline")).all())
    key = (lambda n: days.get(people[n])) if sort == "next" else (
        lambda n: rows[people[n]].expires_on)  # fmt: skip
    having = [name for name in order if key(name) is not None]
    assert order[: len(having)] == having
    assert having == sorted(having, key=lambda name: str(key(name)), reverse=way == "-")


def test_names_are_sorted_for_the_reader(people):
    assert found(people, "", language="zh") == ["Anna", "Bo", "蔡明", "Dora"]
    assert found(people, "sort=-name", language="en") == ["Anna", "Dora", "蔡明", "Bo"]


def test_units_and_nationalities_stay_together(people):
    by_unit = found(people, "sort=unit&status=all")
    by_nation = found(people, "sort=nationality&status=all")

    assert by_unit[-1] == "Dora"
    assert set(by_unit[:2]) == {"Anna", "蔡明"}
    assert [name in {"Dora", "Anna"} for name in by_nation] == [True, True, False, False, False]


def test_scope_keeps_others_out_of_list_and_choices(people):
    unit_id = db.session.scalar(sa.select(Person.unit_id).where(Person.id == people["Anna"]))
    own = Scope(unit_id=unit_id)

    assert found(people, "status=all", scope=own) == ["蔡明", "Anna"]
    assert found(people, "q=bo", scope=own) == []
    assert listing.nationalities(own) == ["DEU", "HKG"]
    assert listing.buildings(own) == ["东院外专楼"]
    assert listing.units(own) == []
    assert found(people, "status=all", scope=Scope()) == []
    assert listing.nationalities(EVERYBODY) == ["DEU", "FRA", "HKG"]
    assert listing.buildings(EVERYBODY) == ["东院外专楼", "西院外专楼"]


def test_pages_put_together_are_the_whole(people):
    reader = Reader(EVERYBODY, False, "en", TODAY)
    for sort in chain(filters.SORTS, (f"-{name}" for name in filters.SORTS)):
        made = Listing(filters.parse(f"sort={sort}&status=all"), reader)

        pages = [row.id for at in range(0, 6, 2) for row in made.page(offset=at, most=2)]
        assert pages == made.ids()


@pytest.mark.parametrize("query", ["unit=1e3", "status=nonsense", "sort=id;drop", "due=x"])
def test_nonsense_asks_for_nothing(query):
    assert filters.parse(query) == filters.Filter()
