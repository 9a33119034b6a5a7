"""Cases: listed, read with their papers and history, opened, moved."""

from typing import Any

from flask import url_for
from marshmallow import Schema, fields, validate

from tracker.accounts.scope import scope_of
from tracker.api import etags, paging
from tracker.api.blueprint import Blueprint
from tracker.api.changes import actor, settle, visible
from tracker.api.people import ANYBODY, LOCATION
from tracker.api.rules import WordsSchema
from tracker.cases import acts, checklists, opening, overview, queries
from tracker.cases.models import Case
from tracker.cases.states import ITEM_STATES, STATES, WAITS_FOR
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import NotFound
from tracker.directory import cases as listing
from tracker.directory.cases import Wanted
from tracker.facts import kinds
from tracker.obligations import book
from tracker.rules.model import Words
from tracker.rules.procedures.wording import TOLD
from tracker.web.access import OFFICE, viewer

bp = Blueprint("cases", "Procedures under way, their papers and their history")
COLUMNS = (
    "id", "person_id", "procedure", "subject_ref", "state", "state_at", "opened_on", "opened_by",
    "submitted_on", "accepted_on", "granted_on", "collected_on", "receipt_number", "until",
    "closed_at", "revision",
)  # fmt: skip
WAITS = ("unit", "person", "office", "authority")
_Id = validate.Range(1, 2**31 - 1)


def _text(longest: int, least: int = 0) -> fields.String:
    return fields.String(validate=validate.Length(least, longest))


class CasesQuery(paging.Paged):
    """Which cases."""

    state = fields.String(validate=validate.OneOf(STATES))
    procedure = fields.String(validate=validate.Length(1, 40))
    waits_for = fields.String(validate=validate.OneOf(WAITS))
    unit_id = fields.Integer(validate=_Id)
    person_id = fields.Integer(validate=_Id)
    closed = fields.Boolean(
        load_default=False, metadata={"description": "Those that are over instead."}
    )


class CaseSchema(Schema):
    """One procedure for one person."""

    component = "Case"
    id = fields.Integer(required=True)
    person_id = fields.Integer(required=True)
    person = fields.String(required=True)
    unit_id = fields.Integer(required=True, allow_none=True)
    procedure = fields.String(required=True, metadata={"example": "work_permit_extension"})
    title = fields.Nested(WordsSchema, required=True)
    subject_ref = fields.String(required=True, metadata={"example": "work_permit/2"})
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    state_at = fields.AwareDateTime(required=True)
    waits_for = fields.String(required=True, allow_none=True, validate=validate.OneOf(WAITS))
    opened_on = fields.Date(required=True)
    opened_by = fields.String(required=True)
    submitted_on = fields.Date(required=True, allow_none=True)
    accepted_on = fields.Date(required=True, allow_none=True)
    granted_on = fields.Date(required=True, allow_none=True)
    collected_on = fields.Date(required=True, allow_none=True)
    receipt_number = fields.String(required=True, allow_none=True)
    until = fields.Date(required=True, allow_none=True)
    closed_at = fields.AwareDateTime(required=True, allow_none=True)
    revision = fields.Integer(required=True)
    next_step = fields.String(required=True, allow_none=True, metadata={"example": "RENEW-WP-FILE"})
    next_on = fields.Date(
        required=True, allow_none=True, metadata={"description": "Its latest day."}
    )
    slack = fields.Integer(
        required=True, allow_none=True,
        metadata={"description": "Days it can slip; negative when it is late."},
    )  # fmt: skip
    lacking = fields.List(
        fields.String(), required=True, metadata={"description": "Papers that are not ready."}
    )
    passport_until = fields.Date(
        required=True, allow_none=True,
        metadata={"description": "The authority has the passport until then."},
    )  # fmt: skip


