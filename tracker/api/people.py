"""People: listed, read, taken in, changed, departed."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from marshmallow import Schema, fields, validate

from tracker.accounts.scope import NUMBERS, reads_numbers, scope_of
from tracker.api import etags, paging
from tracker.api.blueprint import Blueprint
from tracker.api.changes import actor, settle, visible
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Conflict
from tracker.directory import filters
from tracker.directory.filters import Filter
from tracker.directory.listing import Listing, Reader
from tracker.facts import kinds, service
from tracker.facts.models import Person
from tracker.web import dossier, language
from tracker.web.access import OFFICE, READERS, viewer

bp = Blueprint("people", "Experts, and what is on record of them")
ANYBODY = (*READERS, "unit_secretary", "expert")
LOCATION = {"Location": {"description": "Its address.", "schema": {"type": "string"}}}
_Profile: Any = type(kinds.schema("profile"))


class PeopleQuery(paging.Paged):
    """Which people, in which order: as on the page of people."""

    q = fields.String(
        validate=validate.Length(1, filters.LONGEST),
        metadata={"description": "Part of a name, in characters or pinyin; for the office also a "
                                 "whole passport number."},
    )  # fmt: skip
    unit_id = fields.Integer(validate=validate.Range(1, 2**31 - 1))
    nationality = fields.String(validate=[validate.Length(3, 3), validate.Regexp("^[A-Z]{3}$")])
    category = fields.String(validate=validate.OneOf(filters.CATEGORIES))
    status = fields.String(load_default="all", validate=validate.OneOf((*kinds.STATUSES, "all")))
    identity = fields.String(validate=validate.OneOf(kinds.IDENTITIES))
    building = fields.String(validate=validate.Length(1, filters.LONGEST))
    due = fields.String(
        validate=validate.OneOf(filters.DUE),
        metadata={"description": "Something overdue, something within a month, or nothing."},
    )
    sort = fields.String(
        load_default="name",
        validate=validate.OneOf(filters.CHOICES["sort"]),
        metadata={"description": "With - in front: the other way round."},
    )


class PersonSchema(Schema):
    """One person, as lists show them."""

    component = "Person"
    id = fields.Integer(required=True)
    name_zh = fields.String(required=True, allow_none=True)
    name_en = fields.String(required=True, allow_none=True)
    nationality = fields.String(required=True)
    identity = fields.String(required=True, validate=validate.OneOf(kinds.IDENTITIES))
    category = fields.String(required=True, allow_none=True)
    status = fields.String(required=True, validate=validate.OneOf(kinds.STATUSES))
    language = fields.String(required=True, validate=validate.OneOf(kinds.LANGUAGES))
    email = fields.String(required=True, allow_none=True)
    born_on = fields.Date(required=True, allow_none=True)
    unit_id = fields.Integer(required=True, allow_none=True)
    revision = fields.Integer(required=True)
    created_at = fields.AwareDateTime(required=True)


class Listed(PersonSchema):
    """A person with the next day something must be filed by, and what runs out first."""

    component = "ListedPerson"
    next_safe_on = fields.Date(required=True, allow_none=True)
    expires_on = fields.Date(required=True, allow_none=True)


class Detail(PersonSchema):
    """A person with all particulars in force."""

    component = "PersonDetail"
    profile = fields.Nested(kinds.schema("profile"), required=True)


class Change(_Profile):  # type: ignore[misc]
    """Some particulars; null takes one away."""

    component = "ProfileChange"


class Departure(Schema):
    """When a person leaves."""

    departed_on = fields.Date(required=True, validate=kinds.reckonable)


@bp.read("/people", Listed(many=True), scope="people:read", to=(*READERS, "unit_secretary"),
         query=PeopleQuery(), headers=paging.HEADERS)  # fmt: skip
def list_people(query: dict[str, Any]) -> Any:
    """List the people the reader may see."""
    found = Listing(_filter(query), _reader())
    offset, limit = paging.bounds(query)
    rows = found.page(offset=offset, most=limit)
    whole = sa.select(Person).where(Person.id.in_([row.id for row in rows]))
    people = {person.id: person for person in db.session.scalars(whole)}
    listed = [
        columns(people[row.id]) | {"next_safe_on": row.next_on, "expires_on": row.expires_on}
        for row in rows
    ]
    return listed, paging.headers(query, found.count())


@bp.write("POST", "/people", Detail(), scope="people:write", to=OFFICE,
          body=kinds.schema("profile"), status=201, headers=etags.HEADER | LOCATION)  # fmt: skip
def create_person(profile: dict[str, Any]) -> Any:
    """Take in a new person."""
    person = service.create_person(profile, by=actor(), at=clock.now())
    settle(person, "person created")
    return _answer(person, Location=url_for("api_people.read_person", person_id=person.id))


@bp.read("/people/<id:person_id>", Detail(), scope="people:read", to=ANYBODY,
         headers=etags.HEADER)  # fmt: skip
def read_person(person_id: int) -> Any:
    """Read one person."""
    return _answer(visible(person_id))


@bp.write("PATCH", "/people/<id:person_id>", Detail(), scope="people:write",
          to=OFFICE, body=Change(partial=True), versioned=True, headers=etags.HEADER)  # fmt: skip
def change_person(changes: dict[str, Any], person_id: int) -> Any:
    """Change some particulars from today on; what was before stays on record."""
    person = etags.for_change(person_id)
    before = dossier.profile_of(person)
    if any(before.get(name) != value for name, value in changes.items()):
        service.change_profile(
            person, changes, valid_from=clock.today(), by=actor(), at=clock.now()
        )
        settle(person, "person changed", fields=sorted(changes))
    return _answer(person)


@bp.write("POST", "/people/<id:person_id>/departure", Detail(),
          scope="people:write", to=OFFICE, body=Departure(), versioned=True,
          headers=etags.HEADER)  # fmt: skip
def depart(body: dict[str, Any], person_id: int) -> Any:
    """Record that a person leaves; a contract that runs longer ends with it."""
    person = etags.for_change(person_id)
    if person.status == "departed":
        raise Conflict(_("This person has left already."))
    service.depart(person, departed_on=body["departed_on"], by=actor(), at=clock.now())
    settle(person, "person departed")
    return _answer(person)


def columns(person: Person) -> dict[str, Any]:
    """Return what lists show of a person."""
    return {name: getattr(person, name) for name in PersonSchema().fields}


def _answer(person: Person, **headers: str) -> Any:
    numbers = reads_numbers(viewer(), person_id=person.id)
    profile = dossier.profile_of(person, numbers=numbers)
    return columns(person) | {"profile": profile}, {"ETag": etags.tag_of(person), **headers}


def _filter(query: Mapping[str, Any]) -> Filter:
    given = {name: query[name] for name in Filter.__slots__ if name in query}
    return Filter(**given, unit=str(query.get("unit_id", "")))


def _reader() -> Reader:
    account = viewer()
    return Reader(
        scope=scope_of(account), by_number=account.role in NUMBERS, language=language.current(),
        today=clock.today(),
    )  # fmt: skip
