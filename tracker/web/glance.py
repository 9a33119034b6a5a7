"""A person's documents and deadlines at a glance: what the picture and its table are made from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tracker.core.clock import campus_day
from tracker.obligations.models import Conflict
from tracker.rules.conflict import ConflictRule
from tracker.rules.counting import add_months
from tracker.web import timeline
from tracker.web.dossier import Document, Duty, Papers, pending
from tracker.web.picture import NARROW, WIDE, Clash, Due, Picture, Span

#: The kinds that are good for a while, in the order of the picture, with the day they begin.
KINDS = {
    "passport": "issued_on", "visa": "issued_on", "entry": "on", "stay_certificate": "issued_on",
    "work_permit": "issued_on", "residence_permit": "issued_on", "hmt_travel_permit": "issued_on",
    "hmt_residence_card": "issued_on", "permanent_residence_card": "issued_on",
    "contract": "starts_on", "accommodation": "moved_in_at", "health_certificate": "issued_on",
    "no_criminal_record": "issued_on", "application": "accepted_on", "project": "starts_on",
}  # fmt: skip
#: Roles whose day is the last one of the document itself.
_LASTING = ("validity", "authority")


@dataclass(frozen=True, slots=True)
class Glance:
    """The same twice as a picture, once as rows."""

    wide: Picture
    narrow: Picture
    spans: tuple[Span, ...]
    dues: tuple[Due, ...]

    def __bool__(self) -> bool:
        return bool(self.spans or self.dues)


def look(
    papers: Papers, duties: Sequence[Duty], clashes: Sequence[Clash], *, today: date, language: str
) -> Glance:
    """Lay out the papers of a person, for a desk and for a phone."""
    spans = tuple(_spans(papers.history, _lasting(duties)))
    dues = tuple(_due(d, today, language) for d in pending(duties) if _is_near(d, today))
    wide, narrow = (
        timeline.lay_out(spans, dues, clashes, today=today, frame=frame) for frame in (WIDE, NARROW)
    )
    return Glance(wide, narrow, spans, dues)


def numbered(
    conflicts: Sequence[Conflict], rules: Mapping[str, ConflictRule]
) -> list[tuple[int, ConflictRule, list[Conflict]]]:
    """Return the conflicts rule by rule, what must be settled now first, each with its number."""
    order = ("act", "plan", "check")
    found = [rules[each.rule_id] for each in conflicts if each.rule_id in rules]
    known = sorted(dict.fromkeys(rule.id for rule in found), key=lambda id_: (
        order.index(rules[id_].grade), list(rules).index(id_),
    ))  # fmt: skip
    return [
        (number, rules[id_], [each for each in conflicts if each.rule_id == id_])
        for number, id_ in enumerate(known, 1)
    ]


def clashes(conflicts: Sequence[tuple[int, ConflictRule, list[Conflict]]]) -> list[Clash]:
    """Return where the picture shows each conflict: at both days that do not go together."""
    return [
        Clash(number, ref, on)
        for number, _rule, pairs in conflicts
        for pair in pairs
        for ref, on in ((pair.first_ref, pair.first_on), (pair.second_ref, pair.second_on))
        if on
    ]


def _lasting(duties: Sequence[Duty]) -> dict[str, date]:
    return {
        duty.row.fact_ref: duty.row.statutory_on
        for duty in duties
        if duty.rule.role in _LASTING or duty.rule.id == "VISA-COUNT"
    }


def _spans(history: Sequence[Document], lasting: Mapping[str, date]) -> Iterator[Span]:
    for kind, begins in KINDS.items():
        for document in (each for each in history if each.kind == kind):
            first = _day(document.data.get(begins))
            last = _last(document, lasting.get(document.version.ref), first)
            if document.version.withdrawn_at is None and (first or last):
                former = document.version.valid_to is not None
                yield Span(kind, document.version.ref, first, last, former)


def _last(document: Document, lasting: date | None, first: date | None) -> date | None:
    if document.kind == "accommodation":
        ended = document.version.valid_to
        return ended - timedelta(1) if ended else None
    if document.kind in ("entry", "application", "health_certificate", "no_criminal_record"):
        return lasting or first
    return document.data.get("terminated_on") or document.ends_on


def _day(value: object) -> date | None:
    if isinstance(value, datetime):
        return campus_day(value)
    return value if isinstance(value, date) else None


def _is_near(duty: Duty, today: date) -> bool:
    """Is it a day to act by, and, if only a limit, one that the picture reaches?"""
    if duty.rule.role == "limit":
        return duty.row.safe_on <= add_months(today, timeline.AFTER)
    return duty.rule.role == "deadline"


def _due(duty: Duty, today: date, language: str) -> Due:
    row, rule = duty.row, duty.rule
    begins = row.opens_on or (duty.counted_from if rule.count.direction == "after" else None)
    return Due(
        ref=row.fact_ref, title=rule.title[language], opens=begins, safe=row.safe_on,
        statutory=row.statutory_on, provisional=row.provisional,
        late=row.state == "open" and rule.role == "deadline" and row.safe_on < today,
    )  # fmt: skip
