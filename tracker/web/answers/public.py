"""The pages behind a letter's link. Opening them changes nothing: mail programs do that too."""

import hmac
import secrets
from dataclasses import dataclass, field
from datetime import timedelta

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import validate_csrf
from werkzeug.wrappers import Response as Answered

from tracker.accounts import audit, throttle
from tracker.answers import links, purposes, said, service
from tracker.answers.models import Answer
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Invalid, TrackerError
from tracker.files import service as files
from tracker.reminders import quiet
from tracker.web import errors, forms, language
from tracker.web.access import public
from tracker.web.answers import words
from tracker.web.answers.asked import Asked, of, partly
from tracker.web.editing import aside
from tracker.web.whereabouts import returning

bp = Blueprint("answering", __name__, url_prefix="/answer")
LINK = "/<string(maxlength=100):token>"
WHAT = "/<any(filed, permit, paper, leaving, not_me, renew, not_renew, back, later):what>"
#: In a quarter of an hour: links that open nothing, by network; forms sent, by link.
GUESSES, SENT = 30, 20
#: How long the page that thanks can be opened again.
THANKS = timedelta(days=1)
NO_ACCOUNT = "whoever has the letter answers without an account; its link opens one duty only"


@dataclass
class Sheet:
    """An answer being written: what was typed, and what is wrong with it."""

    kind: str
    form_id: str
    typed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    kept: list[aside.Kept] = field(default_factory=list)


