"""Schedules: the overview with counts, one schedule's round, and its form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from marshmallow import fields, validate

from tracker.accounts.scope import keeps_health
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Invalid, TrackerError
from tracker.facts import kinds
from tracker.facts.models import Person, Unit
from tracker.health import due, schedules, standing
from tracker.health.models import KINDS, TOLD, UNITS, HealthSchedule
from tracker.health.rounds import Round
from tracker.health.standing import rhythm_of
from tracker.web import forms
from tracker.web.access import OFFICE, roles, viewer
from tracker.web.forms import asked, page_number
from tracker.web.health_checks import certificates, words
from tracker.web.health_checks.within import (
    SCHEDULE,
    actor,
    desk,
    for_the_desk,
    note,
    round_asked,
    schedule_of,
    settle,
)

bp = Blueprint("health_checks", __name__)
PAGE = 100
#: A schedule as it stands: running, still to come, or over.
PHASES = ("running", "coming", "over")


@dataclass(frozen=True, slots=True)
class Shown:
    """A schedule on the overview: its round, and how many stand where in it."""

    schedule: HealthSchedule
    phase: str
    round: Round
    next: Round | None
    counts: Mapping[str, int]


def _text(longest: int) -> fields.String:
    return fields.String(load_default="", validate=validate.Length(max=longest))


class ScheduleForm(forms.Form):
    """A schedule as it is typed."""

    title_zh = forms.text(80)
    title_en = forms.text(120)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    starts_on = forms.OptionalDay()
    ends_on = forms.OptionalDay()
    every = _text(3)
    every_unit = fields.String(load_default="", validate=validate.OneOf(("", *UNITS)))
    basis = _text(400)
    citation = _text(300)
    by_law = _text(3)
    tell_units = fields.String(load_default="nothing", validate=validate.OneOf(TOLD))
    off_campus = _text(3)
    hazard_posts = _text(3)
    buildings = fields.List(_text(300), load_default=list)
    units = fields.List(fields.Integer(), load_default=list)
    identities = fields.List(
        fields.String(validate=validate.OneOf(kinds.IDENTITIES)), load_default=list
    )
    categories = fields.List(fields.String(validate=validate.OneOf("ABC")), load_default=list)
    people = _text(2000)
    revision = _text(9)


LISTS = ("buildings", "units", "identities", "categories")


@bp.get("/health")
@roles(*OFFICE, "head")
def show() -> ResponseReturnValue:
    """Show every schedule with its counts."""
    today = clock.today()
    shown = [_shown(each, today) for each in schedules.everything()]
    return render_template(
        "health/schedules.html", today=today, desk=desk(), may=keeps_health(viewer()),
        parts_of={phase: [each for each in shown if each.phase == phase] for phase in PHASES},
        units=_units(),
    )  # fmt: skip


@bp.get(SCHEDULE)
@roles(*OFFICE, "head")
def one(schedule_id: int) -> ResponseReturnValue:
    """Show a round of a schedule: counts, and who stands where for whom that is work."""
    schedule, today = schedule_of(schedule_id), clock.today()
    each, may = round_asked(schedule, today), keeps_health(viewer())
    lines = standing.lines(schedule, each, on=_on(schedule, today)) if may else []
    state, page = asked("state", 10), page_number()
    listed = [line for line in lines if state in ("", line.state)]
    part = listed[(page - 1) * PAGE : page * PAGE]
    return render_template(
        "health/schedule.html", schedule=schedule, round=each, today=today, may=may, desk=desk(),
        counts=standing.counts(schedule, each, on=_on(schedule, today)), lines=part,
        state=state if state in standing.STATES else "", page=page, pages=-(-len(listed) // PAGE),
        rhythm=rhythm_of(schedule), units=_units(),
        certificates=certificates.of([line.person_id for line in part])
        if schedule.kind == "entry"
        else None,
    )  # fmt: skip


@bp.route("/health/new", methods=["GET", "POST"])
@roles(*OFFICE)
@for_the_desk
def new() -> ResponseReturnValue:
    """Make a schedule."""
    return _form(None)


@bp.route(SCHEDULE + "/edit", methods=["GET", "POST"])
@roles(*OFFICE)
@for_the_desk
def edit(schedule_id: int) -> ResponseReturnValue:
    """Change a schedule, or end it earlier."""
    return _form(schedule_of(schedule_id))


def _form(schedule: HealthSchedule | None) -> ResponseReturnValue:
    errors: Mapping[str, Any] = {}
    typed: Mapping[str, Any] = _as_typed(schedule) if schedule else {"kind": "annual"}
    status = 200
    if request.method == "POST":
        try:
            made = _save(schedule)
        except TrackerError as error:
            db.session.rollback()
            errors, status = error.messages, error.status
            typed = request.form.to_dict() | {
                name: request.form.getlist(name) for name in LISTS
            }  # fmt: skip
        else:
            flash(_("Saved."))
            return redirect(url_for("health_checks.one", schedule_id=made.id), 303)
    return render_template(
        "health/form.html", schedule=schedule, errors=errors, typed=typed, kinds=words.KINDS,
        told=words.TOLD, units=_units().values(), buildings=_buildings(),
        identities=kinds.IDENTITIES,
    ), status  # fmt: skip


def _save(schedule: HealthSchedule | None) -> HealthSchedule:
    typed = forms.typed(ScheduleForm(), lists=LISTS)
    wish, before = _wish(typed), due.members(schedule) if schedule else []
    if schedule is None:
        schedule = schedules.create(wish, by=actor(), at=clock.now())
        note("health schedule made", f"health_schedule:{schedule.id}", kind=wish.kind)
    else:
        revision = typed["revision"]
        schedules.change(
            schedule, wish, expected=int(revision) if revision.isdecimal() else 0
        )  # fmt: skip
        note("health schedule changed", f"health_schedule:{schedule.id}", kind=wish.kind)
    settle(sorted({*before, *due.members(schedule)}))
    return schedule


def _wish(typed: Mapping[str, Any]) -> schedules.Wish:
    for name in ("starts_on", "ends_on"):
        if typed[name] is None:
            raise Invalid(**{name: _("Give the day like 2026-11-30.")})
    every = typed["every"].strip()
    if every and not (every.isascii() and every.isdecimal()):
        raise Invalid(every=_("Write a whole number, such as 30."))
    meant = {name: typed[name] for name in LISTS}
    meant |= {name: bool(typed[name]) for name in schedules.FLAGS}
    return schedules.Wish(
        **{name: typed[name].strip() for name in ("title_zh", "title_en", "basis", "citation")},
        kind=typed["kind"], starts_on=typed["starts_on"], ends_on=typed["ends_on"],
        by_law=bool(typed["by_law"]), every=int(every) if every else None,
        every_unit=typed["every_unit"] or None if every else None,
        tell_units=typed["tell_units"], meant=meant | {"people": _people(typed["people"])},
    )  # fmt: skip


def _people(text: str) -> list[int]:
    """Return the persons named by their numbers."""
    parts = text.replace(",", " ").replace("，", " ").split()
    if not all(part.isascii() and part.isdecimal() and len(part) < 10 for part in parts):
        raise Invalid(people=_("Write the numbers of persons, with blanks between."))
    ids = sorted({int(part) for part in parts})
    known = set(db.session.scalars(sa.select(Person.id).where(Person.id.in_(ids))))
    if strange := [str(each) for each in ids if each not in known]:
        raise Invalid(people=_("There is nobody with the number %(numbers)s.",
                               numbers=", ".join(strange)))  # fmt: skip
    return ids


def _as_typed(schedule: HealthSchedule) -> dict[str, Any]:
    names = ("title_zh", "title_en", "kind", "starts_on", "ends_on", "basis", "citation",
             "by_law", "tell_units", "revision")  # fmt: skip
    meant = schedule.meant
    return (
        {name: getattr(schedule, name) for name in names}
        | {"every": schedule.every or "", "every_unit": schedule.every_unit or ""}
        | {name: meant.get(name, "") for name in schedules.FLAGS}
        | {name: [str(each) for each in meant.get(name, [])] for name in LISTS}
        | {"people": " ".join(map(str, meant.get("people", [])))}
    )


def _shown(schedule: HealthSchedule, today: date) -> Shown:
    rhythm = rhythm_of(schedule)
    latest = rhythm.latest(today)
    phase = "over" if today > schedule.ends_on else "running" if latest else "coming"
    each = latest or Round(0, schedule.starts_on)
    coming = rhythm.round(each.number + 1) if latest else each
    return Shown(
        schedule, phase, each, None if phase == "over" else coming,
        standing.counts(schedule, each, on=_on(schedule, today)),
    )  # fmt: skip


def _on(schedule: HealthSchedule, today: date) -> date:
    """Return the day as of which a schedule stands: one that is over stays as it ended."""
    return min(today, schedule.ends_on)


def _units() -> dict[int, Unit]:
    return {each.id: each for each in db.session.scalars(sa.select(Unit).order_by(Unit.name_zh))}


def _buildings() -> Sequence[str]:
    return db.session.scalars(
        sa.select(Person.building)
        .where(Person.building.is_not(None))
        .distinct()
        .order_by(Person.building)
    ).all()  # type: ignore[return-value]
