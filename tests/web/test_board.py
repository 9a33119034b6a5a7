"""The board: whose rows, in which part, at what cost."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from tests import seeds
from tests.factories import make_person, make_residence_permit, record
from tests.web.conftest import Browser
from tracker import pipeline
from tracker.accounts.scope import Scope
from tracker.core import clock
from tracker.core.db import db
from tracker.facts.models import Person
from tracker.obligations import queries
from tracker.obligations.models import Obligation

TODAY = date(2026, 11, 25)  # a Wednesday


def obligation(person: Person, safe_on: date, rule_id: str = "RP-EXT", **columns) -> Obligation:
    """Put a row on the board."""
    number = db.session.scalar(sa.select(sa.func.count()).select_from(Obligation))
    row = Obligation(
        person_id=person.id, rule_id=rule_id, fact_ref=f"residence_permit/{number}",
        safe_on=safe_on, statutory_on=safe_on, state="open", reason="-",
        changed_at=clock.now(), **columns,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


@pytest.mark.parametrize(
    ("day", "part"),
    [("2026-11-24", "overdue"), ("2026-11-25", "this_week"), ("2026-11-29", "this_week"),
     ("2026-11-30", "next_week"), ("2026-12-06", "next_week"), ("2026-12-07", "next_30_days"),
     ("2026-12-25", "next_30_days"), ("2026-12-26", "later")],
)  # fmt: skip
def test_each_safe_day_is_in_one_part(app, day, part):
    obligation(make_person(), date.fromisoformat(day))

    counts = queries.counts(Scope(everybody=True), ["RP-EXT"], today=TODAY)

    assert {name for name, count in counts.items() if count} == {part}


@pytest.mark.parametrize("scope", [Scope(), Scope(unit_id=99), Scope(person_id=99)])
def test_scope_hides_what_is_outside(app, scope):
    obligation(make_person(), TODAY)

    counts = queries.counts(scope, ["RP-EXT"], today=TODAY)

    assert sum(counts.values()) == 0
    assert queries.board(scope, ["RP-EXT"], today=TODAY, most=5) == {}


def test_settled_obligations_and_other_rules_are_left_out(app):
    person = make_person()
    obligation(person, TODAY).state = "met"
    obligation(person, TODAY, rule_id="WP-EXT-OPEN")
    db.session.flush()

    assert sum(queries.counts(Scope(everybody=True), ["RP-EXT"], today=TODAY).values()) == 0


def test_board_gives_the_first_rows_of_each_part_in_order(app):
    person = make_person()
    for days in (3, 1, 2, -1):
        obligation(person, TODAY + timedelta(days=days))

    rows = queries.board(Scope(everybody=True), ["RP-EXT"], today=TODAY, most=2)

    shown = {part: [(row.safe_on - TODAY).days for row in found] for part, found in rows.items()}
    assert shown == {"overdue": [-1], "this_week": [1, 2]}


def test_row_tells_who_what_when_and_the_cost(app, signed_in):
    seeds.make_accounts(at=clock.now())
    person = make_person()
    today = clock.today()
    obligation(person, today - timedelta(days=2), provisional=True)
    db.session.commit()

    page = signed_in("officer").get("/").get_data(as_text=True)

    assert [text in page for text in (
        "马爱丽", "MARTIN Alice", "物理学院", "Extension of the residence permit", "2 days late",
        "A late application may be refused", "Dates marked provisional lie in years",
        f'href="/people/{person.id}"',
    )] == [True] * 8  # fmt: skip


def test_secretary_sees_the_unit_and_the_expert_themself(app, signed_in):
    alice = make_person()
    bob = make_person(name_en="BOBSON Bob", name_zh=None, unit="化学学院", email="b@example.org")
    seeds.make_accounts(at=clock.now())
    for person in (alice, bob):
        obligation(person, clock.today())
    db.session.commit()

    seen = {
        role: _names(signed_in(role).get("/", follow_redirects=True))
        for role in ("officer", "unit_secretary", "expert")
    }

    assert seen == {"officer": {"MARTIN", "BOBSON"}, "unit_secretary": {"MARTIN"},
                    "expert": {"MARTIN"}}  # fmt: skip


@pytest.mark.parametrize("path", ["/", "/?part=this_week", "/people"])
def test_lists_need_as_many_statements_for_three_rows_as_for_one(app, signed_in, path):
    seeds.make_accounts(at=clock.now())
    obligation(make_person(), clock.today())
    db.session.commit()
    browser = signed_in("officer")
    first = _statements(browser, path)

    for number in range(2):
        obligation(make_person(name_en=f"NO {number}", unit=f"学院{number}"), clock.today())
    db.session.commit()

    assert _statements(browser, path) == first


def test_person_page_needs_as_many_statements_for_more_documents(app, signed_in):
    person = make_person()
    make_residence_permit(person)
    seeds.make_accounts(at=clock.now())
    _refresh(person)
    browser = signed_in("officer")
    first = _statements(browser, f"/people/{person.id}")

    record(person, "passport", number="P1", expires_on=date(2030, 1, 1))
    record(person, "work_permit", number="W1", expires_on=date(2027, 1, 1))
    _refresh(person)

    assert _statements(browser, f"/people/{person.id}") == first


def test_three_thousand_people_fit_in_small_pages(app, signed_in):
    today, now = clock.today(), clock.now()
    seeds.make_accounts(at=now)
    ids = range(1, 3001)
    db.session.execute(sa.insert(Person), [
        {"id": i, "name_zh": "欧阳思远", "name_en": f"MONTGOMERY Alexandrina {i}",
         "nationality": "DEU", "identity": "foreigner", "language": "both", "status": "active",
         "revision": 1, "created_at": now} for i in ids
    ])  # fmt: skip
    db.session.execute(sa.insert(Obligation), [
        {"person_id": i, "rule_id": "WP-EXT-CLOSE", "fact_ref": "work_permit/1", "state": "open",
         "safe_on": today + timedelta(days=i % 60 - 20), "statutory_on": today, "reason": "-",
         "provisional": True, "round": 1, "fresh": False, "changed_at": now} for i in ids
    ])  # fmt: skip
    db.session.commit()
    browser = signed_in("officer")

    sizes = {path: len(browser.get(path).data) for path in ("/", "/?part=overdue", "/people")}

    assert {path for path, size in sizes.items() if size >= 200_000} == set()


def test_empty_board_tells_the_officer_how_to_begin(app, signed_in):
    seeds.make_accounts(at=clock.now())
    db.session.commit()

    page = signed_in("officer").get("/").get_data(as_text=True)

    assert 'class="btn btn-primary" href="/imports"' in page


def test_board_says_when_the_scheduler_does_not_run(app, signed_in):
    seeds.make_accounts(at=clock.now())
    db.session.commit()

    page = signed_in("officer").get("/").get_data(as_text=True)

    assert "the scheduler is not running" in page


def test_unknown_part_is_missing(app, signed_in):
    seeds.make_accounts(at=clock.now())
    db.session.commit()

    assert signed_in("officer").get("/?part=never").status_code == 404


def _names(answer) -> set[str]:
    page = answer.get_data(as_text=True)
    return {name for name in ("MARTIN", "BOBSON") if name in page}


def _statements(browser: Browser, path: str) -> int:
    """Return how many statements answering takes, the second time round."""
    browser.get(path)
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_more):
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    answer = browser.get(path)
    event.remove(db.engine, "before_cursor_execute", note)
    assert answer.status_code == 200
    return len(seen)


def _refresh(person: Person) -> None:
    pipeline.refresh([person.id], today=clock.today(), now=clock.now())
    db.session.commit()
