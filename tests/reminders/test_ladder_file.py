"""The plan as it is written: read, checked with all its mistakes, written again."""

from pathlib import Path

import pytest

from config import settings
from tracker.core.errors import Invalid
from tracker.reminders import ladder_file
from tracker.reminders.ladder import ALWAYS, Ladder, Stage
from tracker.reminders.ladder_file import Entry, Step

PLAN = Path(settings.SETTINGS["REMINDER_PLAN"][0])
GOOD = "{id: a, days_before: 3, to: [head]}"


def mistakes(text):
    with pytest.raises(Invalid) as raised:
        ladder_file.read(text)
    return raised.value.messages


def test_steps_become_the_stages_they_stand_for():
    text = """
x:
  rules: [A, B]
  urgent: true
  stages:
    - {id: opens, when: opens, to: [expert]}
    - {id: d7, days_before: 7, to: [head, expert]}
    - {id: late, every_days: 5, times: 2, to: [officer]}
"""

    found = ladder_file.parse(text)

    assert found == (
        Ladder("x", ("A", "B"), (
            Stage("opens", ALWAYS, ("expert",), at_opening=True),
            Stage("d7", 7, ("expert", "head")),
            Stage("late1", 2, ("officer",)), Stage("late2", -3, ("officer",)),
        ), urgent=True),
    )  # fmt: skip


def test_shipped_plan_is_the_same_when_written_again():
    entries = ladder_file.read(PLAN.read_text("utf-8"))

    assert ladder_file.read(ladder_file.dump(entries)) == entries
    assert ladder_file.load(PLAN) == ladder_file.ladders(entries)


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ("x: {rules: [A], stages: [{id: a, days: 3, to: [head]}]}", "x.1", "unknown days;"),
        ("x: {rules: [A], stages: [{id: a, days_before: 3, to: [boss]}]}", "x.1", "`to` with"),
        ("x: {rules: [A], stages: [{id: a, days_before: 3, to: head}]}", "x.1", "`to` with"),
        ("x: {rules: [A], stages: [{id: a, to: [head]}]}", "x.1", "Give one of `when: known`"),
        ("x: {rules: [A], stages: [{id: a, when: now, to: [head]}]}", "x.1", "known or opens"),
        ("x: {rules: [A], stages: [{id: 7, days_before: 3, to: [head]}]}", "x.1", "Give an id"),
        ("x: {rules: [A], stages: [{id: a, days_before: 3.5, to: [head]}]}", "x.1",
         "days_before is a whole number from -400 to 400."),
        ("x: {rules: [A], stages: [{id: a, days_before: true, to: [head]}]}", "x.1", "whole"),
        ("x: {rules: [A], stages: [{id: a, every_days: 7, to: [head]}]}", "x.1",
         "times is a whole number from 1 to 100."),
        ("x: {rules: [A], stages: [{id: a, every_days: 0, times: 3, to: [head]}]}", "x.1",
         "every_days is a whole number from 1 to 90."),
        ("x: {rules: [A], stages: [later]}", "x.1", "A stage is written like"),
        (f"x: {{rules: [A], stages: [{GOOD}, {{id: b, days_before: 9, to: [head]}}]}}", "x.2",
         "from the earliest to the latest"),
        (f"x: {{rules: [A], stages: [{GOOD}, {{id: b, days_before: 3, to: [head]}}]}}", "x.2",
         "no two on a day"),
        (f"x: {{rules: [A], stages: [{GOOD}, {{id: a, days_before: 1, to: [head]}}]}}", "x.2",
         "Two stages are called a"),
        ("x: {rules: [A], stages: []}", "x", "1 to 20 stages"),
        (f"x: {{rules: A, stages: [{GOOD}]}}", "x", "rules is a list"),
        (f"x: {{stages: [{GOOD}]}}", "x", "rules is a list"),
        (f"x: {{rules: [A], urgent: maybe, stages: [{GOOD}]}}", "x", "urgent is true or false"),
        (f"x: {{rules: [A], hurry: true, stages: [{GOOD}]}}", "x", "hurry is unknown here"),
        ("x: 3", "x", "Give rules and stages"),
        (f"9: {{rules: [A], stages: [{GOOD}]}}", "9", "A ladder's name"),
        (f"x: {{rules: [A], stages: [{GOOD}]}}\ny: {{rules: [A], stages: [{GOOD}]}}", "y",
         "A stands in x too: keep it in one ladder only."),
        (f"x: {{rules: [A], stages: [{GOOD}]}}\nx: {{rules: [B], stages: [{GOOD}]}}", "",
         "'x' stands twice"),
        ("x: {rules: [A", "", "line 1"),
        ("- x", "", "Write each ladder as a name"),
        ("#" * 20_001, "", "longer than 20000 characters"),
    ],
)  # fmt: skip
def test_mistake_is_named_with_place_and_remedy(text, place, says):
    found = mistakes(text)

    assert list(found) == [place]
    assert says in found[place][0]


def test_all_mistakes_are_named_at_once():
    stage = "{id: a, days_before: 3, to: [boss]}"

    found = mistakes(f"x: {{rules: [A], stages: [{stage}, {stage}]}}\ny: 3")

    assert list(found) == ["x.1", "x.2", "y"]


def test_rule_that_the_law_does_not_have_is_named():
    entries = [Entry("x", ("RP-EXT", "RP-EXIT"), (Step("d7", "day", ("expert",), 7),))]

    with pytest.raises(Invalid, match="There is no rule RP-EXIT") as raised:
        ladder_file.require_known(entries, {"RP-EXT"})

    assert list(raised.value.messages) == ["x"]
