"""Delivery: which letters left, which did not and why, and what a person can do about it."""

from datetime import date, datetime, time, timedelta
from email import message_from_bytes, policy
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from marshmallow import fields, validate

from tracker import pipeline
from tracker.accounts import audit, invitation
from tracker.answers import links
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Conflict, NotFound
from tracker.obligations import book
from tracker.outbox import queue, status
from tracker.outbox.models import Letter
from tracker.reminders import decisions, unreached
from tracker.reminders.decisions import Word
from tracker.web import recipients, refused, running
from tracker.web.access import OFFICE, READERS, roles, viewer
from tracker.web.forms import Form, asked, page_number, typed
from tracker.web.recipients import named, names_of

bp = Blueprint("delivery", __name__, url_prefix="/delivery")
PAGE = 50
#: Readers without an address that are listed.
MOST = 100
#: The tabs, in the order somebody who looks for trouble wants them.
TABS = ("refused", "unknown", "deferred", "queued", "claimed", "accepted", "superseded")


class ReleaseForm(Form):
    """How a hold ends: with the letters that wait sent, or put aside."""

    forgo = fields.Boolean(load_default=False)


class ReaderForm(Form):
    """Whose letters."""

    recipient = fields.String(
        required=True, validate=validate.Regexp(r"(person|account):[1-9]\d{0,9}$")
    )


@bp.app_context_processor
def helpers() -> dict[str, Any]:
    """Let a person's page tell that the server refused the address, or that there is none."""
    return {"refused_address": refused.of_person, "unreached_of": unreached.of}


@bp.get("")
@roles(*READERS)
def show() -> ResponseReturnValue:
    """List letters, newest first: of a state, to a reader, of some days, or all."""
    state, page = asked("state", 12), page_number()
    if state and state not in TABS:
        abort(404)
    counts, wanted = status.counts(), _wanted(state)
    letters = status.letters(wanted, page=page, size=PAGE)
    silent = unreached.readers(most=MOST)
    return render_template(
        "delivery/list.html", letters=letters, names=names_of(letters), counts=counts, tabs=TABS,
        state=state, page=page, pages=-(-status.count(wanted) // PAGE),
        total=sum(counts.values()), asked={name: asked(name) for name in ("q", "from", "to")},
        running=running.look(now=clock.now()), may_act=viewer().role in OFFICE,
        addresses=refused.addresses(), most_addresses=refused.MOST,
        unreached=silent, unreached_count=unreached.count(),
        unreached_names=named(each.recipient for each in silent), rules=book.current(),
        today=clock.today(),
    )  # fmt: skip


@bp.post("/addresses/retry")
@roles(*OFFICE)
def retry_address() -> ResponseReturnValue:
    """Send everything again that was refused to one reader."""
    now, recipient = clock.now(), typed(ReaderForm())["recipient"]
    found = status.refused_of(recipient)
    try:
        for letter_id in found:
            pipeline.send_again(letter_id, now=now)
    except Conflict as error:
        return _unchanged(error)
    audit.record(
        actor=audit.actor_of(viewer()), action="letters sent again", subject=recipient, at=now,
        details={"letters": len(found)},
    )  # fmt: skip
    db.session.commit()
    flash(ngettext("%(num)s letter is sent again.", "%(num)s letters are sent again.", len(found)))
    return _back()


@bp.post("/unreached/told")
@roles(*OFFICE)
def told_in_person() -> ResponseReturnValue:
    """Note that somebody told a reader what could be sent nowhere."""
    now, recipient = clock.now(), typed(ReaderForm())["recipient"]
    try:
        told = decisions.told_in_person(recipient, Word(audit.actor_of(viewer()), now))
    except Conflict as error:
        db.session.rollback()
        flash(" ".join(error.lines()), "warning")
        return _back()
    audit.record(
        actor=audit.actor_of(viewer()), action="told in person", subject=recipient, at=now,
        details={"reminders": len(told)},
    )  # fmt: skip
    db.session.commit()
    flash(_("Noted: told in person. The next stage stands here again if there is no address."))
    return _back()


@bp.get("/<int(max=2147483647):letter_id>")
@roles(*OFFICE)
def letter(letter_id: int) -> ResponseReturnValue:
    """Show one letter: its text, and each try to deliver it."""
    found = _letter(letter_id)
    return render_template(
        "delivery/letter.html", letter=found, name=names_of([found]).get(found.recipient),
        text=text_of(found), attempts=status.attempts(letter_id),
    )  # fmt: skip


@bp.post("/<int(max=2147483647):letter_id>/retry")
@roles(*OFFICE)
def retry(letter_id: int) -> ResponseReturnValue:
    """Send a letter that failed once more."""
    now = clock.now()
    try:
        pipeline.send_again(letter_id, now=now)
    except Conflict as error:
        return _unchanged(error)
    _note("letter sent again", letter_id)
    flash(_("The letter is waiting to be sent again."))
    return _back()


@bp.post("/<int(max=2147483647):letter_id>/close")
@roles(*OFFICE)
def close(letter_id: int) -> ResponseReturnValue:
    """Note that a person has dealt with a letter that failed."""
    try:
        queue.close(letter_id, by=audit.actor_of(viewer()), now=clock.now())
    except Conflict as error:
        return _unchanged(error)
    _note("letter closed", letter_id)
    flash(_("Noted: the letter is dealt with."))
    return _back()


@bp.post("/holds/<int(max=2147483647):hold_id>/release")
@roles(*OFFICE)
def release(hold_id: int) -> ResponseReturnValue:
    """Let letters leave again."""
    now, account = clock.now(), viewer()
    forgo = typed(ReleaseForm())["forgo"]
    hold = pipeline.release(hold_id, by=audit.actor_of(account), now=now, forgo=forgo)
    audit.record(
        actor=audit.actor_of(account), action="hold released", subject=f"hold:{hold_id}", at=now,
        details={"cause": hold.cause, "forgone": forgo},
    )  # fmt: skip
    db.session.commit()
    flash(_("Letters leave again."))
    return _back()


def _wanted(state: str) -> status.Wanted:
    """Return what the boxes above the list ask for; a day that is none asks for nothing."""
    text, first, last = asked("q"), _day(asked("from", 10)), _day(asked("to", 10))
    return status.Wanted(
        states=[state] if state else [],
        recipients=recipients.references(text) if text else None, address=text,
        since=_begin(first) if first else None,
        until=_begin(last + timedelta(days=1)) if last else None,
    )  # fmt: skip


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, clock.CAMPUS)


def _letter(letter_id: int) -> Letter:
    found = db.session.get(Letter, letter_id)
    if found is None:
        raise NotFound
    return found


def text_of(found: Letter) -> str:
    """Return the text part; empty for a letter that could not be built."""
    if invitation.is_private(found.key):
        return str(_("This letter brings a link that sets a password. Only its reader sees it."))
    message = message_from_bytes(found.content, policy=policy.default)
    body = message.get_body(("plain",))
    return links.masked(str(body.get_content())) if body is not None else ""


def _note(action: str, letter_id: int) -> None:
    audit.record(
        actor=audit.actor_of(viewer()), action=action, subject=f"letter:{letter_id}",
        at=clock.now(),
    )  # fmt: skip
    db.session.commit()


def _unchanged(error: Conflict) -> ResponseReturnValue:
    """Somebody else was faster, or the letter is not one that can be changed."""
    db.session.rollback()
    current_app.logger.info("delivery unchanged: %s", error)
    flash(_("This letter cannot be changed that way any more. Look at its state below."), "warning")
    return _back()


def _back() -> ResponseReturnValue:
    return redirect(url_for("delivery.show"), 303)
