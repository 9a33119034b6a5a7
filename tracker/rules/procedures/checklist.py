"""The papers one person needs for one procedure, and how old they will be on the day. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from tracker.rules.book import RuleBook
from tracker.rules.counting import add_months
from tracker.rules.model import Fact
from tracker.rules.procedures.circumstances import Subject, circumstances, holds
from tracker.rules.procedures.model import Material, Procedure, Waiver
from tracker.rules.procedures.parts import Lag, minus


@dataclass(frozen=True, slots=True)
class Needed:
    """One paper of a checklist.

    `waiver`: the ground on which it need not be shown, if one holds by itself. `document`: the
    document on record that is this paper. `issued_on` is its day; `good_until` the last filing
    day for which it is young enough, and `too_old` says it is not. `start_by`: the last day to
    set about getting it.
    """

    material: Material
    waiver: Waiver | None = None
    document: str | None = None
    issued_on: date | None = None
    good_until: date | None = None
    too_old: bool = False
    start_by: date | None = None


def checklist(
    procedure: Procedure, subject: Subject, book: RuleBook, *, filing_on: date,
    until: date | None = None,
) -> tuple[Needed, ...]:  # fmt: skip
    """Return the papers that `subject` needs to file on a day; `until`: how long it is asked for.

    Papers that do not concern the person are left out.
    """
    known = circumstances(subject, procedure, book, filing_on=filing_on, until=until)
    found = []
    for material in procedure.materials:
        if holds(material.when, known, book, filing_on):
            grounds = (w for w in material.waivers
                       if w.when and holds(w.when, known, book, filing_on))  # fmt: skip
            found.append(_needed(material, next(grounds, None), subject, book, filing_on))
    return tuple(found)


def good_until(material: Material, issued_on: date | None) -> date | None:
    """Return the last filing day for which a paper of a day is young enough; None if any is."""
    if material.max_age_months is None or issued_on is None:
        return None
    return add_months(issued_on, material.max_age_months)


def _needed(
    material: Material, waiver: Waiver | None, subject: Subject, book: RuleBook, filing_on: date
) -> Needed:
    document, issued_on = _on_record(material, subject)
    last = good_until(material, issued_on)
    return Needed(
        material, waiver, document, issued_on, last, last is not None and last < filing_on,
        _start_by(material, book, filing_on),
    )  # fmt: skip


def _on_record(material: Material, subject: Subject) -> tuple[str | None, date | None]:
    """Return the newest document of the paper's kind, and its day of issue."""
    dated = sorted(_dated(material, subject), key=lambda each: each[0])
    if not dated:
        return None, None
    issued_on, fact = dated[-1]
    return fact.ref, issued_on


def _dated(material: Material, subject: Subject) -> Iterator[tuple[date, Fact]]:
    for fact in subject.facts:
        issued_on = fact.data.get("issued_on")
        if fact.kind == material.fact and isinstance(issued_on, date):
            yield issued_on, fact


def _start_by(material: Material, book: RuleBook, filing_on: date) -> date | None:
    if material.lead is None:
        return None
    days = material.lead.of(None)
    number = days if isinstance(days, int) else book.parameter(days, filing_on).value
    return minus(filing_on, Lag(number, material.lead.unit), book.calendar)