class PaperSchema(Schema):
    """One paper of a case."""

    component = "CasePaper"
    code = fields.String(required=True, metadata={"example": "M02"})
    title = fields.Nested(WordsSchema, required=True)
    by = fields.String(required=True, validate=validate.OneOf(WAITS))
    state = fields.String(required=True, validate=validate.OneOf(ITEM_STATES))
    reason = fields.String(required=True)
    ground = fields.String(required=True)
    issued_on = fields.Date(required=True, allow_none=True)
    good_until = fields.Date(required=True, allow_none=True)
    too_old = fields.Boolean(required=True)
    start_by = fields.Date(required=True, allow_none=True)
    attachment_id = fields.Integer(required=True, allow_none=True)


class EventSchema(Schema):
    """One change."""

    component = "CaseEvent"
    at = fields.AwareDateTime(required=True)
    by = fields.String(required=True)
    code = fields.String(required=True, allow_none=True)
    from_state = fields.String(required=True, allow_none=True)
    to_state = fields.String(required=True)
    note = fields.String(required=True)


class CaseDetail(CaseSchema):
    """A case with its papers, and its history for who may see it."""

    component = "CaseDetail"
    filing_on = fields.Date(required=True)
    papers = fields.List(fields.Nested(PaperSchema), required=True)
    events = fields.List(fields.Nested(EventSchema), required=True)


class NewCase(Schema):
    """A case to be opened about the document in force."""

    person_id = fields.Integer(required=True, strict=True, validate=_Id)
    procedure = fields.String(required=True, validate=validate.Length(1, 40))
    until = fields.Date(validate=kinds.reckonable)
    told = fields.List(fields.String(validate=validate.OneOf(TOLD)), load_default=list)
    note = _text(300)


class CaseMove(Schema):
    """A move to a state, with what the state asks for."""

    to = fields.String(required=True, validate=validate.OneOf(STATES))
    on = fields.Date(
        validate=kinds.reckonable, metadata={"description": "When it happened; today by default."}
    )
    until = fields.Date(validate=kinds.reckonable)
    receipt_number = _text(40)
    reason = _text(300)
    note = _text(300)
    despite = fields.String(
        validate=validate.Length(0, 300),
        metadata={"description": "Why it is filed without papers that are not ready."},
    )
    codes = fields.List(
        _text(10, 1), load_default=list,
        metadata={"description": "The papers that were returned for correction."},
    )  # fmt: skip


class PaperChange(Schema):
    """What came of a paper."""

    state = fields.String(required=True, validate=validate.OneOf(ITEM_STATES))
    reason = _text(300)
    ground = _text(40)
    issued_on = fields.Date(validate=kinds.reckonable)
    attachment_id = fields.Integer(strict=True, validate=_Id)


@bp.read("/cases", CaseSchema(many=True), scope="people:read", to=ANYBODY,
         query=CasesQuery(), headers=paging.HEADERS)  # fmt: skip
def list_cases(query: dict[str, Any]) -> Any:
    """List cases, the soonest day first; open ones, or those that are over."""
    scope, now, today = scope_of(viewer()), clock.now(), clock.today()
    wanted = Wanted(
        unit_id=query.get("unit_id"), procedure=query.get("procedure", ""),
        waits=query.get("waits_for", ""), state=query.get("state", ""),
        closed=query["closed"], person_id=query.get("person_id"), open=not query["closed"],
    )  # fmt: skip
    offset, limit = paging.bounds(query)
    found = [each.case for each in listing.page(scope, wanted, offset=offset, most=limit, now=now)]
    standing = overview.of_cases(found, book.current(), today=today)
    total = listing.total(scope, wanted, now=now)
    return [_shown(case, standing.get(case.id)) for case in found], paging.headers(query, total)


@bp.read("/cases/<id:case_id>", CaseDetail(), scope="people:read", to=ANYBODY,
         headers=etags.HEADER)  # fmt: skip
def read_case(case_id: int) -> Any:
    """Read one case with its papers and its history."""
    return _answer(_visible(case_id))


