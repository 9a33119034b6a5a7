"""Obligations: what is due, by when, and why."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from marshmallow import Schema, fields, validate

from tracker.accounts.scope import scope_of
from tracker.api import paging
from tracker.api.blueprint import Blueprint
from tracker.api.changes import visible
from tracker.api.people import ANYBODY
from tracker.api.rules import WordsSchema
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Invalid
from tracker.facts import kinds
from tracker.facts.models import Person
from tracker.obligations import book, queries
from tracker.obligations.models import Obligation
from tracker.reminders import outlook
from tracker.rules.book import RuleBook
from tracker.web.access import READERS, viewer

bp = Blueprint("obligations", "What is due, by when, and why")
STATES = ("open", "filed", "met", "settled", "ended", "assumed")
PARTS = ("overdue", "this_week", "next_week", "next_30_days", "later")
ROLES = ("deadline", "window", "validity", "authority", "advice", "limit")
COLUMNS = ("id", "person_id", "state", "reason", "opens_on", "safe_on", "statutory_on", "due_at",
           "provisional", "quiet_until")  # fmt: skip


class ObligationsQuery(paging.Paged):
    """Which obligations."""

    state = fields.String(load_default="open", validate=validate.OneOf(STATES))
    part = fields.String(
        validate=validate.OneOf(PARTS), metadata={"description": "A part of the board."}
    )
    rule = fields.String(validate=validate.Length(1, 30))
    role = fields.String(
        validate=validate.OneOf(ROLES),
        metadata={"description": "Deadlines when neither this nor a rule is given."},
    )
    person_id = fields.Integer(validate=validate.Range(1, 2**31 - 1))
    unit_id = fields.Integer(validate=validate.Range(1, 2**31 - 1))
    from_ = fields.Date(
        data_key="from", validate=kinds.reckonable,
        metadata={"description": "The first safe day wanted."},
    )  # fmt: skip
    until = fields.Date(
        validate=kinds.reckonable, metadata={"description": "The last safe day wanted."}
    )


class ObligationSchema(Schema):
    """One rule applied to one document of one person."""

    component = "Obligation"
    id = fields.Integer(required=True)
    person_id = fields.Integer(required=True)
    person = fields.String(required=True)
    unit_id = fields.Integer(required=True, allow_none=True)
    rule = fields.String(required=True)
    title = fields.Nested(WordsSchema, required=True)
    fact = fields.String(required=True, metadata={"example": "work_permit/2"})
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    reason = fields.String(required=True)
    opens_on = fields.Date(required=True, allow_none=True)
    safe_on = fields.Date(
        required=True, metadata={"description": "The last day that is safe to file on."}
    )
    statutory_on = fields.Date(required=True)
    due_at = fields.AwareDateTime(required=True, allow_none=True)
    provisional = fields.Boolean(
        required=True, metadata={"description": "Counted in a year whose holidays are not known."}
    )
    quiet_until = fields.Date(required=True, allow_none=True)


class Told(Schema):
    """A reminder that was planned, and what became of it."""

    on = fields.String(required=True, metadata={"format": "date"})
    stage = fields.String(required=True)
    to = fields.String(required=True)
    state = fields.String(required=True)


class Next(Schema):
    """The next reminder, if nothing changes."""

    on = fields.String(required=True, metadata={"format": "date"})
    stage = fields.String(required=True)
    to = fields.List(fields.String(), required=True)


class Story(Schema):
    """An obligation with its law, its reminders and the next one."""

    rule = fields.String(required=True)
    title = fields.Nested(WordsSchema, required=True)
    law = fields.String(required=True)
    article = fields.String(required=True)
    confidence = fields.String(required=True)
    fact = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    reason = fields.String(required=True)
    opens_on = fields.Date(required=True, allow_none=True)
    safe_on = fields.Date(required=True)
    statutory_on = fields.Date(required=True)
    due_at = fields.AwareDateTime(required=True, allow_none=True)
    provisional = fields.Boolean(required=True)
    quiet_until = fields.Date(required=True, allow_none=True)
    reminders = fields.List(fields.Nested(Told), required=True)
    next = fields.Nested(Next, required=True, allow_none=True)


@bp.read("/obligations", ObligationSchema(many=True), scope="people:read", to=ANYBODY,
         query=ObligationsQuery(), headers=paging.HEADERS)  # fmt: skip
def list_obligations(query: dict[str, Any]) -> Any:
    """List obligations by safe day, the soonest first; open deadlines if nothing else is said."""
    rules = book.current()
    wanted = _wanted(query, rules)
    joined = sa.select(Obligation, Person).join(Person, Person.id == Obligation.person_id)
    total = db.session.scalar(
        sa.select(sa.func.count())
        .select_from(Obligation)
        .join(Person, Person.id == Obligation.person_id)
        .where(*wanted)
    )
    offset, limit = paging.bounds(query)
    rows = db.session.execute(
        joined.where(*wanted)
        .order_by(Obligation.safe_on, Obligation.id)
        .offset(offset)
        .limit(limit)
    ).all()
    listed = [_shown(obligation, person, rules) for obligation, person in rows]
    return listed, paging.headers(query, total or 0)


@bp.read("/people/<id:person_id>/explanation", Story(many=True),
         scope="people:read", to=(*READERS, "unit_secretary"))  # fmt: skip
def explain(person_id: int) -> Any:
    """Explain every obligation of a person: the law, why, who was told, who will be when."""
    person = visible(person_id)
    rules = book.current()
    told = outlook.explain(str(person.id), today=clock.today())["obligations"]
    return [each for each in told if rules.rule(each["rule"]).role != "private"]


def _wanted(query: Mapping[str, Any], rules: RuleBook) -> list[sa.ColumnElement[bool]]:
    wanted = [
        queries.visible(scope_of(viewer())), Obligation.state == query["state"],
        Obligation.rule_id.in_(_rule_ids(query, rules)),
    ]  # fmt: skip
    if "person_id" in query:
        wanted.append(Obligation.person_id == query["person_id"])
    if "unit_id" in query:
        wanted.append(Person.unit_id == query["unit_id"])
    if "from_" in query:
        wanted.append(Obligation.safe_on >= query["from_"])
    if "until" in query:
        wanted.append(Obligation.safe_on <= query["until"])
    if "part" in query:
        span = next(s for s in queries.spans(clock.today()) if s.name == query["part"])
        wanted.append(queries.within(span))
    return wanted


def _rule_ids(query: Mapping[str, Any], rules: RuleBook) -> list[str]:
    if "rule" in query:
        if not rules.has(query["rule"]) or rules.rule(query["rule"]).role == "private":
            raise Invalid(rule=_("There is no such rule."))
        return [query["rule"]]
    role = query.get("role", "deadline")
    return sorted({rule.id for rule in rules.every if rule.role == role})


def _shown(row: Obligation, person: Person, rules: RuleBook) -> dict[str, Any]:
    return {name: getattr(row, name) for name in COLUMNS} | {
        "person": person.name, "unit_id": person.unit_id, "rule": row.rule_id,
        "fact": row.fact_ref, "title": rules.rule(row.rule_id).title,
    }  # fmt: skip
