"""Documents and events of a person: in force, as at a day, every version; recorded, corrected."""

from collections.abc import Sequence
from typing import Any

import apispec
from flask import url_for
from flask_babel import gettext as _
from marshmallow import RAISE, Schema, fields, validate

from tracker.accounts.scope import reads_numbers
from tracker.api import etags
from tracker.api.blueprint import Blueprint
from tracker.api.changes import actor, settle, visible
from tracker.api.people import ANYBODY, LOCATION
from tracker.core import clock
from tracker.core.errors import Invalid, NotFound
from tracker.facts import kinds, queries, service
from tracker.facts.models import FactVersion, Person
from tracker.web import dossier
from tracker.web.access import OFFICE, viewer

bp = Blueprint("facts", "Documents and events of a person, in versions")
#: Particulars are changed through the person.
RECORDED = tuple(kind for kind in kinds.KINDS if kind != "profile")
OF_PERSON = "/people/<id:person_id>/facts"


class FactsQuery(Schema):
    """Which versions."""

    on = fields.Date(metadata={"description": "As at this day; now when left out."})
    history = fields.Boolean(
        load_default=False, metadata={"description": "Every version ever recorded."}
    )
    kind = fields.String(validate=validate.OneOf(list(kinds.KINDS)))


class NewFact(Schema):
    """A kind of fact with its fields; the document spells them out for each kind."""

    class Meta:
        unknown = RAISE

    kind = fields.String(required=True, validate=validate.OneOf(RECORDED))
    fields_ = fields.Dict(keys=fields.String(), required=True, data_key="fields")


class Fact(Schema):
    """One version of one document or event."""

    id = fields.Integer(required=True)
    ref = fields.String(required=True, metadata={"example": "work_permit/2"})
    kind = fields.String(required=True)
    document_no = fields.Integer(required=True)
    version = fields.Integer(required=True)
    fields_ = fields.Raw(required=True, data_key="fields")
    valid_from = fields.Date(required=True)
    valid_to = fields.Date(
        required=True, allow_none=True,
        metadata={"description": "The first day on which it was not in force any more."},
    )  # fmt: skip
    recorded_at = fields.AwareDateTime(required=True)
    recorded_by = fields.String(required=True)
    withdrawn_at = fields.AwareDateTime(required=True, allow_none=True)


@bp.read(OF_PERSON, Fact(many=True), scope="people:read", to=ANYBODY, query=FactsQuery(),
         headers=etags.HEADER)  # fmt: skip
def list_facts(query: dict[str, Any], person_id: int) -> Any:
    """List what is on record of a person: in force, as at a day, or everything."""
    person = visible(person_id)
    if query["history"]:
        found: Sequence[FactVersion] = queries.history(person.id)
    else:
        found = queries.in_force(person.id, query.get("on"))
    wanted = [each for each in found if query.get("kind") in (None, each.kind)]
    return _shown(person, wanted), {"ETag": etags.tag_of(person)}


@bp.read(OF_PERSON + "/<id:fact_id>", Fact(), scope="people:read", to=ANYBODY,
         headers=etags.HEADER)  # fmt: skip
def read_fact(person_id: int, fact_id: int) -> Any:
    """Read one version."""
    person = visible(person_id)
    return _shown(person, [_version(person, fact_id)])[0], {"ETag": etags.tag_of(person)}


@bp.write("POST", OF_PERSON, Fact(), scope="people:write", to=OFFICE, body=NewFact(), status=201,
          headers=etags.HEADER | LOCATION, answers=(404,))  # fmt: skip
def record_fact(body: dict[str, Any], person_id: int) -> Any:
    """Record a new document or event; of a kind that replaces, the one before it ends.

    Nothing is overwritten, so it needs no If-Match.
    """
    person = queries.person_for_change(person_id)
    fields_ = _checked(body)
    version = service.record(person, body["kind"], fields_, by=actor(), at=clock.now())
    settle(person, "fact recorded", fact=version.ref)
    return _changed(person, version)


@bp.write("PUT", OF_PERSON + "/<id:fact_id>", Fact(), scope="people:write",
          to=OFFICE, body=NewFact(), versioned=True, headers=etags.HEADER | LOCATION)  # fmt: skip
def correct_fact(body: dict[str, Any], person_id: int, fact_id: int) -> Any:
    """Correct or amend a version: the answer is the new one, the old one stays, withdrawn."""
    person = etags.for_change(person_id)
    version = _version(person, fact_id)
    if body["kind"] != version.kind:
        raise Invalid(kind=_("This is of the kind %(kind)s.", kind=version.kind))
    newer = service.correct(version, _checked(body), by=actor(), at=clock.now())
    settle(person, "fact corrected", fact=newer.ref)
    return _changed(person, newer)


def document(spec: apispec.APISpec) -> None:
    """Write into the document which fields go with which kind."""
    schemas = spec.components.schemas
    for kind in kinds.KINDS:
        name = component_of(kind)
        if name not in schemas:
            spec.components.schema(name, schema=kinds.schema(kind))
    schemas["NewFact"] = {
        "oneOf": [_one_kind(kind, closed=True) for kind in RECORDED],
        "discriminator": {"propertyName": "kind"},
    }
    schemas["Fact"]["properties"]["fields"] = {"type": "object"}
    schemas["Fact"]["oneOf"] = [_one_kind(kind, closed=False) for kind in kinds.KINDS]


def component_of(kind: str) -> str:
    """Return what the document calls the fields of a kind."""
    return "".join(word.capitalize() for word in kind.split("_"))


def _one_kind(kind: str, *, closed: bool) -> dict[str, Any]:
    made: dict[str, Any] = {
        "type": "object", "title": kind, "required": ["kind", "fields"],
        "properties": {
            "kind": {"const": kind},
            "fields": {"$ref": f"#/components/schemas/{component_of(kind)}"},
        },
    }  # fmt: skip
    return made | {"additionalProperties": False} if closed else made


def _checked(body: dict[str, Any]) -> dict[str, Any]:
    try:
        # A form sends nothing as ""; a program leaves it out, and is told so.
        if wrong := kinds.schema(body["kind"]).validate(body["fields_"]):
            raise Invalid.from_messages(wrong)
        return service.validated(body["kind"], body["fields_"])
    except Invalid as error:
        named = {f"fields.{name}" if name else "": texts for name, texts in error.messages.items()}
        raise Invalid.from_messages(named) from None


def _version(person: Person, fact_id: int) -> FactVersion:
    version = queries.version(fact_id)
    if version is None or version.person_id != person.id:
        raise NotFound
    return version


def _shown(person: Person, versions: Sequence[FactVersion]) -> list[dict[str, Any]]:
    numbers = reads_numbers(viewer(), person_id=person.id)
    return [
        {name: getattr(version, name) for name in Fact().fields if name != "fields_"}
        | {"fields_": _dumped(version, numbers=numbers)}
        for version in versions
    ]


def _dumped(version: FactVersion, *, numbers: bool) -> Any:
    data = dossier.shown_data(version, numbers=numbers)
    return kinds.schema(version.kind).dump(data)


def _changed(person: Person, version: FactVersion) -> Any:
    address = url_for("api_facts.read_fact", person_id=person.id, fact_id=version.id)
    return _shown(person, [version])[0], {"ETag": etags.tag_of(person), "Location": address}