@bp.write("POST", "/cases", CaseDetail(), scope="people:write", to=OFFICE, body=NewCase(),
          status=201, headers=etags.HEADER | LOCATION, answers=(404,))  # fmt: skip
def open_case(body: dict[str, Any]) -> Any:
    """Open a case for a person."""
    person = visible(body["person_id"])
    case = opening.open_case(
        person.id, body["procedure"], book.current(), by=actor(), at=clock.now(),
        until=body.get("until"), told=dict.fromkeys(body["told"], True), note=body.get("note", ""),
    )  # fmt: skip
    settle(person, "case opened", case=case.id, procedure=case.procedure)
    return _answer(case, Location=url_for("api_cases.read_case", case_id=case.id))


@bp.write("POST", "/cases/<id:case_id>/moves", CaseDetail(), scope="people:write", to=OFFICE,
          body=CaseMove(), versioned=True, headers=etags.HEADER)  # fmt: skip
def move_case(body: dict[str, Any], case_id: int) -> Any:
    """Move a case to another state."""
    case = etags.case_for_change(case_id)
    was, asked = case.state, body | {"codes": tuple(body["codes"])}
    acts.make(case, acts.Move(**asked), book.current(), by=actor(), at=clock.now())
    settle(case.person, "case moved", case=case.id, was=was, state=case.state)
    return _answer(case)


@bp.write("PATCH", "/cases/<id:case_id>/papers/<code>", CaseDetail(), scope="people:write",
          to=OFFICE, body=PaperChange(), versioned=True, headers=etags.HEADER)  # fmt: skip
def change_paper(body: dict[str, Any], case_id: int, code: str) -> Any:
    """Say what came of a paper of a case."""
    case = etags.case_for_change(case_id)
    checklists.change(case, book.current(), code, by=actor(), at=clock.now(), **body)
    settle(case.person, "case paper changed", case=case.id, codes=code, state=body["state"])
    return _answer(case)


def _visible(case_id: int) -> Case:
    case = queries.get(case_id)
    visible(case.person_id)
    if case.procedure not in book.current().procedures.by_id:
        raise NotFound
    return case


def _answer(case: Case, **headers: str) -> Any:
    rules, today = book.current(), clock.today()
    db.session.refresh(case)
    standing = overview.of_cases([case], rules, today=today)[case.id]
    papers = checklists.of_case(case, rules, today=today, filing_on=standing.filing_on)
    events = queries.events(case.id) if viewer().role != "expert" else []
    shown = _shown(case, standing) | {
        "filing_on": papers.filing_on, "events": events,
        "papers": [_paper(item) for item in papers.items],
    }  # fmt: skip
    return shown, {"ETag": etags.tag_of_case(case), **headers}


def _paper(item: checklists.Item) -> dict[str, Any]:
    names = ("code", "state", "reason", "ground", "issued_on", "good_until", "too_old", "start_by",
             "attachment_id")  # fmt: skip
    shown = {name: getattr(item, name) for name in names}
    return shown | {"title": item.material.title, "by": item.material.by}


def _shown(case: Case, standing: overview.Standing | None) -> dict[str, Any]:
    procedure = book.current().procedures.by_id.get(case.procedure)
    title = procedure.title if procedure else Words(case.procedure, case.procedure)
    next_step = standing.next if standing else None
    away = standing.away if standing else None
    return {name: getattr(case, name) for name in COLUMNS} | {
        "person": case.person.name, "unit_id": case.person.unit_id, "title": title,
        "waits_for": None if case.closed_at else WAITS_FOR.get(case.state),
        "next_step": next_step.key if next_step else None,
        "next_on": next_step.latest if next_step else None,
        "slack": standing.slack if standing else None,
        "lacking": list(standing.lacking) if standing else [],
        "passport_until": away.until if away else None,
    }  # fmt: skip
