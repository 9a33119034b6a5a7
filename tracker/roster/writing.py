"""Write what the rows of a chunk do, through the writers of facts. Flushes only."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from tracker.core.clock import campus_day
from tracker.facts import bulk, queries
from tracker.facts.bulk import New, Newcomer, Origin
from tracker.facts.queries import Document
from tracker.roster.changes import Change
from tracker.roster.judging import Judged

Person = tuple[int, Judged]


class Written(NamedTuple):
    """Whose facts are others now: persons made, and the ids of persons known before."""

    created: Sequence[Newcomer]
    known: Sequence[int]


def write(judged: Sequence[Judged], origin: Origin) -> Written:
    """Write the changes of a chunk; return the persons whose facts are others now."""
    rows = [each for each in judged if each.changes]
    profiles = [_profile(each) for each in rows]
    units = bulk.units_named([profile["unit"] for profile in profiles if profile.get("unit")])
    known = [(each.person_id, each) for each in rows if each.person_id is not None]
    _change(known, units, origin)
    created = _add([each for each in rows if each.person_id is None], units, origin)
    return Written(created, [person_id for person_id, _ in known])


def _add(rows: Sequence[Judged], units: dict[str, int], origin: Origin) -> Sequence[Newcomer]:
    ids = bulk.next_people(len(rows))
    told_on = campus_day(origin.at)
    newcomers = [_newcomer(*pair, told_on) for pair in zip(ids, rows, strict=True)]
    bulk.insert_people(newcomers, units, origin)
    bulk.insert_versions(
        [
            New(person_id, change.kind, 1, 1, change.data, change.valid_from)
            for person_id, each in zip(ids, rows, strict=True)
            for change in each.changes
        ],
        origin,
    )
    return newcomers


def _newcomer(person_id: int, judged: Judged, told_on: date) -> Newcomer:
    documents = [
        Document(f"{change.kind}/1", change.kind, change.data, told_on)
        for change in judged.changes
        if change.kind != "profile"
    ]
    return Newcomer(person_id, _profile(judged), documents)


def _change(people: Sequence[Person], units: dict[str, int], origin: Origin) -> None:
    if not people:
        return
    bulk.insert_versions(_versions(people), origin)
    _end([change for _, each in people for change in each.changes], origin)
    profiles = [(person_id, _profile(each)) for person_id, each in people]
    bulk.project_people([pair for pair in profiles if pair[1]], units)
    bulk.count_change([person_id for person_id, _ in people])


def _profile(judged: Judged) -> Any:
    return next((each.data for each in judged.changes if each.kind == "profile"), {})


def _versions(people: Sequence[Person]) -> list[New]:
    last = queries.last_versions([person_id for person_id, _ in people])
    places: dict[tuple[int, str], int] = {}
    for person_id, kind, place in last:
        places[person_id, kind] = max(place, places.get((person_id, kind), 0))
    versions = []
    for person_id, judged in people:
        for change in judged.changes:
            place, version = places.get((person_id, change.kind), 0) + 1, 1
            if change.corrects and change.before:
                place = change.before.document_no
                version = last[person_id, change.kind, place] + 1
            versions.append(
                New(person_id, change.kind, place, version, change.data, change.valid_from)
            )
    return versions


def _end(changes: Sequence[Change], origin: Origin) -> None:
    replaced = [change for change in changes if change.before and not change.corrects]
    ends: list[tuple[int, date]] = [
        (change.before.id, change.valid_from) for change in replaced if change.before
    ]
    bulk.end_versions(ends)
    withdrawn = [change.before.id for change in changes if change.before and change.corrects]
    bulk.withdraw_versions(withdrawn, origin.at)
