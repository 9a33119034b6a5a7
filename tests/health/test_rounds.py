"""The days of rounds, against counting them one by one."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tracker.health.rounds import Rhythm, Round
from tracker.rules.counting import add_months

DAY = timedelta(days=1)
days = st.dates(date(2025, 1, 1), date(2030, 12, 31))
rhythms = st.builds(
    lambda start, length, beat: Rhythm(start, start + DAY * length, *beat),
    days, st.integers(0, 900),
    st.one_of(
        st.just((None, None)), st.tuples(st.integers(1, 60), st.just("day")),
        st.tuples(st.integers(1, 13), st.just("month")),
    ),
)  # fmt: skip


def one_by_one(rhythm: Rhythm) -> list[Round]:
    found = [Round(0, rhythm.starts_on)]
    while rhythm.every:
        number = len(found)
        due_on = (
            add_months(rhythm.starts_on, number * rhythm.every)
            if rhythm.unit == "month"
            else rhythm.starts_on + DAY * number * rhythm.every
        )
        if due_on > rhythm.ends_on:
            break
        found.append(Round(number, due_on))
    return found


@given(rhythms, days)
def test_latest_round_is_the_last_of_those_counted_one_by_one(rhythm, on):
    past = [each for each in one_by_one(rhythm) if each.due_on <= on]

    assert rhythm.latest(on) == (past[-1] if past else None)


@given(rhythms, days, st.integers(0, 400))
def test_rounds_between_are_those_counted_one_by_one(rhythm, after, length):
    upto = after + DAY * length

    found = list(rhythm.between(after, upto))

    assert found == [each for each in one_by_one(rhythm) if after < each.due_on <= upto]


def test_rounds_a_few_days_apart_are_seen_no_further_than_the_next_working_day():
    rhythm = Rhythm(date(2026, 9, 10), date(2026, 11, 8), 3, "day")
    thursday, holiday_ends = date(2026, 9, 30), date(2026, 10, 7)

    found = [each.due_on.day for each in rhythm.current(thursday, holiday_ends)]

    assert found == [28, 1, 4, 7]


def test_schedule_that_is_over_asks_for_nothing():
    rhythm = Rhythm(date(2026, 9, 10), date(2026, 11, 8), 3, "day")

    assert [each.number for each in rhythm.current(date(2026, 11, 8), date(2026, 11, 8))] == [19]
    assert rhythm.current(date(2026, 11, 9), date(2026, 11, 9)) == []
