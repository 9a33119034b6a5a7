"""Mistakes in the text of a year's notice, in the reader's language.

The rules find them and know no language; here are the sentences they use.
"""

import re
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from tracker.rules.model import RulesError

PROBLEMS: Mapping[str, Any] = {
    "is not a mapping": _l("is not a mapping"),
    "is missing": _l("is missing"),
    "is not a text": _l("is not a text"),
    "is not a whole number": _l("is not a whole number"),
    "is not a date": _l("is not a date"),
    "is not a list": _l("is not a list"),
    "is unknown here": _l("is unknown here"),
    "is not a list of dates": _l("is not a list of dates"),
    "is missing or empty": _l("is missing or empty"),
    "lies before `from`": _l("lies before `from`"),
    "makes more than 16 days": _l("makes more than 16 days"),
}
#: Those that name what they found.
NAMING: Mapping[re.Pattern[str], Any] = {
    re.compile("cannot be (?P<value>.+)"): _l("cannot be %(value)s"),
    re.compile("has (?P<day>[0-9-]+), no weekend"): _l("has %(day)s, no weekend"),
    re.compile("has (?P<day>[0-9-]+), also off"): _l("has %(day)s, also off"),
    re.compile("has (?P<day>[0-9-]+), outside (?P<year>[0-9]+)"): _l(
        "has %(day)s, outside %(year)s"
    ),
}
REMEDIES: Mapping[str, Any] = {
    "Write it as `key: value` pairs.": _l("Write it as `key: value` pairs."),
    "Add it.": _l("Add it."),
    "Write words, in quotes if they look like more.": _l(
        "Write words, in quotes if they look like more."
    ),
    "Write a number of zero or more.": _l("Write a number of zero or more."),
    "Write it as 2026-01-31.": _l("Write it as 2026-01-31."),
    "Begin each item with `- `.": _l("Begin each item with `- `."),
    "Correct the spelling or remove it.": _l("Correct the spelling or remove it."),
    "Write it as [2026-01-04].": _l("Write it as [2026-01-04]."),
    "Write a year such as 2027.": _l("Write a year such as 2027."),
    "Exchange the two.": _l("Exchange the two."),
    "Correct the day.": _l("Correct the day."),
    "List the days off of the notice.": _l("List the days off of the notice."),
    "Remove it from one list.": _l("Remove it from one list."),
    "Mend the YAML there.": _l("Mend the YAML there."),
}


def told(mistake: RulesError) -> str:
    """Return where the mistake is, what it is and how to mend it."""
    place = [mistake.entry, mistake.field]
    return str(
        _(
            "%(place)s: %(problem)s. %(remedy)s",
            place=": ".join(part for part in place if part) or mistake.file,
            problem=_problem(mistake.problem),
            remedy=REMEDIES.get(mistake.remedy, mistake.remedy),
        )
    )


def _problem(text: str) -> str:
    for pattern, message in NAMING.items():
        if found := pattern.fullmatch(text):
            return str(message) % found.groupdict()
    return str(PROBLEMS.get(text, text))
