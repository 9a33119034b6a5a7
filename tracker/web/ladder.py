"""The ladder editor: who hears of what how early, with the effect before anything is saved."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.accounts import audit
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid
from tracker.obligations import book
from tracker.reminders import effect as effects
from tracker.reminders import ladder_file, service, texts
from tracker.reminders.ladder import AUDIENCES
from tracker.reminders.ladder_file import Entry
from tracker.web import recipients
from tracker.web.access import OFFICE, READERS, roles, viewer
from tracker.web.ladder_form import LadderDraft, drafts_of, entries_of, read_form

bp = Blueprint("ladder", __name__, url_prefix="/reminders/ladder")
#: Reminders that the preview names one by one.
NAMED = 25


@dataclass(slots=True)
class _Shown:
    """What the page shows: the plan as it is or as it was typed, its mistakes, its effect."""

    drafts: list[LadderDraft]
    rules: dict[str, str]
    read: int
    errors: dict[str, list[str]] = field(default_factory=dict)
    effect: effects.Effect | None = None
    seen: str = ""


@bp.get("")
@roles(*READERS)
def show() -> ResponseReturnValue:
    """Show the plan in use."""
    entries = ladder_file.read(service.plan_text())
    return _page(_Shown(drafts_of(entries), _homes(entries), texts.number([service.LADDER])))


@bp.post("")
@roles(*OFFICE)
def change() -> ResponseReturnValue:
    """Show what a plan would change, or put into use one whose effect was seen."""
    now = clock.now()
    form = read_form()
    shown = _Shown(form.drafts, form.rules, form.read)
    try:
        entries = entries_of(form, ladder_file.read(service.plan_text()))
        ladder_file.require_known(entries, {rule.id for rule in book.current().every})
    except Invalid as error:
        shown.errors = error.messages
        return _page(shown), 422
    shown.drafts, shown.seen = drafts_of(entries), _digest(entries)
    if form.action == "save" and form.seen == shown.seen:
        return _save(entries, shown, now)
    shown.effect = effects.effect(entries, today=clock.campus_day(now))
    return _page(shown, stale=form.action == "save")


@bp.post("/restore")
@roles(*OFFICE)
def restore() -> ResponseReturnValue:
    """Put the file's plan into use again."""
    now = clock.now()
    effects.save(None, read=texts.number([service.LADDER]), by=_me(), at=now)
    audit.record(actor=_me(), action="ladder restored", subject="ladder", at=now)
    db.session.commit()
    flash(_("The ladder that comes with the program is in use again."))
    return redirect(url_for("ladder.show"), 303)


def _save(entries: tuple[Entry, ...], shown: _Shown, now: Any) -> ResponseReturnValue:
    try:
        effects.save(entries, read=shown.read, by=_me(), at=now)
    except Conflict as error:
        db.session.rollback()
        shown.errors = error.messages
        return _page(shown), 409
    audit.record(
        actor=_me(), action="ladder changed", subject="ladder", at=now,
        details={"version": texts.number([service.LADDER])},
    )  # fmt: skip
    db.session.commit()
    flash(_("The ladder is in use from the next planning on. What was told is not told again."))
    return redirect(url_for("ladder.show"), 303)


def _page(shown: _Shown, *, stale: bool = False) -> str:
    rules, found = book.current(), shown.effect
    named = [*found.new[:NAMED], *found.gone[:NAMED]] if found else []
    versions = texts.history(service.LADDER)
    return render_template(
        "reminders/ladder.html", shown=shown, stale=stale, audiences=AUDIENCES, rules=rules,
        ruled=effects.ruled(), named=NAMED, versions=versions, today=clock.today(),
        people=recipients.people_named({each.person_id for each in named}),
        buildings=recipients.buildings_named({each.building_id for each in named}),
        readers=recipients.named({each.recipient for each in named}),
        authors=recipients.named({version.saved_by for version in versions}),
        own=bool(versions and versions[0].content is not None),
        wrong={place.partition(".")[0] for place in shown.errors}, may_edit=viewer().role in OFFICE,
    )  # fmt: skip


def _homes(entries: tuple[Entry, ...]) -> dict[str, str]:
    return {rule: each.id for each in entries for rule in each.rules}


def _digest(entries: tuple[Entry, ...]) -> str:
    return hashlib.sha256(ladder_file.dump(entries).encode()).hexdigest()[:16]


def _me() -> str:
    return audit.actor_of(viewer())
