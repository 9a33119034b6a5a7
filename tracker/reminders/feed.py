"""What is to be filed, as the events of a calendar that somebody subscribes to."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from tracker.accounts.scope import Scope
from tracker.core.db import db
from tracker.core.i18n import day_text
from tracker.facts.models import Person
from tracker.obligations import book
from tracker.obligations.models import Obligation
from tracker.obligations.queries import visible
from tracker.reminders.ics import Event, event_uid
from tracker.rules.book import RuleBook

#: What is overdue stays on its day for a while; farther ahead than this nobody plans.
BACK, AHEAD = timedelta(days=92), timedelta(days=400)
#: Calendars refuse files of more than a megabyte or two.
MOST = 1_500
_OPEN = sa.text("obligation.state = 'open'")
_WORDS = {
    "zh": {"last": "法定最后一日", "provisional": "暂定：该年度放假安排尚未公布。"},
    "en": {"last": "Last day by law", "provisional": "Provisional: the holiday notice for that "
           "year is not out yet."},
}  # fmt: skip


def events(
    scope: Scope, rules: RuleBook, *, today: date, language: str, url: str,
    alarm: timedelta | None,
) -> list[Event]:  # fmt: skip
    """Return the open deadlines within the scope as events on their safe days, soonest first.

    What is met or settled is not among them, so that a calendar drops it. There are no document
    numbers. At most MOST; a calendar of one person leaves their name away.
    """
    named = scope.person_id is None
    return [
        _event(row, rules, language, url, alarm, named=named)
        for row in _rows(scope, rules, today)
    ]  # fmt: skip


def _rows(scope: Scope, rules: RuleBook, today: date) -> Sequence[Any]:
    return db.session.execute(
        sa.select(
            Obligation.id, Obligation.rule_id, Obligation.safe_on, Obligation.statutory_on,
            Obligation.provisional, Obligation.round, Obligation.changed_at,
            Obligation.person_id, Person.name_zh, Person.name_en,
        )
        .join(Person, Person.id == Obligation.person_id)
        .where(
            _OPEN, Obligation.rule_id.in_(book.deadlines(rules)), visible(scope),
            Obligation.safe_on.between(today - BACK, today + AHEAD),
        )
        .order_by(Obligation.safe_on, Obligation.id)
        .limit(MOST)
    ).all()  # fmt: skip


def _event(
    row: Any, rules: RuleBook, language: str, url: str, alarm: timedelta | None,
    *, named: bool,
) -> Event:  # fmt: skip
    rule, words = rules.rule(row.rule_id), _WORDS[language]
    names = (row.name_zh, row.name_en) if language == "zh" else (row.name_en, row.name_zh)
    who = " ".join(name for name in names if name)
    colon = "：" if language == "zh" else ": "
    told = [
        rule.what_to_do[language],
        f"{words['last']}{colon}{day_text(row.statutory_on, language)}",
        *([words["provisional"]] if row.provisional else []),
    ]
    return Event(
        event_uid(row.id), row.safe_on, f"{rule.title[language]} – {who}" if named
        else rule.title[language], "\n".join(told), sequence=row.round - 1,
        changed_at=row.changed_at, url=f"{url}/people/{row.person_id}", alarm=alarm,
    )  # fmt: skip
