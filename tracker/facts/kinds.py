"""The kinds of fact and the fields of each; schemas and conversions are made from this table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import RAISE, Schema, ValidationError, fields, validate, validates_schema

from tracker.core.clock import CAMPUS
from tracker.core.i18n import gettext as _

IDENTITIES = ("foreigner", "hmt", "permanent_resident")
STATUSES = ("recruiting", "active", "on_leave", "departed")
LANGUAGES = ("zh", "en", "both")
PROCEDURES = ("work_permit", "residence_permit", "visa")
RELATIONS = ("spouse", "child", "parent", "other")
OUTCOMES = ("done", "waived", "not_applicable")
#: Why somebody leaves, and what comes after.
REASONS = ("contract_end", "resignation", "dismissal", "retirement", "incapacity", "other")
AFTERWARDS = ("leaves_china", "stay_certificate", "new_employer", "family")
#: What can be lost, and what of a person can become different.
LOST = ("passport", "residence_permit", "visa", "hmt_travel_permit", "hmt_residence_card",
        "permanent_residence_card")  # fmt: skip
CHANGED = ("name", "nationality", "post", "category", "workplace")
RESULTS = ("won", "not_won", "withdrawn")


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a kind: its type, and whether the kind makes sense without it."""

    type: str = "text"  # text, email, country, date, instant, integer, flag
    required: bool = False
    choices: tuple[str, ...] = ()
    longest: int = 300


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fact.

    `replaces`: a new one takes the place of the one in force (a permit), instead of standing
    beside it (a birth). `begins`: the field whose day makes it valid.
    """

    name: str
    fields: Mapping[str, Field]
    begins: str | None = None
    replaces: bool = True
    #: pairs of fields of which the second must not come before the first
    ordered: tuple[tuple[str, str], ...] = ()
    #: fields of which at least one must be given
    one_of: tuple[str, ...] = ()


TEXT, DAY = Field(), Field("date")
NUMBER = Field(longest=40)
NEEDED_DAY = Field("date", required=True)
#: What lies outside is a slip of the hand, and no day to reckon from.
DAYS = (date(1900, 1, 1), date(2199, 12, 31))


def _document(name: str, **more: Field) -> Kind:
    common = {"number": NUMBER, "issued_on": DAY, "expires_on": DAY}
    return Kind(
        name, common | more, begins="issued_on", ordered=(("issued_on", "expires_on"),),
        one_of=("number", "expires_on"),
    )  # fmt: skip


_ALL = (
    Kind("profile", {
        "name_zh": Field(longest=120), "name_en": Field(longest=200),
        "nationality": Field("country", required=True, longest=3),
        "identity": Field(choices=IDENTITIES), "category": Field(choices=("A", "B", "C")),
        "language": Field(choices=LANGUAGES), "email": Field("email", longest=254),
        "phone": Field(longest=60), "address": TEXT, "unit": Field(longest=120),
        "employee_no": NUMBER, "sex": Field(choices=("F", "M", "X")), "born_on": DAY,
        "status": Field(choices=STATUSES), "departed_on": DAY,
    }),
    Kind("entry", {
        "on": NEEDED_DAY, "visa": TEXT, "stay_days": Field("integer"),
        "residence_permit_required": Field("flag"),
    }, begins="on"),
    Kind("accommodation", {
        "moved_in_at": Field("instant", required=True), "building": TEXT, "room": NUMBER,
        "address": TEXT, "building_kind": Field(choices=("dwelling", "hotel")),
        "rural": Field("flag"), "registered_on": DAY, "moved_out_on": DAY,
    }, begins="moved_in_at", ordered=(("moved_in_at", "moved_out_on"),)),
    _document("passport", received_on=DAY, replaces=NUMBER),
    _document("visa", visa=TEXT),
    _document("work_permit", category=Field(choices=("A", "B", "C"))),
    _document("residence_permit", purpose=TEXT),
    _document("stay_certificate"),
    _document("hmt_travel_permit"),
    _document("hmt_residence_card"),
    _document("permanent_residence_card"),
    Kind("contract", {
        "starts_on": NEEDED_DAY, "ends_on": DAY, "terminated_on": DAY, "post": TEXT,
        "hazard_post": Field("flag"),
    }, begins="starts_on", ordered=(("starts_on", "ends_on"), ("starts_on", "terminated_on"))),
    Kind("application", {
        "procedure": Field(required=True, choices=PROCEDURES), "accepted_on": NEEDED_DAY,
        "receipt_number": NUMBER,
    }, begins="accepted_on", replaces=False),
    Kind("health_certificate", {"issued_on": NEEDED_DAY}, begins="issued_on"),
    Kind("no_criminal_record", {"issued_on": NEEDED_DAY}, begins="issued_on"),
    Kind("birth", {"on": NEEDED_DAY}, begins="on", replaces=False),
    Kind("arrival", {
        "on": NEEDED_DAY, "flight": NUMBER, "port": Field(longest=120),
        "met_by": Field(longest=120), "lodging": Field(longest=200),
    }, begins="on"),
    Kind("leaving", {
        "on": NEEDED_DAY, "reason": Field(required=True, choices=REASONS),
        "afterwards": Field(required=True, choices=AFTERWARDS), "ends_contract": Field("flag"),
    }, begins="on"),
    Kind("death", {"on": NEEDED_DAY, "place": TEXT, "family": TEXT}, begins="on"),
    Kind("loss", {
        "on": NEEDED_DAY, "document": Field(required=True, choices=LOST), "reported_on": DAY,
        "certificate": NUMBER,
    }, begins="on", replaces=False, ordered=(("on", "reported_on"),)),
    Kind("change", {
        "on": NEEDED_DAY, "item": Field(required=True, choices=CHANGED), "before": TEXT,
        "after": Field(required=True),
    }, begins="on", replaces=False),
    Kind("retention", {"keep_until": NEEDED_DAY, "why": Field(required=True)}),
    Kind("project", {
        "programme": Field(required=True, longest=120), "number": NUMBER,
        "starts_on": DAY, "ends_on": DAY, "person_months": Field("integer"),
        "apply_by": DAY, "applied_on": DAY, "report_by": DAY, "reported_on": DAY,
    }, begins="starts_on", replaces=False, ordered=(("starts_on", "ends_on"),)),
    Kind("award", {
        "award": Field(required=True, longest=120), "nominate_by": DAY, "nominated_on": DAY,
        "decided_on": DAY, "result": Field(choices=RESULTS),
    }, replaces=False),
    Kind("family_tie", {
        "sponsor": Field(required=True, longest=12),
        "relation": Field(required=True, choices=RELATIONS),
    }),
    Kind("settlement", {
        "rule_id": Field(required=True, longest=30),
        "fact_ref": Field(required=True, longest=40),
        "outcome": Field(required=True, choices=OUTCOMES), "on": NEEDED_DAY, "note": TEXT,
    }, begins="on", replaces=False),
)  # fmt: skip
KINDS: dict[str, Kind] = {kind.name: kind for kind in _ALL}


def schema(kind: str) -> Schema:
    """Return the schema that forms, the API and commands validate a fact of `kind` with."""
    return _SCHEMAS[kind]


def pack(data: Mapping[str, Any]) -> tuple[str | None, dict[str, Any]]:
    """Turn typed fields into the stored number and JSON; empty fields are left out."""
    stored = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in data.items()
        if value not in (None, "") and name != "number"
    }
    return number_of(data), stored


def number_of(data: Mapping[str, Any]) -> str | None:
    """Return the number that a fact with these fields is found by."""
    return normal_number(data.get("number") or data.get("employee_no"))


def unpack(kind: str, number: str | None, stored: Mapping[str, Any]) -> dict[str, Any]:
    """Turn the stored number and JSON back into typed fields."""
    typed: dict[str, Any] = {}
    known = KINDS[kind].fields
    for name, value in stored.items():
        parse = _PARSERS.get(known[name].type)
        typed[name] = parse(value) if parse else value
    if number and "number" in known:
        typed["number"] = number
    return typed


def begins_on(kind: str, data: Mapping[str, Any], default: date) -> date:
    """Return the day from which a fact with these fields is in force."""
    return _day(data.get(KINDS[kind].begins or "")) or default


def _day(value: object) -> date | None:
    """Return the campus day of a day or an instant; None of anything else."""
    if isinstance(value, datetime):
        return value.astimezone(CAMPUS).date()
    return value if isinstance(value, date) else None


def normal_number(number: str | None) -> str | None:
    """Return a printed number as it is compared: upper case, no spaces, never a figure."""
    return "".join(str(number).split()).upper() or None if number else None


_PARSERS = {"date": date.fromisoformat, "instant": datetime.fromisoformat}


class _KindSchema(Schema):
    """Checks the fields of one kind against each other."""

    class Meta:
        unknown = RAISE

    kind: Kind

    @validates_schema
    def says_something(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Refuse a document of which nothing is known."""
        if self.kind.one_of and not any(data.get(name) for name in self.kind.one_of):
            raise ValidationError(
                _("Give the number or the last day."), field_name=self.kind.one_of[-1]
            )

    @validates_schema
    def in_order(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Refuse an end before its beginning."""
        for first, second in self.kind.ordered:
            begins, ends = _day(data.get(first)), _day(data.get(second))
            if begins and ends and ends < begins:
                raise ValidationError(
                    _("This is before %(day)s, the day it begins.", day=begins.isoformat()),
                    field_name=second,
                )


#: What a reader is told, by marshmallow's own names of mistakes. In lists: it takes a lazy text,
#: which is translated only when it is read, for a list of its letters.
_MISTAKES: dict[str, dict[str, Any]] = {
    "date": {"invalid": [_l("Write the day like 2026-11-30.")]},
    "instant": {"invalid": [_l("Write day and hour like 2026-11-30 14:30.")]},
    "integer": {"invalid": [_l("Write a whole number, such as 30.")]},
}
_NEEDED = [_l("This is needed.")]


def reckonable(day: date) -> None:
    """Refuse a day that no deadline can be reckoned from."""
    first, last = DAYS
    if not first <= day <= last:
        raise ValidationError(
            _("Give a day from %(first)s to %(last)s.", first=first.year, last=last.year)
        )


def _marshmallow_field(field: Field) -> fields.Field[Any]:
    mistakes = {"required": _NEEDED, "null": _NEEDED} | _MISTAKES.get(field.type, {})
    options: dict[str, Any] = {
        "required": field.required, "allow_none": not field.required, "error_messages": mistakes,
    }  # fmt: skip
    if field.type == "date":
        return fields.Date(validate=reckonable, **options)
    if field.type == "instant":
        return fields.AwareDateTime(
            default_timezone=CAMPUS, validate=lambda at: reckonable(at.date()), **options
        )
    if field.type == "integer":
        few = validate.Range(1, 3650, error=_l("Write a number from 1 to 3650."))
        return fields.Integer(strict=True, validate=few, **options)
    if field.type == "flag":
        return fields.Boolean(**options)
    return fields.String(validate=_checks(field), **options)


def _checks(field: Field) -> list[Any]:
    if field.choices:
        return [validate.OneOf(field.choices, error=_l("Choose one of the list."))]
    too_long = _l("At most %(count)s characters fit.", count=field.longest)
    checks: list[Any] = [validate.Length(max=field.longest, error=too_long)]
    if field.type == "country":
        wrong = _l("Give a country, by name from the list or by its three letters, such as FRA.")
        checks.append(validate.Regexp("^[A-Z]{3}$", error=wrong))
    if field.type == "email":
        checks.append(validate.Email(error=_l("Write one address, such as alice@example.org.")))
    return checks


def _schema_of(kind: Kind) -> Schema:
    made: dict[str, Any] = {name: _marshmallow_field(field) for name, field in kind.fields.items()}
    made_schema: Schema = type(f"{kind.name}_schema", (_KindSchema,), made | {"kind": kind})()
    return made_schema


_SCHEMAS: dict[str, Schema] = {kind.name: _schema_of(kind) for kind in _ALL}
