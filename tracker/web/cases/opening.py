"""Open cases: one for a person, or those of a month in one go."""

from collections import Counter
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from marshmallow import fields, validate

from tracker.cases import opening
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Conflict, TrackerError
from tracker.directory import renewals
from tracker.obligations import book
from tracker.rules.procedures.wording import TOLD
from tracker.web import forms
from tracker.web.access import OFFICE, roles
from tracker.web.cases import within, words
from tracker.web.cases.board import month_of
from tracker.web.editing.within import PERSON, person
from tracker.web.forms import asked

bp = Blueprint("case_opening", __name__)
#: Rows of a preview; what is more is opened in a second go.
MOST = 150
MONTHS = 12


class Choice(forms.Form):
    """Which of the found are to be opened: person, procedure and document of each."""

    month = fields.String(required=True, validate=validate.Length(max=7))
    by = fields.String(load_default="ends", validate=validate.OneOf(renewals.BY))
    procedure = fields.List(fields.String(validate=validate.Length(max=40)), load_default=list)
    pick = fields.List(fields.String(validate=validate.Length(max=100)), load_default=list)


class One(forms.Form):
    """One case by hand: the procedure, until when it is asked for, why."""

    procedure = fields.String(required=True, validate=validate.Length(max=40))
    until = forms.OptionalDay()
    note = fields.String(load_default="", validate=validate.Length(max=300))
    told = fields.List(fields.String(validate=validate.OneOf(TOLD)), load_default=list)


@bp.get("/cases/open")
@roles(*OFFICE)
def choose() -> ResponseReturnValue:
    """Show whose documents can be renewed in a month, to be ticked."""
    return _page(asked("month", 7), asked("by"), request.args.getlist("procedure"), {}, None)


@bp.post("/cases/open")
@roles(*OFFICE)
def open_ticked() -> ResponseReturnValue:
    """Open a case for each that is ticked, and say what became of each."""
    typed = forms.typed(Choice(), lists=("pick", "procedure"))
    asked_for = (typed["month"], typed["by"], typed["procedure"])
    if not typed["pick"]:
        return _page(*asked_for, {"": [_("Tick somebody first.")]}, None), 422
    return _page(*asked_for, {}, _open(typed["pick"]))


@bp.route(PERSON + "/cases/new", methods=["GET", "POST"])
@roles(*OFFICE)
def new(person_id: int) -> ResponseReturnValue:
    """Open a case for one person."""
    found, rules, errors = person(person_id), book.current(), {}
    status = 200
    if request.method == "POST":
        try:
            typed = forms.typed(One(), lists=("told",))
            case = opening.open_case(
                person_id, typed["procedure"], rules, by=within.actor(), at=clock.now(),
                until=typed["until"], told=dict.fromkeys(typed["told"], True), note=typed["note"],
            )  # fmt: skip
            within.settle(case, "case opened", today=clock.today(), now=clock.now(),
                          procedure=case.procedure)  # fmt: skip
        except TrackerError as error:
            db.session.rollback()
            found, errors, status = person(person_id), error.messages, error.status
        else:
            flash(_("The case is open. This is its plan and its checklist."))
            return redirect(url_for("case.show", case_id=case.id), 303)
    fitting = [p for p in rules.procedures.by_id.values() if found.identity in p.identities]
    return render_template(
        "cases/new.html", person=found, procedures=fitting, errors=errors, typed=request.form,
        told=words.TOLD, ticked=request.form.getlist("told"), today=clock.today(),
    ), status  # fmt: skip


def _open(picked: list[str]) -> dict[str, Any]:
    """Open what was picked, each on its own, so that one that cannot be stops no other."""
    rules, now, today = book.current(), clock.now(), clock.today()
    counted: Counter[str] = Counter()
    refused: list[tuple[int, str, str]] = []
    for each in dict.fromkeys(picked[:MOST]):
        number, _slash, procedure = each.partition("/")
        if not (number.isascii() and number.isdecimal()) or len(number) > 9:
            continue
        try:
            case = opening.open_case(int(number), procedure, rules, by=within.actor(), at=now)
            within.settle(case, "case opened", today=today, now=now, procedure=procedure)
            counted["opened"] += 1
        except Conflict:
            db.session.rollback()
            counted["already"] += 1
        except TrackerError as error:
            db.session.rollback()
            texts = " ".join(text for texts in error.messages.values() for text in texts)
            refused.append((int(number), procedure, texts))
    names = renewals.names([number for number, _procedure, _why in refused])
    said = [
        ngettext("%(num)s case opened.", "%(num)s cases opened.", counted["opened"]),
        ngettext("%(num)s was open already.", "%(num)s were open already.", counted["already"]),
    ]  # fmt: skip
    return {
        "said": [text for text, count in zip(said, (counted["opened"], counted["already"]),
                                             strict=True) if count],
        "refused": [(names.get(number, str(number)), number, why) for number, _p, why in refused],
    }  # fmt: skip


def _page(
    month: str, by: str, procedures: list[str], errors: dict[str, list[str]],
    results: dict[str, Any] | None,
) -> str:  # fmt: skip
    rules, today = book.current(), clock.today()
    first = month_of(month) or today.replace(day=1)
    by = by if by in renewals.BY else renewals.BY[0]
    offered = renewals.procedures(rules)
    chosen = [each for each in procedures if each in {p.id for p in offered}]
    found = renewals.found(rules, first, by=by, procedures=chosen, most=MOST + 1)
    return render_template(
        "cases/open.html", found=found[:MOST], more=len(found) > MOST, first=first, by=by,
        chosen=chosen, offered=offered, errors=errors, results=results, rules=rules, today=today,
        months=_months(today),
    )  # fmt: skip


def _months(today: date) -> list[date]:
    number = today.year * 12 + today.month - 1
    return [date(each // 12, each % 12 + 1, 1) for each in range(number - 1, number + MONTHS)]
