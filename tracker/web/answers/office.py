"""Answers on the officer's desk: taken over, put back with what is missing, or closed."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from marshmallow import fields, validate

from tracker.accounts import audit
from tracker.accounts.models import Account
from tracker.answers import links, queries, returning
from tracker.answers import service as answers
from tracker.answers.models import Answer
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Conflict
from tracker.obligations import book
from tracker.obligations.models import Obligation
from tracker.reminders import quiet
from tracker.web import forms, recipients
from tracker.web.access import OFFICE, roles
from tracker.web.answers import shown, taking
from tracker.web.editing import within
from tracker.web.editing.sheet import actor, changed_meanwhile, take

bp = Blueprint("answers", __name__)
ANSWER = "/answers/" + within.ID.format("answer_id")
PAGE = 50


class PutBack(forms.Form):
    """What the expert is told is missing."""

    reason = forms.text(500)


class Close(forms.Form):
    """Why nothing follows from an answer."""

    reason = fields.String(load_default="", validate=validate.Length(max=500))


class Nothing(forms.Form):
    """A button alone."""


@bp.get("/answers")
@roles(*OFFICE)
def show() -> ResponseReturnValue:
    """List answers: those that wait, the oldest first; or those dealt with."""
    done, page = forms.asked("done", 3) == "yes", forms.page_number()
    found = queries.listing(open_=not done, offset=(page - 1) * PAGE, most=PAGE + 1)
    return render_template(
        "answers/list.html", answers=[shown.shown(each) for each in found[:PAGE]], done=done,
        page=page, pages=page + (len(found) > PAGE), waiting=queries.open_count(),
        rules=book.current(), today=clock.today(), who=_who(found),
    )  # fmt: skip


@bp.get(ANSWER)
@roles(*OFFICE)
def look(answer_id: int) -> ResponseReturnValue:
    """Show one answer, and what taking it over would record."""
    answer = queries.get(answer_id)
    within.person(answer.person_id)
    return _page(answer)


@bp.post(ANSWER)
@roles(*OFFICE)
def take_over(answer_id: int) -> ResponseReturnValue:
    """Put what was said on record, or show what that would change."""
    answer = queries.get(answer_id)
    within.person(answer.person_id)
    if answer.verdict is not None:
        flash(_("Somebody has dealt with this answer meanwhile."), "warning")
        return redirect(url_for(".look", answer_id=answer_id), 303)
    sheet = taking.sheet_of(answer)
    sheet.fill()
    sheet.extra |= _beside(answer)
    return take(
        sheet, taking.act_of(answer, sheet), action="answer taken over", stale=changed_meanwhile,
        said=_("Taken over."),
    )  # fmt: skip


@bp.post(ANSWER + "/return")
@roles(*OFFICE)
def put_back(answer_id: int) -> ResponseReturnValue:
    """Tell whoever answered what is missing, with a new link."""
    reason = forms.typed(PutBack())["reason"]

    def act(answer: Answer) -> str:
        now = clock.now()
        rules, duty = book.current(), db.session.get_one(Obligation, answer.obligation_id)
        if not rules.has(duty.rule_id):
            raise Conflict(_("Nothing is open there any more, so nothing would be sent."))
        about = returning.About(rules.rule(duty.rule_id).title, duty.safe_on, reason)
        answers.decide(answer, "returned", by=actor(), at=now, reason=reason)
        returning.send(answer, _reader(answer), about, at=now)
        return str(_("Put back. A letter says what is missing."))

    return _decide(answer_id, act, "answer put back")


@bp.post(ANSWER + "/close")
@roles(*OFFICE)
def close(answer_id: int) -> ResponseReturnValue:
    """Note that nothing follows from an answer; reminders go on."""
    reason = forms.typed(Close())["reason"]

    def act(answer: Answer) -> str:
        answers.decide(answer, "closed", by=actor(), at=clock.now(), reason=reason)
        return str(_("Closed. Reminders go on."))

    return _decide(answer_id, act, "answer closed")


@bp.post(within.PERSON + "/answer-links/end")
@roles(*OFFICE)
def end_links(person_id: int) -> ResponseReturnValue:
    """Let all links that letters brought about a person lead nowhere."""
    forms.typed(Nothing())
    person, now = within.person(person_id), clock.now()
    ended = links.end_all(person.id, by=actor(), at=now)
    audit.record(actor=actor(), action="answer links ended", subject=f"person:{person.id}",
                 at=now, details={"links": ended})  # fmt: skip
    db.session.commit()
    flash(ngettext("%(num)s link ended.", "%(num)s links ended.", ended))
    return redirect(url_for("person.show", person_id=person_id), 303)


def _decide(answer_id: int, act: Callable[[Answer], str], action: str) -> ResponseReturnValue:
    now = clock.now()
    try:
        answer = answers.for_verdict(answer_id)
        within.person(answer.person_id)
        said = act(answer)
        quiet.end(answer.id, by=actor(), today=clock.today(), now=now)
        audit.record(actor=actor(), action=action, subject=f"person:{answer.person_id}", at=now,
                     details={"answer": answer.id})  # fmt: skip
        db.session.commit()
    except Conflict as error:
        db.session.rollback()
        flash(" ".join(error.lines()), "warning")
        return redirect(url_for(".look", answer_id=answer_id), 303)
    flash(said)
    return redirect(url_for(".show"), 303)


def _page(answer: Answer) -> str:
    sheet = taking.sheet_of(answer)
    sheet.extra |= _beside(answer)
    return sheet.page()


def _beside(answer: Answer) -> dict[str, object]:
    """Return what the page shows beside the form."""
    rules, duty = book.current(), db.session.get_one(Obligation, answer.obligation_id)
    return {
        "duty": duty, "rule": rules.rule(duty.rule_id) if rules.has(duty.rule_id) else None,
        "who": _who([answer]), "typed_reason": request.form.get("reason", ""),
        "may_return": bool(_reader(answer).address) and answer.kind != "not_me",
    }  # fmt: skip


def _who(found: object) -> dict[str, str]:
    names = [
        name
        for each in found  # type: ignore[attr-defined]
        for name in (each.link.recipient, each.verdict.decided_by if each.verdict else "")
        if name
    ]
    return dict(recipients.named(names))


def _reader(answer: Answer) -> returning.Reader:
    """Return whoever answered as a letter reaches them."""
    kind, _colon, number = answer.link.recipient.partition(":")
    if kind == "account":
        account = db.session.get_one(Account, int(number))
        address = account.email if account.active else None
        return returning.Reader(answer.link.recipient, address, account.name, account.language)
    person = answer.person
    name = person.name_en or person.name_zh or ""
    return returning.Reader(answer.link.recipient, person.email, name, person.language)
