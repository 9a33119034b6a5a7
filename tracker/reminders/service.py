"""Plan and compose: what the pipeline calls. With its neighbours the one writer of reminders."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

from flask import current_app

from config import settings
from tracker.core.clock import CAMPUS, campus_day
from tracker.core.errors import NotFound
from tracker.obligations import book
from tracker.obligations import service as obligations
from tracker.obligations.models import Obligation
from tracker.reminders import hours, ladder, ladder_file, texts
from tracker.reminders.hours import Hours
from tracker.reminders.ladder import Ladder, Reach, Stage
from tracker.reminders.plan import Planned, finish, plan

#: Working days, for a plan that does not say.
QUIET_DAYS: Mapping[str, int] = dict.fromkeys(
    ("paper", "permit", "filed", "leaving", "renew", "not_renew"), 5
)
#: The name under which the office's reminder plan is kept (texts.py).
LADDER = "ladder"


def ladders() -> tuple[Ladder, ...]:
    """Return the reminder plan in use: the office's, or the file's if it made none."""
    own = texts.newest(LADDER)
    if own is not None and own.content is not None:
        return ladder_file.parse(own.content)
    return ladder_file.load(Path(current_app.config["REMINDER_PLAN"]))


def plan_file_stamp() -> bytes:
    """Return what changes with the file of the reminder plan."""
    return str(Path(current_app.config["REMINDER_PLAN"]).stat().st_mtime_ns).encode()


def plan_text(*, own: bool = True) -> str:
    """Return the reminder plan in use as it is written; the file's if not `own`."""
    version = texts.newest(LADDER) if own else None
    if version is not None and version.content is not None:
        return version.content
    return Path(current_app.config["REMINDER_PLAN"]).read_text("utf-8")


def reach(today: date) -> Reach:
    """Return how far a planning of `today` looks: over the days before the next working day."""
    following = book.current().calendar.next_workday(today)
    return Reach(date.fromordinal(following.toordinal() - 1), today)


def quiet_days() -> Mapping[str, int]:
    """Return how many working days reminders are quiet after each kind of answer by link."""
    own = texts.newest(LADDER)
    told = ladder_file.quiet_days(own.content) if own is not None and own.content else {}
    return told or ladder_file.quiet_days(plan_text(own=False)) or QUIET_DAYS


def office_hours() -> Hours:
    """Return when letters may leave."""
    return hours.load(Path(settings.ROOT) / "config" / "office.yaml")


def last_planning_day(now: datetime) -> date:
    """Return the newest day whose letters were due to leave by the instant `now`."""
    calendar, today = book.current().calendar, campus_day(now)
    if calendar.is_workday(today) and now.astimezone(CAMPUS).time() >= office_hours().opens:
        return today
    return calendar.previous_workday(today - timedelta(days=1))


def plan_day(*, today: date, now: datetime) -> Planned:
    """Plan all reminders that begin by `today`; running it twice adds nothing."""
    every, days = ladders(), reach(today)
    planned = plan(every, days)
    obligations.mark_seen()
    finish(every, days, planned, now=now)
    return planned


def plan_urgent(*, today: date) -> Planned:
    """Plan what is new or changed and cannot wait for the next day's planning.

    That is the clocks that do not keep office hours, and what has to be done until then.
    """
    every, days = ladders(), reach(today)
    pressing = (today, days.ahead + timedelta(days=1))
    urgent = [each for each in every if each.urgent]
    others = [each for each in every if not each.urgent]
    planned = plan(urgent, days, only_fresh=True)
    planned += plan(others, days, only_fresh=True, safe_within=pressing)
    obligations.mark_seen(urgent_rules())
    obligations.mark_seen(safe_within=pressing)
    return planned


def urgent_rules() -> list[str]:
    """Return the rules whose letters leave at once, at any hour."""
    return [rule for each in ladders() if each.urgent for rule in each.rules]


def stage_of(rule_id: str, name: str) -> Stage:
    """Return a stage of the ladder of a rule; NotFound if it has none of that name."""
    for each in ladders():
        for stage in each.stages if rule_id in each.rules else ():
            if stage.id == name:
                return stage
    raise NotFound("There is no such stage.")


def begins_on(obligation: Obligation, stage: str) -> date | None:
    """Return the day on which a stage of an obligation begins; None if it has none."""
    return ladder.begins_on(
        stage_of(obligation.rule_id, stage),
        safe_on=obligation.safe_on, opens_on=obligation.opens_on,
    )  # fmt: skip
