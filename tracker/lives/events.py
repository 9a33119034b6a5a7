"""One event, all the facts that follow from it, and the cases it opens. Flushes only.

Everything told by one event carries one instant, so that it is undone together.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from tracker.accounts import service as accounts
from tracker.accounts.models import Account
from tracker.answers import links
from tracker.cases import opening
from tracker.core.clock import campus_day
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid
from tracker.core.i18n import gettext as _
from tracker.facts import kinds, queries, service
from tracker.facts.models import FactVersion, Person
from tracker.rules.book import RuleBook

Fields = Mapping[str, Any]
#: The procedures that follow, each where it is for such a person (config/procedures).
LEAVING = ("work_permit_cancellation", "departure")
DEATH = ("work_permit_cancellation", "death")
LOST = {"passport": "passport_renewal", "residence_permit": "residence_permit_reissue"}
CHANGED = {
    "name": ("work_permit_change", "residence_permit_change"),
    "nationality": ("work_permit_new_inside", "residence_permit_change"),
    "post": ("work_permit_change",), "category": ("work_permit_change",), "workplace": (),
}  # fmt: skip


def plan_arrival(person: Person, fields: Fields, *, by: str, at: datetime) -> FactVersion:
    """Record when somebody is to come; what is known of it already is changed."""
    planned = planned_arrival(person.id)
    if planned is not None:
        return service.correct(planned, fields, by=by, at=at)
    return service.record(person, "arrival", fields, by=by, at=at)


def planned_arrival(person_id: int) -> FactVersion | None:
    """Return the arrival that somebody is expected by: planned, and no entry since."""
    held = queries.in_force(person_id)
    entries = [each.valid_from for each in held if each.kind == "entry"]
    planned = next((each for each in held if each.kind == "arrival"), None)
    come = planned is not None and any(day >= planned.valid_from for day in entries)
    return None if come else planned


def arrive(person: Person, entry: Fields, lodging: Fields, *, by: str, at: datetime) -> FactVersion:
    """Record that somebody has come, where they live if that is known, and that they serve."""
    told = service.record(person, "entry", entry, by=by, at=at)
    if any(lodging.values()):
        service.record(person, "accommodation", lodging, by=by, at=at)
    if person.status == "recruiting":
        service.change_profile(
            person, {"status": "active"}, valid_from=told.valid_from, by=by, at=at
        )
    return told


def leave(
    person: Person, fields: Fields, book: RuleBook, *, by: str, at: datetime
) -> FactVersion:  # fmt: skip
    """Record that somebody leaves on a day: the contract ends, the cases of leaving open.

    A day that has passed is a departure. A plan told before is changed.
    """
    typed = service.validated("leaving", fields)
    planned = next((v for v in queries.in_force(person.id) if v.kind == "leaving"), None)
    ended = _end_contract(person.id, typed["on"], _day(planned), by=by, at=at)
    typed = typed | {"ends_contract": ended or None}
    if planned is not None and person.status != "departed":
        told = service.correct(planned, typed, by=by, at=at)
    else:
        told = service.record(person, "leaving", typed, by=by, at=at)
    _open(person, LEAVING, book, by=by, at=at)
    if typed["on"] < campus_day(at) and person.status != "departed":
        service.depart(person, departed_on=typed["on"], by=by, at=at)
    return told


def die(
    person: Person, fields: Fields, book: RuleBook, *, by: str, at: datetime
) -> FactVersion:  # fmt: skip
    """Record a death: duties end, the account and all links close, the reports begin."""
    typed = service.validated("death", fields)
    if typed["on"] > campus_day(at):
        raise Invalid(on=_("This day is still to come."))
    if any(each.kind == "death" for each in queries.in_force(person.id)):
        raise Conflict(on=_("This is recorded already. Correct it on the person's page."))
    _open(person, DEATH, book, by=by, at=at)
    told = service.record(person, "death", typed, by=by, at=at)
    links.end_all(person.id, by=by, at=at)
    for account in db.session.scalars(sa.select(Account).filter_by(person_id=person.id)):
        if account.active:
            accounts.deactivate(account)
    return told


def lose(
    person: Person, fields: Fields, book: RuleBook, *, by: str, at: datetime
) -> FactVersion:  # fmt: skip
    """Record a lost document; its replacement is a case where the office takes part."""
    told = service.record(person, "loss", fields, by=by, at=at)
    wanted = LOST.get(str(told.data["document"]))
    _open(person, (wanted,) if wanted else (), book, by=by, at=at)
    return told


def change(
    person: Person, item: str, on: str, values: Fields, book: RuleBook, *, by: str, at: datetime
) -> FactVersion:  # fmt: skip
    """Record that something of a person is different from a day on, and what it was before.

    `values`: fields of the profile (name, nationality, category), of the contract (post), or
    what the place of work is now.
    """
    before, after = _before(person, item), _after(item, values)
    if not after or before == after:
        raise Invalid(**{next(iter(values)): _("Give what is different now.")})
    told = service.record(
        person, "change", {"on": on, "item": item, "before": before, "after": after}, by=by, at=at
    )
    since = told.valid_from
    if item in {"name", "nationality", "category"}:
        service.change_profile(person, values, valid_from=since, by=by, at=at)
    contract = _contract(person.id)
    if item == "post" and contract is not None:
        service.correct(contract, _data(contract) | dict(values), by=by, at=at)
    _open(person, CHANGED[item], book, by=by, at=at)
    return told


def _before(person: Person, item: str) -> str:
    if item == "post":
        contract = _contract(person.id)
        return str(_data(contract).get("post", "")) if contract else ""
    return {"name": person.name, "nationality": person.nationality,
            "category": person.category or ""}.get(item, "")  # fmt: skip


def _after(item: str, values: Fields) -> str:
    names = ("name_zh", "name_en") if item == "name" else values
    return " ".join(str(values[name]) for name in names if values.get(name))


def _contract(person_id: int) -> FactVersion | None:
    return next((v for v in queries.in_force(person_id) if v.kind == "contract"), None)


def _end_contract(
    person_id: int, on: date, planned_on: date | None, *, by: str, at: datetime
) -> bool:  # fmt: skip
    """End the contract on record with the day; tell whether one does. A plan's own end moves."""
    contract = _contract(person_id)
    if contract is None:
        return False
    data = _data(contract)
    told = data.get("terminated_on")
    if data["starts_on"] > on or (data.get("ends_on") and data["ends_on"] < on):
        return told is not None
    if told in (None, planned_on) and told != on:
        service.correct(contract, data | {"terminated_on": on}, by=by, at=at)
    return True


def _open(
    person: Person, names: tuple[str, ...], book: RuleBook, *, by: str, at: datetime
) -> None:  # fmt: skip
    """Open the cases that are for this person and not open yet."""
    for name in names:
        try:
            opening.open_case(person.id, name, book, by=by, at=at)
        except (Invalid, Conflict):
            continue


def _day(version: FactVersion | None) -> date | None:
    return version.valid_from if version else None


def _data(version: FactVersion) -> dict[str, Any]:
    return kinds.unpack(version.kind, version.number, version.data)
