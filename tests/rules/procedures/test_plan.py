"""Plans are sound whatever the dates: nothing before what it needs, nothing on a day off."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.model_of_the_law import CLOSED, open_on_or_before
from tracker.rules.book import RuleBook
from tracker.rules.load import load_book
from tracker.rules.model import Counter, Fact, Person, Words
from tracker.rules.procedures.circumstances import Subject
from tracker.rules.procedures.parts import Request
from tracker.rules.procedures.plan import Plan, Planned, plan, slip

BOOK = load_book()
END = date(2026, 10, 31)
DAYS = st.dates(date(2025, 1, 1), date(2030, 12, 31))
EXACT = settings(deadline=None)


def subject(ref: str = "", category: str = "B", **ends: date) -> Subject:
    """Somebody whose documents of these kinds end on these days."""
    facts = [
        Fact(f"{kind}/1", kind, {"issued_on": day - timedelta(365), "expires_on": day})
        for kind, day in ends.items() if kind != "contract"
    ]  # fmt: skip
    if "contract" in ends:
        fields = {"starts_on": date(2024, 9, 1), "ends_on": ends["contract"]}
        facts.append(Fact("contract/1", "contract", fields))
    return Subject(Person("FRA", category), tuple(facts), ref)


def renewal(work: date = END, residence: date | None = None, **more: object) -> Request:
    person = subject(work_permit=work, residence_permit=residence or work)
    return replace(Request(person, "renewal"), **more)


@st.composite
def requests(draw: st.DrawFn) -> Request:
    work = draw(DAYS)
    ends = {"work_permit": work, "residence_permit": work + timedelta(draw(st.integers(-200, 200)))}
    if draw(st.booleans()):
        ends["passport"] = work + timedelta(draw(st.integers(-60, 400)))
    if draw(st.booleans()):
        ends["contract"] = work + timedelta(draw(st.integers(-300, 300)))
    family = ()
    if draw(st.booleans()):
        child = work + timedelta(draw(st.integers(-100, 100)))
        family = (subject("child", residence_permit=child),)
    return Request(
        subject(category=draw(st.sampled_from("ABC")), **ends), "renewal",
        as_of=work - timedelta(draw(st.integers(0, 250))), dependants=family,
        numbers={"combined_processing_days": draw(st.sampled_from([0, 0, 6]))},
    )  # fmt: skip


def apart(first: Planned, second: Planned) -> int:
    """Count the working days after one step's day up to the other's, one at a time."""
    day, count = first.latest, 0
    while day < second.latest:
        day += timedelta(1)
        count += day not in CLOSED
    return count


@EXACT
@given(requests())
def test_no_step_is_planned_before_what_it_needs(request: Request) -> None:
    made = plan(request, BOOK)

    for each in made.steps:
        for key in set(each.needs) - set(each.unmet):
            before = made.step(key)
            assert before is not None
            assert before.latest <= each.latest
            together = (before.step.does, each.step.does) == ("file", "file") and (
                "FAM-FILE" in each.key or request.numbers["combined_processing_days"]
            )
            if before.takes.unit == "working_day" and not together:
                assert apart(before, each) >= before.takes.days


@EXACT
@given(requests())
def test_every_step_is_on_a_working_day_and_within_its_limit_or_says_so(request: Request) -> None:
    made = plan(request, BOOK)

    assert [each.key for each in made.steps if each.latest in CLOSED] == []
    assert [each.key for each in made.steps if each.earliest in CLOSED] == []
    for each in made.steps:
        if each.limit is not None:
            opened = each.opens is not None and each.latest <= each.opens + timedelta(10)
            assert each.latest <= each.limit or opened
            assert each.limit == open_on_or_before(each.limit)[0]
            assert (each.status == "impossible") == (each.soonest > each.limit)
        if each.status in ("late", "impossible"):
            assert each.remedy is not None


@EXACT
@given(requests(), st.sampled_from(["work_permit", "residence_permit", "passport", "contract"]),
       st.integers(1, 90))  # fmt: skip
def test_a_later_date_never_makes_a_step_earlier(request: Request, kind: str, days: int) -> None:
    field = "ends_on" if kind == "contract" else "expires_on"
    facts = tuple(
        fact._replace(data={**fact.data, field: fact.data[field] + timedelta(days)})
        if fact.kind == kind else fact
        for fact in request.subject.facts
    )  # fmt: skip
    moved = replace(request, subject=replace(request.subject, facts=facts))

    before, after = plan(request, BOOK), plan(moved, BOOK)

    for each in after.steps:
        old = before.step(each.key)
        if old is not None and not _answered_sooner(before, after, each):
            assert each.latest >= old.latest, each.key


def _answered_sooner(before: Plan, after: Plan, step: Planned) -> bool:
    """Say whether a step only follows an answer that a shared window now gives sooner.

    Two permits whose ends come closer together are asked for at one window, in fewer days.
    """
    if step.step.does == "file":
        return False
    return any(
        (new := after.step(key)) and (old := before.step(key)) and new.takes.days < old.takes.days
        for key in step.needs
    )


@EXACT
@given(requests(), st.integers(1, 60))
def test_slipping_a_step_only_moves_others_later(request: Request, days: int) -> None:
    made = plan(request, BOOK)
    first = made.steps[0]

    moved = slip(request, BOOK, first.key, first.earliest + timedelta(days))

    assert all(each.after > each.before for each in moved)
    assert all(each.after > each.latest for each in moved if each.late)


def test_every_day_says_why_with_its_law() -> None:
    made = plan(renewal(), BOOK)
    file = made.step("RENEW-RP-FILE")

    assert file is not None
    law = Words("出境入境管理法 32", "Exit and Entry Administration Law 32")
    assert file.reasons[0].source == law
    assert all(each.reasons for each in made.steps)
    assert file.reasons[0].words.zh == "居留证件延期：2026-10-01（出境入境管理法 32）"


def test_the_steps_that_decide_the_first_day_are_critical() -> None:
    made = plan(renewal(), BOOK)

    assert made.critical == (
        "RENEW-UNIT-DECIDE", "RENEW-OFFICE-FILE", "RENEW-WP-FILE", "RENEW-RP-FILE"
    )  # fmt: skip


def test_a_late_file_moves_both_filings_and_the_collection() -> None:
    moved = slip(renewal(as_of=date(2026, 8, 3)), BOOK, "RENEW-OFFICE-FILE", date(2026, 8, 31))

    assert [(each.key, each.after, each.late) for each in moved] == [
        ("RENEW-OFFICE-FILE", date(2026, 8, 31), True),
        ("RENEW-WP-FILE", date(2026, 9, 14), True),
        ("RENEW-RP-FILE", date(2026, 10, 10), True),
        ("ACC-FILE", date(2026, 10, 30), False),
        ("RENEW-RP-COLLECT", date(2026, 10, 30), False),
    ]


def test_what_is_too_late_names_what_is_left_to_do() -> None:
    made = plan(renewal(as_of=date(2026, 9, 15)), BOOK)

    (lost,) = made.impossible

    assert lost.key == "RENEW-RP-FILE"
    assert lost.procedure.fallback == "stay_certificate"
    assert lost.remedy == lost.procedure.if_late
    assert "停留证件" in lost.procedure.if_late.zh


def closing(counter: Counter) -> RuleBook:
    book = load_book()
    book.counters["exit_entry"] = counter
    return book


@pytest.mark.parametrize(
    ("counter", "day"),
    [
        (Counter(Words("窗口", "Counter")), date(2026, 2, 28)),
        (Counter(Words("窗口", "Counter"), makeup_days=False), date(2026, 2, 27)),
        (Counter(Words("窗口", "Counter"), frozenset({date(2026, 2, 27)}), makeup_days=False),
         date(2026, 2, 26)),
    ],
)  # fmt: skip
def test_the_counter_of_the_police_may_be_closed_when_others_work(
    counter: Counter, day: date
) -> None:
    made = plan(renewal(date(2026, 3, 31)), closing(counter))

    file = made.step("RENEW-RP-FILE")
    assert file is not None
    assert (file.latest, file.limit) == (day, day)


def test_plans_of_the_same_documents_do_not_change_with_the_day_they_are_made() -> None:
    days = [date(2026, 7, 1), date(2026, 9, 1), date(2026, 10, 20)]

    plans: list[Plan] = [plan(renewal(as_of=day), BOOK) for day in days]

    assert len({tuple((each.key, each.latest) for each in made.steps) for made in plans}) == 1


def test_a_chain_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(KeyError):
        plan(Request(subject(work_permit=END), "holiday"), BOOK)
