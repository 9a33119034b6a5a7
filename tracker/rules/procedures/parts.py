"""What plans are made of: requests, steps of a person, what bounds and links them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from tracker.rules.calendar import DAY, WorkCalendar
from tracker.rules.model import Counter
from tracker.rules.procedures.circumstances import Subject
from tracker.rules.procedures.model import Need, Procedure, Source, Step


@dataclass(frozen=True, slots=True)
class Request:
    """What to plan for whom.

    `target`: a chain or a procedure. `as_of`: the day it is planned on; None long before.
    `by`: the day by which it should be done where no law says so. `numbers`: numbers of the city
    as they would be otherwise. `done`: the days of steps that are behind us, by key.
    `not_before`: days before which a step will not happen. `until`: how long permits are asked for.
    """

    subject: Subject
    target: str
    as_of: date | None = None
    by: date | None = None
    numbers: Mapping[str, int] = field(default_factory=dict)
    done: Mapping[str, date] = field(default_factory=dict)
    not_before: Mapping[str, date] = field(default_factory=dict)
    until: date | None = None
    dependants: tuple[Subject, ...] = ()


@dataclass(frozen=True, slots=True)
class Lag:
    """How long after one step the next can be; `number`: what the city calls it."""

    days: int
    unit: Literal["working_day", "calendar_day"] = "working_day"
    number: str | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Bound:
    """A day a step must not lie after (or before), and what says so."""

    day: date
    statutory: date
    rule_id: str | None = None
    fact: str | None = None
    lag: Lag | None = None
    source: Source | None = None
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A step that needs another one `lag` earlier; `need` where procedures are linked."""

    before: str
    after: str
    lag: Lag
    need: Need | None = None


@dataclass(slots=True)
class Node:
    """A step of one person in the network."""

    key: str
    subject: Subject
    procedure: Procedure
    step: Step
    takes: Lag
    desk: "Desk"
    bounds: list[Bound] = field(default_factory=list)
    opens: Bound | None = None


class Desk:
    """On which days somebody can be found: working days, less those a counter is closed."""

    def __init__(self, calendar: WorkCalendar, counter: Counter | None) -> None:
        self.calendar, self.counter = calendar, counter

    def is_open(self, day: date) -> bool:
        """Say whether something can be handed in on a day."""
        if not self.calendar.is_workday(day):
            return False
        counter = self.counter
        if counter is None:
            return True
        makeup = counter.makeup_days or not self.calendar.is_makeup_workday(day)
        return makeup and day not in counter.closed

    def last_open(self, day: date) -> date:
        """Return the last open day on or before `day`."""
        while not self.is_open(day):
            day -= DAY
        return day

    def first_open(self, day: date) -> date:
        """Return the first open day on or after `day`."""
        while not self.is_open(day):
            day += DAY
        return day


def key_of(step: Step, subject: Subject) -> str:
    """Name a step of a person among all that are planned together."""
    return f"{step.id}@{subject.ref}" if subject.ref else step.id


def plus(day: date, lag: Lag, calendar: WorkCalendar) -> date:
    """Return the first day that lies `lag` after `day`."""
    if lag.unit == "working_day":
        return calendar.add_workdays(day, lag.days)
    return day + timedelta(days=lag.days)


def minus(day: date, lag: Lag, calendar: WorkCalendar) -> date:
    """Return the last day from which `lag` passes by `day`."""
    if lag.unit == "working_day":
        # From a day off, a count forward reaches the same day as from the working day before it.
        return calendar.add_workdays(calendar.previous_workday(day), -lag.days)
    return day - timedelta(days=lag.days)
