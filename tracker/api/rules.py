"""The rules with their law, and the calendar they are counted on."""

from datetime import date
from typing import Any

from marshmallow import Schema, fields, validate

from tracker.accounts.models import ROLES
from tracker.api.blueprint import Blueprint
from tracker.core.errors import NotFound
from tracker.facts import kinds
from tracker.obligations import book
from tracker.rules.model import Rule, YearCalendar

bp = Blueprint("rules", "The law as data, and the working calendar")
RULE_ROLES = ("deadline", "window", "validity", "authority", "advice", "limit", "private")
OF_RULE = ("id", "role", "title", "what_to_do", "penalty", "article", "confidence", "checked_on",
           "in_force_from", "in_force_until", "kinds")  # fmt: skip


class WordsSchema(Schema):
    """A text in both languages."""

    component = "Words"
    zh = fields.String(required=True)
    en = fields.String(required=True)


class RulesQuery(Schema):
    """Which rules."""

    on = fields.Date(
        validate=kinds.reckonable, metadata={"description": "Only those in force on this day."}
    )
    role = fields.String(validate=validate.OneOf(RULE_ROLES))
    kind = fields.String(validate=validate.OneOf(list(kinds.KINDS)))


class RuleSchema(Schema):
    """One rule in one of its versions."""

    component = "Rule"
    id = fields.String(required=True)
    role = fields.String(required=True, validate=validate.OneOf(RULE_ROLES))
    title = fields.Nested(WordsSchema, required=True)
    what_to_do = fields.Nested(WordsSchema, required=True)
    penalty = fields.Nested(WordsSchema, required=True)
    law = fields.Nested(WordsSchema, required=True)
    article = fields.String(required=True)
    confidence = fields.String(required=True)
    checked_on = fields.Date(required=True)
    in_force_from = fields.Date(required=True)
    in_force_until = fields.Date(required=True)
    kinds = fields.List(
        fields.String(), required=True,
        metadata={"description": "The kinds of fact it counts from."},
    )  # fmt: skip
    identities = fields.List(fields.String(), required=True)
    nationalities = fields.List(fields.String(), required=True)
    categories = fields.List(fields.String(), required=True)


class YearSchema(Schema):
    """A year's days off, and the weekends worked instead."""

    component = "CalendarYear"
    year = fields.Integer(required=True)
    source = fields.String(required=True)
    off = fields.List(fields.Date(), required=True)
    working = fields.List(fields.Date(), required=True)


@bp.read("/rules", RuleSchema(many=True), scope="rules:read", to=ROLES, query=RulesQuery())
def list_rules(query: dict[str, Any]) -> Any:
    """List the rules with their law and article, every version of each."""
    return [_shown(rule) for rule in book.current().every if _matches(rule, query)]


@bp.read("/rules/<rule_id>", RuleSchema(many=True), scope="rules:read", to=ROLES)
def read_rule(rule_id: str) -> Any:
    """Read every version of one rule, the oldest first."""
    found = [_shown(rule) for rule in book.current().every if rule.id == rule_id]
    if not found:
        raise NotFound
    return found


@bp.read("/calendar", YearSchema(many=True), scope="rules:read", to=ROLES)
def list_years() -> Any:
    """List the years whose holiday notice is known; other years' days are provisional."""
    notices = book.current().calendar.notices
    return [_year(notices[year]) for year in sorted(notices)]


@bp.read("/calendar/<int(max=9999):year>", YearSchema(), scope="rules:read", to=ROLES)
def read_year(year: int) -> Any:
    """Read one year's notice."""
    found = book.current().calendar.notices.get(year)
    if found is None:
        raise NotFound
    return _year(found)


def _matches(rule: Rule, query: dict[str, Any]) -> bool:
    on: date | None = query.get("on")
    return (
        (on is None or rule.in_force_from <= on <= rule.in_force_until)
        and query.get("role") in (None, rule.role)
        and ("kind" not in query or query["kind"] in rule.kinds)
    )


def _shown(rule: Rule) -> dict[str, Any]:
    sets = ("identities", "nationalities", "categories")
    return {
        **{name: getattr(rule, name) for name in OF_RULE},
        **{name: sorted(getattr(rule, name)) for name in sets},
        "law": {"zh": rule.law, "en": rule.law_en},
    }


def _year(year: YearCalendar) -> dict[str, Any]:
    return {
        "year": year.year, "source": year.source, "off": sorted(year.off),
        "working": sorted(year.working),
    }  # fmt: skip