@bp.after_request
def keep_to_ourselves(response: Response) -> Response:
    """The address is the key: let nobody else see it, keep it or list it."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get(LINK)
@public(NO_ACCOUNT)
def show(token: str) -> ResponseReturnValue:
    """Say what is due, and offer the answers."""
    asked = of(links.find(token), now=clock.now())
    if asked is None:
        return _gone()
    return render_template("answers/choose.html", token=token, offers=words.OFFERS, **_about(asked))


@bp.get(LINK + WHAT)
@public(NO_ACCOUNT)
def ask(token: str, what: str) -> ResponseReturnValue:
    """Ask what goes with one answer."""
    asked = of(links.find(token), now=clock.now())
    if asked is None or what not in asked.kinds:
        return _gone()
    return _page(asked, token, Sheet(what, secrets.token_hex(16)))


@bp.post(LINK + WHAT)
@public(NO_ACCOUNT)
def send(token: str, what: str) -> ResponseReturnValue:
    """Take an answer down, once; a second sending of the same form finds it there."""
    now = clock.now()
    link = links.find(token)
    if link is not None:
        _count(link.id)
        link = links.find(token, lock=True)
    sheet = Sheet(what, request.form.get("form", ""))
    if link is not None and (given := service.of_link(link)) and _same(given, sheet.form_id):
        return _thanks(token, given)
    asked = of(link, now=now)
    if asked is None or what not in asked.kinds:
        return _gone()
    try:
        return _take_down(asked, token, sheet)
    except TrackerError as error:
        db.session.rollback()
        _keep_files(sheet)
        sheet.errors = error.messages
        return _page(asked, token, sheet), error.status


@bp.get(LINK + "/thanks/<string(length=32):form_id>")
@public(NO_ACCOUNT)
def thanks(token: str, form_id: str) -> ResponseReturnValue:
    """Say that the answer is there; to whoever sent it, and not for long."""
    link, now = links.find(token), clock.now()
    answer = service.of_link(link) if link else None
    if answer is None or not _same(answer, form_id) or answer.given_at + THANKS < now:
        return _gone()
    return render_template("answers/thanks.html", answer=answer, lines=words.lines(answer),
                           offer=words.OFFERS[answer.kind])  # fmt: skip


def _take_down(asked: Asked, token: str, sheet: Sheet) -> Answered:
    now, today = clock.now(), clock.today()
    forms.refuse_nul()
    sheet.typed = {
        name: request.form.get(name, "").strip() for name in (*said.BOXES[sheet.kind], "note")
    }
    if sheet.kind in said.FILES:
        sheet.kept = aside.all_received(f"link:{asked.link.id}", most=said.MOST_FILES)
    _require_own_form(sheet)
    words_ = service.Words(
        sheet.kind,
        said.checked(sheet.kind, sheet.typed, document=asked.document, procedure=asked.procedure,
                     today=today),
        said.note(sheet.typed), sheet.form_id, [(each.data, each.title) for each in sheet.kept],
    )  # fmt: skip
    duty = service.Duty(asked.duty.rule_id, asked.duty.fact_ref, asked.document)
    with files.uploading() as written:
        answer = service.give(asked.link, duty, words_, at=now, written=written)
        if sheet.kind in purposes.AT_ONCE:
            returning.take(asked.duty, answer, sheet.kind, today=today, now=now)
        else:
            quiet.begin(answer, today=today, now=now)
        audit.record(
            actor=service.BY, action="answered by link", subject=f"person:{answer.person_id}",
            at=now, details={"answer": answer.id, "kind": answer.kind},
        )  # fmt: skip
        db.session.commit()
    for each in sheet.kept:
        each.forget()
    return _thanks(token, answer)


def _require_own_form(sheet: Sheet) -> None:
    """Refuse what was not sent by a form of ours, opened in the same browser."""
    if len(sheet.kept) > said.MOST_FILES:
        sheet.kept = []
        raise Invalid(file=_("At most %(count)s files at once.", count=said.MOST_FILES))
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValueError:  # wtforms' ValidationError is one
        raise Invalid(
            _("The page had been open too long. Nothing is lost: send it again.")
        ) from None
    if len(sheet.form_id) != 32 or not sheet.form_id.isalnum() or not sheet.form_id.isascii():
        sheet.form_id = secrets.token_hex(16)
        raise Invalid(_("The page had been open too long. Nothing is lost: send it again."))


def _count(link_id: int) -> None:
    """Hold up who sends again and again by one link."""
    subject, now = throttle.answering(link_id), clock.now()
    throttle.refuse_many(subject, most=SENT, now=now)
    throttle.note(subject, now=now)


def _gone() -> ResponseReturnValue:
    """Answer the same to a link that is used, ended, too old, or never was.

    Whoever tries many is told to wait. Links that work open all the same: behind one address of
    a campus there are many who have done nothing.
    """
    now = clock.now()
    guesser = throttle.guesser(request.remote_addr)
    try:
        throttle.refuse_many(guesser, most=GUESSES, now=now)
    except throttle.Throttled as error:
        return errors.answer(error.status)
    throttle.note(guesser, now=now)
    return render_template("answers/gone.html"), 404


def _same(answer: Answer, form_id: str) -> bool:
    return hmac.compare_digest(answer.form_id.encode(), form_id.encode("utf-8", "replace"))


def _thanks(token: str, answer: Answer) -> Answered:
    return redirect(url_for(".thanks", token=token, form_id=answer.form_id), 303)


def _keep_files(sheet: Sheet) -> None:
    waiting = []
    for each in sheet.kept:
        try:
            each.put_aside()
        except TrackerError:  # this file is the mistake: another has to be chosen
            continue
        waiting.append(each)
    sheet.kept = waiting


def _page(asked: Asked, token: str, sheet: Sheet) -> str:
    return render_template(
        "answers/ask.html", token=token, sheet=sheet, errors=sheet.errors,
        boxes=words.boxes(sheet.kind), offer=words.OFFERS[sheet.kind],
        takes_files=sheet.kind in said.FILES, needs_files=said.FILES.get(sheet.kind, False),
        most=said.MOST_FILES, longest=said.LONGEST_NOTE, **_about(asked),
    )  # fmt: skip


def _about(asked: Asked) -> dict[str, object]:
    return {
        "asked": asked, "who": partly(asked.person, language.current()), "today": clock.today(),
    }  # fmt: skip
