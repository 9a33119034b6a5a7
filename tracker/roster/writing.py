"""Write what the rows of a chunk do, through the writers of facts. Flushes only."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from tracker import pipeline
from tracker.facts import bulk, queries
from tracker.facts.bulk import New, Origin
from tracker.roster.changes import Change
from tracker.roster.entering import Entry
from tracker.roster.judging import Judged

Person = tuple[int, Judged]


def change(rows: Sequence[Judged], origin: Origin) -> list[int]:
    """Write what rows change of persons on record; return the ids of those persons."""
    people = [(each.person_id, each) for each in rows if each.person_id is not None]
    if people:
        bulk.insert_versions(_versions(people), origin)
        _end([change for _, each in people for change in each.changes], origin)
        profiles = [(person_id, _profile(each)) for person_id, each in people]
        profiles = [pair for pair in profiles if pair[1]]
        bulk.project_people(profiles, _units([profile for _, profile in profiles]))
        bulk.count_change([person_id for person_id, _ in people])
    return [person_id for person_id, _ in people]


def add(people: Sequence[Entry], origin: Origin, *, today: date) -> Sequence[int]:
    """Write people who are new; return their ids."""
    ids = bulk.next_people(len(people))
    bulk.insert_people(ids, [each.record for each in people], origin)
    pipeline.add(ids, [each.owed for each in people], today=today, now=origin.at)
    return ids


def _units(profiles: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    return bulk.units_named([profile["unit"] for profile in profiles if profile.get("unit")])


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
