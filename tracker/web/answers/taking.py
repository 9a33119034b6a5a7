"""Taking an answer over: the form an officer checks, and the fact it becomes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _

from tracker.answers import service as answers
from tracker.answers.models import Answer
from tracker.cases import moving
from tracker.cases import queries as cases
from tracker.core.clock import campus_day
from tracker.core.errors import Conflict, Invalid
from tracker.facts import queries, service
from tracker.facts.models import FactVersion
from tracker.obligations import book
from tracker.reminders import quiet
from tracker.web import words
from tracker.web.answers import shown
from tracker.web.answers import words as said
from tracker.web.editing import boxes, conflict
from tracker.web.editing.boxes import Box
from tracker.web.editing.sheet import Act, Sheet, actor

Becoming = Callable[[datetime], FactVersion | None]


@dataclass
class AnswerSheet(Sheet):
    """The form of an answer: its page shows what was said beside what it would change."""

    def page(self, template: str = "answers/answer.html", /, **more: object) -> str:
        """Return the answer with its form."""
        return super().page(template, **more)


def sheet_of(answer: Answer) -> AnswerSheet:
    """Return the form by which an answer is taken over, filled with what was said."""
    kind, fields = _form(answer)
    sheet = AnswerSheet(
        title=said.kind(answer), kind=kind, boxes=fields, person=answer.person,
        submit=str(said.TAKE[answer.kind]), extra={"shown": shown.shown(answer)},
    )  # fmt: skip
    sheet.typed = _carried_over(answer, kind) | {
        name: str(value) for name, value in answer.said.items() if name in _names(fields)
    }
    return sheet


def act_of(answer: Answer, sheet: Sheet) -> Act:
    """Return what taking the answer over does."""
    become = _BECOMING.get(answer.kind, _nothing)(answer, sheet)

    def act(at: datetime) -> FactVersion | None:
        current = answers.for_verdict(answer.id)
        version = become(at)
        ref = version.ref if version else None
        answers.decide(current, "taken", by=actor(), at=at, fact_ref=ref)
        if ref:
            answers.show_in(current, ref)
        quiet.end(answer.id, by=actor(), today=campus_day(at), now=at)
        return version

    return act


def _form(answer: Answer) -> tuple[str, list[Box]]:
    if answer.kind == "permit":
        kind = answer.document or ""
        return kind, boxes.boxes_of(kind)
    if answer.kind == "filed":
        return "application", boxes.boxes_of("application", ("accepted_on", "receipt_number"))
    if answer.kind == "leaving":
        label = words.named(words.FIELDS, "departed_on")
        return "profile", [Box("departed_on", label, "date", required=True)]
    if answer.kind == "not_me":
        hint = _("The right address, if you know it. Empty: none is on record any more.")
        return "profile", [Box("email", words.named(words.FIELDS, "email"), "email", hint=hint)]
    return "profile", []


def _names(fields: list[Box]) -> set[str]:
    return {box.name for box in fields}


def _carried_over(answer: Answer, kind: str) -> dict[str, str]:
    """Return what a renewed document usually has in common with the one before."""
    if answer.kind != "permit":
        return {}
    for version in queries.in_force(answer.person_id):
        if version.kind == kind:
            before = boxes.shown(kind, conflict.data_of(version))
            kept = {name: before[name] for name in ("purpose", "category") if name in before}
            replaced = {"replaces": version.number} if kind == "passport" and version.number else {}
            return kept | replaced
    return {}


def _permit(_answer: Answer, sheet: Sheet) -> Becoming:
    fields = boxes.given(sheet.kind, sheet.typed)
    return lambda at: service.record(sheet.person, sheet.kind, fields, by=actor(), at=at)


def _filed(answer: Answer, sheet: Sheet) -> Becoming:
    procedure = book.current().rule(answer.rule_id).fulfilment.filed_by
    fields = boxes.given("application", sheet.typed) | {"procedure": procedure}
    return lambda at: service.record(sheet.person, "application", fields, by=actor(), at=at)


def _leaving(_answer: Answer, sheet: Sheet) -> Becoming:
    def become(at: datetime) -> FactVersion | None:
        day = _day(sheet.typed["departed_on"])
        if day <= campus_day(at):
            service.depart(sheet.person, departed_on=day, by=actor(), at=at)
            return None
        return _end_contract(sheet, day, at)

    return become


def _end_contract(sheet: Sheet, day: date, at: datetime) -> FactVersion:
    """Until that day there are still duties: what ends then is the contract."""
    for version in queries.in_force(sheet.person.id):
        if version.kind == "contract":
            fields = conflict.data_of(version) | {"terminated_on": day}
            return service.correct(version, fields, by=actor(), at=at)
    raise Conflict(_("No contract is on record that could end on that day. Record one, or close "
                     "this answer and record the departure when the day has come."))  # fmt: skip


def _not_me(_answer: Answer, sheet: Sheet) -> Becoming:
    def become(at: datetime) -> FactVersion:
        email = sheet.typed["email"] or None
        if email is not None and email == sheet.person.email:
            raise Invalid(email=_("This is the address that reached somebody else."))
        return service.change_profile(
            sheet.person, {"email": email}, valid_from=campus_day(at), by=actor(), at=at
        )

    return become


def _renew(answer: Answer, sheet: Sheet) -> Becoming:
    """The unit has decided: its step in the cases under way is done."""
    until = said.day(answer, "until")

    def become(at: datetime) -> None:
        for case in cases.open_of([sheet.person.id])[sheet.person.id]:
            if case.state == "planning":
                case.until = until
                moving.move(case, "collecting", by=actor(), at=at, note=_("The unit renews."))

    return become


def _not_renew(_answer: Answer, sheet: Sheet) -> Becoming:
    """Nobody renews for whom the unit does not: the cases that are still ours end."""

    def become(at: datetime) -> None:
        for case in cases.open_of([sheet.person.id])[sheet.person.id]:
            procedure = book.current().procedures.by_id.get(case.procedure)
            ours = case.state in ("planning", "collecting", "internal_approval")
            if ours and procedure is not None and procedure.opens_case:
                reason = _("The unit does not renew.")
                moving.end(case, "withdrawn", reason=reason, by=actor(), at=at)

    return become


def _nothing(_answer: Answer, _sheet: Sheet) -> Becoming:
    return lambda _at: None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(departed_on=_("Write the day like 2026-11-30.")) from None


_BECOMING: dict[str, Callable[[Answer, Sheet], Becoming]] = {
    "permit": _permit, "filed": _filed, "leaving": _leaving, "not_me": _not_me,
    "renew": _renew, "not_renew": _not_renew,
}  # fmt: skip
