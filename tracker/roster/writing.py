"""Write what the rows of a chunk do, through the writers of facts. Flushes only."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from tracker.facts import bulk, queries
from tracker.facts.bulk import New, Origin
from tracker.roster.changes import Change
from tracker.roster.judging import Judged


def write(judged: Sequence[Judged], origin: Origin) -> list[int]:
    """Write the changes of a chunk; return the ids of the persons whose facts are others now."""
    rows = [each for each in judged if each.changes]
    profiles = [_profile(each) for each in rows]
    units = bulk.units_named([profile["unit"] for profile in profiles if profile.get("unit")])
    created = [each for each in rows if each.person_id is None]
    ids = iter(bulk.insert_people([_profile(each) for each in created], units, origin))
    changed = [(each.person_id or next(ids), each) for each in rows]
    known = [(person_id, each) for person_id, each in changed if each.person_id]
    bulk.insert_versions(_versions(changed, [person_id for person_id, _ in known]), origin)
    _end([change for _, each in known for change in each.changes], origin)
    bulk.project_people(
        [(person_id, _profile(each)) for person_id, each in known if _profile(each)], units
    )
    bulk.count_change([person_id for person_id, _ in known])
    return [person_id for person_id, _ in changed]


def _profile(judged: Judged) -> dict[str, Any]:
    return next((dict(each.data) for each in judged.changes if each.kind == "profile"), {})


def _versions(changed: Sequence[tuple[int, Judged]], known: Sequence[int]) -> list[New]:
    last = queries.last_versions(known) if known else {}
    places: dict[tuple[int, str], int] = {}
    for person_id, kind, place in last:
        places[person_id, kind] = max(place, places.get((person_id, kind), 0))
    versions = []
    for person_id, judged in changed:
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
