"""One case: where it stands, its plan, its papers, what happened, and moving it on."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow import fields, validate

from tracker.accounts.models import Account
from tracker.accounts.scope import reads_numbers
from tracker.cases import acts, checklists, plans, queries
from tracker.cases.acts import Move
from tracker.cases.models import Case
from tracker.cases.states import STATES
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import NotFound, TrackerError
from tracker.directory import cases as listing
from tracker.facts import queries as facts
from tracker.files import service as files
from tracker.obligations import book
from tracker.rules.book import RuleBook
from tracker.rules.procedures.model import Procedure
from tracker.rules.procedures.plan import Moved, Plan
from tracker.web import forms
from tracker.web.access import OFFICE, READERS, roles, viewer
from tracker.web.cases import picture, within, words
from tracker.web.cases.within import CASE
from tracker.web.forms import asked
from tracker.web.labels import wrapped
from tracker.web.paths import same_site

bp = Blueprint("case", __name__)
TO_READ = (*READERS, "unit_secretary", "expert")


class MoveForm(forms.Form):
    """What moves a case; a box of another state is left empty."""

    revision = fields.Integer(required=True)
    to = fields.String(
        required=True, validate=validate.OneOf(STATES, error=_l("Choose one of the list."))
    )
    on = forms.OptionalDay()
    until = forms.OptionalDay()
    receipt_number = fields.String(load_default="", validate=validate.Length(max=40))
    reason = fields.String(load_default="", validate=validate.Length(max=300))
    note = fields.String(load_default="", validate=validate.Length(max=300))
    despite = fields.String(load_default="", validate=validate.Length(max=300))
    codes = fields.List(fields.String(validate=validate.Length(max=10)), load_default=list)
    next = fields.String(load_default="")


@bp.get(CASE)
@roles(*TO_READ)
def show(case_id: int) -> ResponseReturnValue:
    """Show a case."""
    return page(within.case_of(case_id))


@bp.get(CASE + "/move")
@roles(*OFFICE)
def moving(case_id: int) -> ResponseReturnValue:
    """Ask where a case goes, then what that state asks for."""
    return _moving(within.case_of(case_id), asked("to"), {}, {})


@bp.post(CASE + "/move")
@roles(*OFFICE)
def move(case_id: int) -> ResponseReturnValue:
    """Move a case to a state."""
    today, now, rules = clock.today(), clock.now(), book.current()
    try:
        typed = forms.typed(MoveForm(), lists=("codes",))
        case = within.claimed(case_id, typed.pop("revision"))
        back = same_site(typed.pop("next"))
        was = case.state
        acts.make(case, Move(**typed | {"codes": tuple(typed["codes"])}), rules,
                  by=within.actor(), at=now)  # fmt: skip
        within.settle(case, "case moved", today=today, now=now, state=case.state, was=was)
    except NotFound:
        raise
    except TrackerError as error:
        db.session.rollback()
        case = within.case_of(case_id)
        return _moving(case, request.form.get("to", ""), error.messages, request.form), error.status
    flash(_("%(name)s: now “%(state)s”.", name=case.person.name,
            state=words.STATES[case.state]))  # fmt: skip
    return redirect(back or url_for("case.show", case_id=case.id), 303)


def page(
    case: Case, *, errors: Mapping[str, list[str]] | None = None, code: str = "",
    typed: Mapping[str, Any] | None = None,
) -> str:  # fmt: skip
    """Return the page of a case; with what was typed about the paper `code` if it was wrong."""
    account, today, rules = viewer(), clock.today(), book.current()
    procedure = rules.procedures.by_id.get(case.procedure)
    if procedure is None:  # a procedure that was taken out of config/procedures
        raise NotFound
    return render_template(
        "cases/case.html", case=case, person=case.person, procedure=procedure, rules=rules,
        today=today, errors=errors or {}, code=code, typed=typed or {},
        may_change=account.role in OFFICE, asks=acts.ASKS, moves=acts.possible(case, procedure),
        away=queries.passport_away(case, rules), **_plan(case, rules, today),
        **_papers(case, account, rules, today), **_history(case, account, procedure),
    )  # fmt: skip


def _plan(case: Case, rules: RuleBook, today: date) -> dict[str, Any]:
    made = checklists.plan_of(case, rules, today=today)
    closed = case.closed_at is not None
    key, text = asked("step", 60), asked("to", 10)
    step = made.step(key)
    moved, to = _slip(case, made, key, text, rules, today) if step and text else (None, None)
    return {
        "plan": made, "wrapped": wrapped, "step": step, "moved": moved, "to": to, "over": closed,
        "wide": picture.lay_out(made, rules.calendar, today=today, frame=picture.WIDE),
        "narrow": picture.lay_out(made, rules.calendar, today=today, frame=picture.NARROW),
        "family": {str(each.id): each for each in _family(case, made)},
    }  # fmt: skip


def _family(case: Case, made: Plan) -> list[Any]:
    refs = {step.ref for step in made.steps if step.ref}
    return [facts.person(int(ref)) for ref in sorted(refs)]


def _slip(
    case: Case, made: Plan, key: str, text: str, rules: RuleBook, today: date
) -> tuple[tuple[Moved, ...] | None, date | None]:
    """Return what moves when a step slips to a day, and the day; None twice if it is none."""
    try:
        to = date.fromisoformat(text)
    except ValueError:
        return None, None
    if not today <= to <= today.replace(year=today.year + 3, day=1):
        return None, None
    target = made.target
    return plans.slip_of(case.person_id, rules, key, to, today=today, target=target), to


def _papers(case: Case, account: Account, rules: RuleBook, today: date) -> dict[str, Any]:
    found = checklists.of_case(case, rules, today=today)
    may_see = reads_numbers(account, person_id=case.person_id)
    kept = {each.id: each for each in files.of_person(case.person_id)} if may_see else {}
    return {"papers": found, "files": kept, "may_see_files": may_see}


def _history(case: Case, account: Account, procedure: Procedure) -> dict[str, Any]:
    events = queries.events(case.id) if account.role != "expert" else []
    grounds = {
        waiver.ground: waiver.title for paper in procedure.materials for waiver in paper.waivers
    }
    return {
        "events": list(reversed(events)), "names": within.names_of(events), "grounds": grounds,
        "others": [
            each for each in listing.of_person(case.person_id) if each.case.id != case.id
        ],
    }  # fmt: skip


def _moving(
    case: Case, to: str, errors: Mapping[str, list[str]], typed: Mapping[str, Any]
) -> str:  # fmt: skip
    today, rules = clock.today(), book.current()
    procedure = rules.procedures.by_id.get(case.procedure)
    moves = acts.possible(case, procedure)
    to = to if to in moves else ""
    return render_template(
        "cases/move.html", case=case, person=case.person, rules=rules, today=today, to=to,
        moves=moves, errors=errors, typed=typed, asks=acts.ASKS,
        papers=checklists.of_case(case, rules, today=today) if to and procedure else None,
        back=same_site(typed.get("next") or asked("next", 500)) or "",
    )  # fmt: skip
