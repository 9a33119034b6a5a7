"""What another reminder plan would change, on the real data, before it is saved."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tracker.obligations import book
from tracker.reminders import foresee, ladder_file, service, texts
from tracker.reminders.foresee import Coming
from tracker.reminders.ladder_file import Entry

DAYS = 30


@dataclass(frozen=True, slots=True)
class Day:
    """The letters of a day under the plan in use and under the other."""

    on: date
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Effect:
    """What would be told besides (`new`), what no more (`gone`), and the letters by day."""

    days: Sequence[Day]
    new: Sequence[Coming]
    gone: Sequence[Coming]
    #: Rules with something to do of which nobody would hear.
    silent: Sequence[str]

    @property
    def before(self) -> int:
        """The letters of all days under the plan in use."""
        return sum(day.before for day in self.days)

    @property
    def after(self) -> int:
        """The letters of all days under the other plan."""
        return sum(day.after for day in self.days)


def effect(entries: Sequence[Entry], *, today: date) -> Effect:
    """Compare the coming DAYS under the plan in use with those under `entries`."""
    last = today + timedelta(days=DAYS - 1)
    before = foresee.coming(today, last)
    after = foresee.coming(today, last, ladders=ladder_file.ladders(entries))
    told, telling = ({_key(each) for each in found} for found in (before, after))
    return Effect(
        days=_days(before, after),
        new=[each for each in after if _key(each) not in told],
        gone=[each for each in before if _key(each) not in telling],
        silent=silent(entries),
    )


def silent(entries: Sequence[Entry]) -> list[str]:
    """Return the rules of the plan in use that no ladder of `entries` has."""
    heard = {rule for each in entries for rule in each.rules}
    return [rule for rule in ruled() if rule not in heard]


def ruled() -> list[str]:
    """Return the rules that reminders may be about: those with a day to keep."""
    rules = book.current().rules
    return sorted({rule.id for rule in rules if rule.role not in {"window", "validity"}}
                  | {rule for each in service.ladders() for rule in each.rules})  # fmt: skip


def save(
    entries: Sequence[Entry] | None, *, read: int, by: str, at: datetime
) -> bool:  # fmt: skip
    """Put a plan into use (None: the file's again); return whether that changed anything.

    Conflict if somebody saved one since the editor read number `read`.
    """
    text = None if entries is None else ladder_file.dump(entries)
    return bool(texts.save({service.LADDER: text}, read=read, by=by, at=at))


def _days(before: Sequence[Coming], after: Sequence[Coming]) -> list[Day]:
    counts = [
        Counter(day for day, _recipient in {(each.day, each.recipient) for each in found})
        for found in (before, after)
    ]
    return [Day(day, counts[0][day], counts[1][day]) for day in sorted(counts[0] | counts[1])]


def _key(each: Coming) -> tuple[date, str, int]:
    return each.day, each.recipient, each.obligation_id
