"""The ladder: which stage a day brings, against a model written the other way round."""

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from config import settings
from tracker.reminders import ladder, ladder_file
from tracker.reminders.ladder import Ladder, Reach, Stage
from tracker.rules.load import load_book

PLAN = Path(settings.SETTINGS["REMINDER_PLAN"][0])
SAFE = date(2026, 9, 30)
STAGES = (
    Stage("opens", ladder.ALWAYS, ("expert",), at_opening=True),
    Stage("d30", 30, ("expert",)),
    Stage("d7", 7, ("expert",)),
    Stage("d0", 0, ("expert",)),
    Stage("past", -1, ("expert",)),
    Stage("late1", -8, ("expert",)),
    Stage("late2", -15, ("expert",)),
)
FILING = Ladder("filing", ("RP-EXT",), STAGES)


def hits(window, safe_on, opens_on):
    inside = window.after < safe_on <= window.upto
    if window.opened is None:
        return inside
    return inside and window.opened[0] < opens_on <= window.opened[1]


def simulate(runs, safe_on, opens_on):
    """Run the planner's arithmetic on `runs` for one obligation; return what it would insert."""
    told, last = {}, None
    for reach in runs:
        windows = list(ladder.begun(FILING, reach)) if last is None else []
        windows += list(ladder.between(FILING, last, reach)) if last else []
        for window in windows:
            if hits(window, safe_on, opens_on):
                told.setdefault(window.stage.id, "superseded" if window.superseded else "planned")
        last = reach
    return told


def model(runs, safe_on, opens_on):
    """Say the same day by day: of all stages begun at a run, the latest counts."""
    told, before = {}, None
    for reach in runs:
        begun = [
            stage.id
            for stage in STAGES
            if (
                opens_on <= reach.ahead
                if stage.at_opening
                else (safe_on - (reach.ahead if stage.days_before >= 0 else reach.today)).days
                <= stage.days_before
            )
        ]
        for stage in begun:
            if stage not in told:
                latest = stage == begun[-1]
                if latest or before is not None:
                    told[stage] = "planned" if latest else "superseded"
        if before is None:
            told |= dict.fromkeys(begun[:-1], "never")
        before = reach
    return {stage: state for stage, state in told.items() if state != "never"}


@given(
    start=st.integers(-120, 20),
    gaps=st.lists(st.tuples(st.integers(1, 50), st.integers(0, 8)), min_size=1, max_size=12),
    window=st.integers(31, 90),
)
def test_ladder_agrees_with_the_model(start, gaps, window):
    day, runs = SAFE + timedelta(days=start), []
    for gap, ahead in gaps:
        day += timedelta(days=gap)
        runs.append(Reach(day + timedelta(days=ahead), day))
    runs = [run for i, run in enumerate(runs) if all(r.ahead <= run.ahead for r in runs[:i])]
    opens_on = SAFE - timedelta(days=window)

    assert simulate(runs, SAFE, opens_on) == model(runs, SAFE, opens_on)


@given(
    start=st.integers(-120, 20),
    gaps=st.lists(st.tuples(st.integers(1, 50), st.integers(0, 8)), min_size=1, max_size=12),
    window=st.integers(31, 90),
    looked_at=st.booleans(),
)
def test_course_foresees_what_the_windows_bring(start, gaps, window, looked_at):
    day, runs = SAFE + timedelta(days=start), []
    for gap, ahead in gaps:
        day += timedelta(days=gap)
        runs.append(Reach(day + timedelta(days=ahead), day))
    runs = [run for i, run in enumerate(runs) if all(r.ahead <= run.ahead for r in runs[:i])]
    opens_on, last = SAFE - timedelta(days=window), runs[0]
    foresight = ladder.Foresight(runs[1:], last, anew=looked_at)

    course = ladder.course(FILING, foresight, safe_on=SAFE, opens_on=opens_on, fresh=False)

    assert [(run, stage.id) for run, stage in course] == [
        (run, window.stage.id)
        for before, run in pairwise(runs)
        for window in _windows(before, run, looked_at=looked_at and before is last)
        if hits(window, SAFE, opens_on) and not window.superseded
    ]


def _windows(before, run, *, looked_at):
    """Return what a run looks at: what has begun, or only what began since the one before."""
    return ladder.begun(FILING, run) if looked_at else ladder.between(FILING, before, run)


def test_each_stage_is_told_once_when_every_day_is_run():
    days = [SAFE - timedelta(days=70) + timedelta(days=n) for n in range(90)]

    told = simulate([Reach(day, day) for day in days], SAFE, SAFE - timedelta(days=60))

    assert told == dict.fromkeys([stage.id for stage in STAGES], "planned")


def test_forty_days_off_bring_the_latest_stage_and_record_the_skipped():
    before = Reach(SAFE - timedelta(days=41), SAFE - timedelta(days=41))
    after = Reach(SAFE - timedelta(days=1), SAFE - timedelta(days=1))

    told = simulate([before, after], SAFE, SAFE - timedelta(days=60))

    assert told == {"opens": "planned", "d30": "superseded", "d7": "planned"}


def test_what_follows_a_missed_day_is_not_told_before_the_weekend():
    friday = Reach(SAFE + timedelta(days=2), SAFE)

    assert simulate([friday], SAFE, SAFE - timedelta(days=60)) == {"d0": "planned"}


def test_shipped_plan_has_a_ladder_for_every_rule_with_something_to_do():
    book = load_book()
    rules = book.rules
    to_do = {rule.id for rule in rules if rule.role not in {"window", "validity"}}
    receipts = {"RP-RECEIPT", "VISA-RECEIPT", "LOSS-CERT"}

    planned = [rule for each in ladder_file.load(PLAN) for rule in each.rules]

    assert sorted(planned) == sorted(to_do | receipts | set(book.steps) | set(book.registered))
