"""People told of for the first time: from what was told to the rows that keep it. Pure.

Whoever reads a large roster makes these rows, so nothing here imports the database.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from tracker.core.stored import day_value, json_value
from tracker.facts import kinds, naming, projection

#: The first version of a fact: its kind, its typed fields, since when it holds.
First = tuple[str, Mapping[str, Any], date]


class Record(NamedTuple):
    """The rows of a newcomer; ids and who told are not among their values.

    `person`: as PERSON names them; `tokens`: of person_name; `versions`: as version_row() does.
    """

    unit: str | None
    person: tuple[Any, ...]
    tokens: Sequence[str]
    versions: Sequence[tuple[Any, ...]]


PERSON = (*projection.COLUMNS, "expires_on")
VERSION = ("kind", "document_no", "version", "number", "data", "valid_from")


def profile_of(facts: Sequence[First]) -> Mapping[str, Any]:
    """Return the fields of the profile among these facts."""
    return next(data for kind, data, _begins in facts if kind == "profile")


def records(people: Sequence[Sequence[First]]) -> list[Record]:
    """Return the rows that keep these facts of each of some people who are new.

    Each step is taken for all of them: for one after the other, it takes a fifth longer.
    """
    profiles = [profile_of(facts) for facts in people]
    keys = [naming.keys(each.get("name_zh"), each.get("name_en")) for each in profiles]
    persons = [_person(*each) for each in zip(profiles, people, strict=True)]
    versions = [
        [version_row(kind, 1, 1, data, begins) for kind, data, begins in facts] for facts in people
    ]
    units = [profile.get("unit") for profile in profiles]
    return list(map(Record, units, persons, [each.tokens for each in keys], versions))


def _person(profile: Mapping[str, Any], facts: Sequence[First]) -> tuple[Any, ...]:
    columns = projection.of_profile(profile)
    columns["born_on"] = day_value(columns["born_on"])
    first_end = projection.first_end([each[:2] for each in facts])
    return (*columns.values(), day_value(first_end))


def version_row(
    kind: str, document_no: int, version: int, data: Mapping[str, Any], valid_from: date
) -> tuple[Any, ...]:
    """Return a version of a fact as VERSION names the columns."""
    number = kinds.number_of(data)
    # Profiles differ in all they hold, documents in little but their numbers.
    if kind == "profile":
        stored = _text(data)
    else:
        stored = _shared_text(*[pair for pair in data.items() if pair[0] != "number"])
    return kind, document_no, version, number, stored, day_value(valid_from)


def _text(data: Mapping[str, Any]) -> str:
    return json_value(kinds.pack(data)[1])


@lru_cache(maxsize=4096)
def _shared_text(*items: tuple[str, Any]) -> str:
    return _text(dict(items))
