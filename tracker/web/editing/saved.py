"""What is said after a save: what was done, what stopped and started, and its undo."""

from typing import Any

from flask import flash
from flask_babel import gettext as _

from tracker.accounts.models import Account
from tracker.core.db import db
from tracker.facts import queries
from tracker.facts.models import Person
from tracker.web import language, pages, words
from tracker.web.editing.effects import Effects, Line

#: A session's cookie holds this until the next page.
MOST = 5


def tell(said: str, person: Person, changed: Effects) -> None:
    """Let the next page show what was done; small enough for the session."""
    lines = [
        *(_("Stops: %(duty)s", duty=_named(line)) for line, _after in changed.stops),
        *(_("Starts: %(duty)s", duty=_named(line)) for line in changed.starts),
        *(_("Now: %(duty)s", duty=_named(line)) for _before, line in changed.moves),
    ]
    if len(lines) > MOST:
        lines = [*lines[: MOST - 1], _("and %(count)s more", count=len(lines) - MOST + 1)]
    told: Any = {"text": said, "lines": lines, "person_id": person.id, "revision": person.revision}
    flash(told, "saved")  # whatever JSON holds comes back


def recorded_since(person: Person, base: str) -> str:
    """Name what was recorded of a person after the version `base`, and by whom."""
    since = int(base) if base.isascii() and base.isdecimal() else 0
    newer = [each for each in queries.history(person.id) if each.id > since]
    told = [f"{words.named(words.KINDS, each.kind)} ({who(each.recorded_by)})" for each in newer]
    separator = "、" if language.current() == "zh" else ", "
    return separator.join(dict.fromkeys(told)) or _("something was taken back")


def who(recorded_by: str) -> str:
    """Return the name of who recorded something ("account:3")."""
    kind, _colon, number = recorded_by.partition(":")
    account = db.session.get(Account, int(number)) if kind == "account" else None
    return account.name if account else recorded_by


def _named(line: Line) -> str:
    day = pages.plain_day(line.safe_on).striptags()
    return f"{line.rule.title[language.current()]} ({day})"
