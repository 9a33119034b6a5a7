"""cases list, cases open, plan."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import click
from flask.cli import with_appcontext

from tracker import pipeline
from tracker.accounts.scope import Scope
from tracker.cases import opening, plans, queries
from tracker.cases.models import Case
from tracker.cases.states import STATES, WAITS_FOR
from tracker.cli.options import Day, json_option, print_json
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import NotFound
from tracker.obligations import book
from tracker.reminders.outlook import person_called
from tracker.rules.model import Words
from tracker.rules.procedures.plan import Plan, Planned

BY = "command"


class Month(click.ParamType[date]):
    """A month as YYYY-MM; its first day."""

    name = "month"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the first day, or refuse with an example."""
        if isinstance(value, date):
            return value
        try:
            return datetime.strptime(f"{value}-01", "%Y-%m-%d").date()  # noqa: DTZ007 - a day
        except ValueError:
            self.fail(f"{value!r} is not a month; write it like 2026-10", param, ctx)


@click.group("cases")
def cases_group() -> None:
    """Cases: one procedure for one person."""


@cases_group.command("list")
@click.option("--state", "states", type=click.Choice(STATES), multiple=True)
@click.option("--closed", is_flag=True, help="Those that are over, instead of those under way.")
@json_option
@with_appcontext
def list_cases(states: tuple[str, ...], closed: bool, as_json: bool) -> None:
    """List cases, those longest in their state first."""
    found = queries.listing(Scope(everybody=True), states=states, closed=closed)
    shown = [_shown(case) for case in found]
    if as_json:
        print_json({"cases": shown})
        return
    for case in shown:
        waits = f", waits for the {case['waits_for']}" if case["waits_for"] else ""
        click.echo(
            f"{case['id']:>6}  {case['state']:18} since {case['since']}  {case['procedure']}  "
            f"{case['person']['name']} (no. {case['person']['id']}){waits}"
        )


@cases_group.command("open")
@click.argument("person", required=False)
@click.argument("procedure", required=False)
@click.option("--month", type=Month(), help="For every document that ends in this month.")
@click.option("--until", type=Day(), help="Until when the permit is asked for.")
@with_appcontext
def open_cases(
    person: str | None, procedure: str | None, month: date | None, until: date | None
) -> None:
    """Open PROCEDURE for PERSON, or the renewals of a whole month."""
    if month is not None and person is None:
        opened = pipeline.open_month(month, by=BY, today=clock.today(), now=clock.now())
        db.session.commit()
        click.echo(f"cases opened for {len(opened)} people")
        return
    if person is None or procedure is None or month is not None:
        raise click.UsageError("give PERSON and PROCEDURE, or --month")
    known = book.current().procedures.by_id
    if procedure not in known:
        raise click.UsageError(f"there is no {procedure!r}; use one of: {', '.join(sorted(known))}")
    found = person_called(person)
    case = opening.open_case(
        found.id, procedure, book.current(), by=BY, at=clock.now(), until=until
    )
    pipeline.refresh([found.id], today=clock.today(), now=clock.now())
    db.session.commit()
    click.echo(f"case {case.id} opened: {procedure} for {found.name}")


@click.command("plan")
@click.argument("person")
@click.option("--target", help="A chain or procedure, instead of the renewal.")
@click.option("--today", type=Day(), help="Plan as if it were this day.")
@click.option("--until", type=Day(), help="Until when permits are asked for.")
@json_option
@with_appcontext
def plan(
    person: str, target: str | None, today: date | None, until: date | None, as_json: bool
) -> None:
    """Plan the renewal of PERSON backwards: the latest day of each step, and why.

    Ends with 1 if something cannot be in time any more.
    """
    law, found = book.current(), person_called(person)
    if target and target not in {*law.procedures.chains, *law.procedures.by_id}:
        known = sorted({*law.procedures.chains, *law.procedures.by_id})
        raise NotFound(target=f"There is no {target!r}. Use one of: {', '.join(known)}.")
    made = plans.plan_of(found.id, law, today=today or clock.today(), target=target, until=until)
    if as_json:
        print_json(_planned(made))
    else:
        for line in _lines(found.name, made):
            click.echo(line)
    raise SystemExit(1 if made.impossible else 0)


def _shown(case: Case) -> dict[str, Any]:
    return {
        "id": case.id, "procedure": case.procedure, "state": case.state,
        "since": clock.campus_day(case.state_at).isoformat(), "opened_on": case.opened_on,
        "person": {"id": case.person.id, "name": case.person.name},
        "document": case.subject_ref or None, "receipt_number": case.receipt_number,
        "waits_for": WAITS_FOR.get(case.state),
    }  # fmt: skip


def _planned(made: Plan) -> dict[str, Any]:
    return {
        "target": made.target, "as_of": made.as_of, "slack": made.slack,
        "critical": list(made.critical), "cap": asdict(made.cap) if made.cap else None,
        "steps": [_step(each) for each in made.steps],
    }  # fmt: skip


def _step(step: Planned) -> dict[str, Any]:
    days = ("latest", "earliest", "soonest", "ends", "opens", "limit", "statutory", "done_on")
    plain = ("key", "rule_id", "slack", "status", "critical", "provisional")
    return {
        **{name: getattr(step, name) for name in (*plain, *days)},
        "procedure": step.procedure.id, "by": step.step.by, "title": _words(step.step.title),
        "needs": list(step.needs), "unmet": list(step.unmet),
        "why": [_words(each.words) for each in step.reasons],
        "remedy": _words(step.remedy) if step.remedy else None,
    }  # fmt: skip


def _words(words: Words) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}


def _lines(name: str, made: Plan) -> list[str]:
    lines = [f"{name}: {made.title.en} / {made.title.zh}, as of {made.as_of}"]
    if not made.steps:
        lines.append("nothing to plan: no document that this is about is on record")
    for step in made.steps:
        mark = "*" if step.critical else " "
        slack = f", {step.slack} days to spare" if step.status == "open" else ""
        lines.append(
            f"{mark} {step.latest}  {step.key:22} {step.status}{slack}"
            f"{' (provisional calendar)' if step.provisional else ''}"
        )
        lines += [f"      because: {each.words.en}" for each in step.reasons]
        lines += [f"      cannot wait for {key}" for key in step.unmet]
        if step.remedy:
            lines.append(f"      what to do: {step.remedy.en}")
    if made.cap:
        lines.append(f"the next permit reaches to {made.cap.day} ({made.cap.binding})")
    return lines
