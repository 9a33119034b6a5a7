"""Reminders under control: the letters to come as they will read; hold, skip, send now; why not."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.accounts import audit
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid, NotFound
from tracker.facts import queries as facts
from tracker.obligations import book
from tracker.outbox.message import Draft
from tracker.reminders import agenda, compose, decisions, why
from tracker.reminders.decisions import Told, Word
from tracker.web import letter_frame, recipients
from tracker.web.access import OFFICE, READERS, roles, viewer
from tracker.web.forms import asked, page_number, typed
from tracker.web.paths import same_site
from tracker.web.reminder_forms import HoldForm, SkipForm, ToldForm, WordForm

bp = Blueprint("reminders", __name__, url_prefix="/reminders")
PAGE = 20
INT = "<int(max=2147483647):{}>"


@bp.app_context_processor
def helpers() -> dict[str, Any]:
    """Let a person's page tell what is held."""
    return {"holds_of": decisions.in_force}


@bp.get("")
@roles(*READERS)
def show() -> ResponseReturnValue:
    """Show the letters of one of the coming days, with what each will say in short."""
    today, page = clock.today(), page_number()
    days = agenda.days(today)
    day = _day(asked("on", 10)) or next((day for day in days if days[day]), next(iter(days), today))
    letters = days.get(day, [])
    some = letters[(page - 1) * PAGE : page * PAGE]
    drafts = compose.ahead(
        {each.recipient: _pairs(each) for each in some}, day=day, now=clock.now()
    )
    return render_template(
        "reminders/list.html", days=days, day=day, letters=some, count=len(letters), page=page,
        pages=-(-len(letters) // PAGE), drafts=drafts, today=today, rules=book.current(),
        may_act=viewer().role in OFFICE, **_names(some),
    )  # fmt: skip


@bp.get("/letter")
@roles(*OFFICE)
def letter() -> ResponseReturnValue:
    """Show one letter to come exactly as it will read, and what can be decided about it."""
    found, draft = _letter_asked()
    return render_template(
        "reminders/letter.html", letter=found, draft=draft, today=clock.today(),
        rules=book.current(), errors={}, typed={}, **_names([found]),
    )  # fmt: skip


@bp.get("/letter/html")
@roles(*OFFICE)
def letter_html() -> Response:
    """Return the HTML part of a letter to come, shut in a frame that runs and loads nothing."""
    return letter_frame.response(_letter_asked()[1].html)


@bp.post("/hold")
@roles(*OFFICE)
def hold() -> ResponseReturnValue:
    """Hold the letters about a person or one duty."""
    form = typed(HoldForm())
    today = clock.today()
    try:
        decision = decisions.hold(
            form["person_id"], _word(form["reason"]), today=today, until=form["until"],
            obligation_id=form["obligation_id"] if form["what"] == "duty" else None,
            recipient=form["recipient"] if form["who"] == "reader" else None,
        )  # fmt: skip
    except Invalid as error:
        db.session.rollback()
        flash(" ".join(error.lines()), "warning")
        return _back()
    return _done("letters held", decision, _("Held. Letters that waited were taken back."))


@bp.post(f"/holds/{INT.format('decision_id')}/release")
@roles(*OFFICE)
def release(decision_id: int) -> ResponseReturnValue:
    """End a hold."""
    typed(WordForm())
    return _try(
        "hold of letters released",
        lambda: decisions.release(decision_id, _word(), today=clock.today()),
        _("Released. What is still due is written within the next minutes of office hours."),
    )


@bp.post("/skip")
@roles(*OFFICE)
def skip() -> ResponseReturnValue:
    """Skip one reminder."""
    form = typed(SkipForm())
    return _try(
        "reminder skipped",
        lambda: decisions.skip(_told(form), _word(form["reason"]), today=clock.today()),
        _("Skipped. The next stage is told on its day."),
    )


@bp.post(f"/skips/{INT.format('decision_id')}/undo")
@roles(*OFFICE)
def unskip(decision_id: int) -> ResponseReturnValue:
    """Let a skipped reminder be told after all."""
    typed(WordForm())
    return _try(
        "skip taken back",
        lambda: decisions.unskip(decision_id, _word(), today=clock.today()),
        _("It is not skipped any more."),
    )


@bp.post("/send")
@roles(*OFFICE)
def send() -> ResponseReturnValue:
    """Queue the letter of a reminder at once."""
    form = typed(ToldForm())
    return _try(
        "reminder sent at once",
        lambda: decisions.send_now(_told(form), _word(), today=clock.today()),
        _("Queued. It leaves within a minute."),
    )


@bp.get("/why")
@roles(*READERS)
def search() -> ResponseReturnValue:
    """Find somebody to ask about: one match is shown at once."""
    text = asked("q")
    found = recipients.matching(text) if text else []
    if len(found) == 1:
        return redirect(url_for("reminders.why_of", person_id=found[0].id), 303)
    return render_template("reminders/why_search.html", text=text, people=found)


@bp.get(f"/why/{INT.format('person_id')}")
@roles(*READERS)
def why_of(person_id: int) -> ResponseReturnValue:
    """Show why a person got which letters, or none."""
    person, today = facts.person(person_id), clock.today()
    rules = book.current()
    stories = [
        each for each in why.stories(person, today=today)
        if not (rules.has(each.obligation.rule_id)
                and rules.rule(each.obligation.rule_id).role == "private")
    ]  # fmt: skip
    steps = [step for story in stories for step in story.steps]
    holds = decisions.in_force(person_id)
    words = [*holds, *(step.decision for step in steps if step.decision)]
    return render_template(
        "reminders/why.html", person=person, stories=stories, today=today, rules=rules,
        readers=recipients.named(
            [to for each in steps for to in each.recipients] + [word.decided_by for word in words]
        ),
        holds=holds, may_act=viewer().role in OFFICE,
    )  # fmt: skip


def _try(action: str, change: Any, done: str) -> ResponseReturnValue:
    """Carry out a decision; tell why it cannot be if somebody or something was faster."""
    try:
        decision = change()
    except Conflict as error:
        db.session.rollback()
        flash(" ".join(error.lines()), "warning")
        return _back()
    return _done(action, decision, done)


def _done(action: str, decision: Any, done: str) -> ResponseReturnValue:
    audit.record(
        actor=audit.actor_of(viewer()), action=action, subject=f"person:{decision.person_id}",
        at=clock.now(), details={"decision": decision.id},
    )  # fmt: skip
    db.session.commit()
    flash(done)
    return _back()


def _back() -> ResponseReturnValue:
    return redirect(same_site(request.form.get("back")) or url_for("reminders.show"), 303)


def _word(reason: str = "") -> Word:
    return Word(audit.actor_of(viewer()), clock.now(), reason)


def _told(form: dict[str, Any]) -> Told:
    return Told(form["obligation_id"], form["stage"], form["recipient"])


def _letter_asked() -> tuple[agenda.Letter, Draft]:
    """Return the letter of the day and reader asked for; 404 if none is to come."""
    day, recipient = _day(asked("on", 10)), asked("to", 24)
    if day is None:
        abort(404)
    letters = agenda.days(clock.today()).get(day, [])
    found = next((each for each in letters if each.recipient == recipient), None)
    if found is None:
        raise NotFound
    drafts = compose.ahead({recipient: _pairs(found)}, day=day, now=clock.now())
    if recipient not in drafts:
        raise NotFound
    return found, drafts[recipient]


def _pairs(found: agenda.Letter) -> list[tuple[int, str]]:
    """Return what a letter tells: all but what is skipped, so that held ones can be read too."""
    told = [each.coming for each in found.leaving] or [each.coming for each in found.entries]
    return [(each.obligation_id, each.stage) for each in told]


def _names(letters: list[agenda.Letter]) -> dict[str, Any]:
    entries = [entry for each in letters for entry in each.entries]
    words = [entry.decision for entry in entries if entry.decision]
    references = [*(each.recipient for each in letters), *(word.decided_by for word in words)]
    return {
        "readers": recipients.named(references),
        "people": recipients.people_named(entry.coming.person_id for entry in entries),
        "buildings": recipients.buildings_named(entry.coming.building_id for entry in entries),
    }


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
