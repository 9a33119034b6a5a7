"""A form about a person: its page, and what happens to what was typed. Nothing typed is lost."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import pipeline
from tracker.accounts import audit
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Stale, TrackerError
from tracker.facts import queries, service
from tracker.facts.models import FactVersion, Person
from tracker.files import service as files
from tracker.web import forms
from tracker.web.access import viewer
from tracker.web.editing import aside, saved
from tracker.web.editing.boxes import Box, raw
from tracker.web.editing.effects import Effects, between, foresee, standing
from tracker.web.paths import same_site

#: Put in the database by `act(at)`; the version is what an uploaded scan belongs to.
Act = Callable[[datetime], FactVersion | None]


@dataclass
class Sheet:
    """One form; `kind` names the schema of its boxes, `base` the newest version its reader saw."""

    title: str
    kind: str
    boxes: list[Box]
    person: Person
    submit: str
    typed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    takes_file: bool = False
    intro: str = ""
    withdrawable: bool = False
    note: str = ""
    base: str = ""
    revision: int = 0
    kept: aside.Kept | None = None
    effects: Effects | None = None
    #: What the introduction of this form needs.
    extra: dict[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.base = self.base or str(newest_version(self.person.id))
        self.revision = self.revision or self.person.revision

    def fill(self) -> None:
        """Take what was typed, and an uploaded file, from the request."""
        forms.refuse_nul()
        self.typed = raw(self.boxes, request.form)
        self.base = request.form.get("base", "")[:12]
        revision = request.form.get("revision", "")
        known = revision.isascii() and revision.isdecimal() and len(revision) < 10
        self.revision = int(revision) if known else 0
        if self.takes_file:
            self.kept = aside.received()

    def page(self, template: str = "people/form.html", /, **more: object) -> str:
        """Return the form with everything that was typed."""
        return render_template(
            template, sheet=self, person=self.person, errors=self.errors,
            back=way_back(self.person), today=clock.today(), **self.extra, **more,
        )  # fmt: skip


def newest_version(person_id: int) -> int:
    """Return the id of the version recorded last of a person."""
    newest = sa.select(sa.func.max(FactVersion.id)).where(FactVersion.person_id == person_id)
    return db.session.scalar(newest) or 0


def way_back(person: Person | None) -> str:
    """Return where the reader came from, on our own pages; else the person."""
    wanted = request.form.get("next") or request.args.get("next")
    return same_site(wanted) or (f"/people/{person.id}" if person else "/people")


def actor() -> str:
    """Return how records name who is signed in."""
    return audit.actor_of(viewer())


def take(
    sheet: Sheet, act: Act, *, action: str, said: str,
    stale: Callable[[Sheet], ResponseReturnValue],
) -> ResponseReturnValue:  # fmt: skip
    """Do what the pressed button asks: show what would change, or save and go back."""
    wanted = request.form.get("do", "save")
    try:
        if wanted in {"look", "effects"}:
            return _look(sheet, act, fragment=wanted == "effects")
        return save(sheet, act, action=action, said=said)
    except Stale:
        db.session.rollback()
        _keep_file(sheet)
        return stale(sheet)
    except TrackerError as error:
        db.session.rollback()
        if wanted == "effects":
            return render_template("people/_effects.html", effects=None)
        _keep_file(sheet)
        sheet.errors = error.messages
        return sheet.page(), error.status


def save(sheet: Sheet, act: Act, *, action: str, said: str) -> ResponseReturnValue:
    """Save in one transaction with all that follows from it; offer its undo where one goes on."""
    person, today, now = sheet.person, clock.today(), clock.now()
    before = standing(person.id, today=today)
    with files.uploading() as written:
        service.claim_revision(person.id, expected=sheet.revision)
        version = act(now)
        if sheet.kept:
            files.add(
                person.id, sheet.kept.data, title=sheet.kept.title, by=actor(), at=now,
                fact_ref=version.ref if version else None, written=written,
            )  # fmt: skip
        pipeline.refresh([person.id], today=today, now=now)
        changed = between(before, standing(person.id, today=today))
        record(action, person, now=now, ref=version.ref if version else None)
        db.session.commit()
    if sheet.kept:
        sheet.kept.forget()
    saved.tell(said, person, changed)
    return redirect(way_back(person), 303)


def record(action: str, person: Person, *, now: datetime, ref: str | None = None) -> None:
    """Put on the trail who changed what of whom; numbers and names stay out of it."""
    details = {"document": ref} if ref else None
    subject = f"person:{person.id}"
    audit.record(actor=actor(), action=action, subject=subject, at=now, details=details)


def changed_meanwhile(sheet: Sheet) -> ResponseReturnValue:
    """Show the form again with what somebody else recorded since it was opened."""
    sheet.note = _(
        "Meanwhile this was recorded: %(what)s. Nothing of yours is saved yet: "
        "look at it once more, then save again.",
        what=saved.recorded_since(sheet.person, sheet.base),
    )  # fmt: skip
    sheet.person = queries.person(sheet.person.id)
    sheet.base, sheet.revision = str(newest_version(sheet.person.id)), sheet.person.revision
    return sheet.page(), 409


def _look(sheet: Sheet, act: Act, *, fragment: bool) -> ResponseReturnValue:
    today, now = clock.today(), clock.now()
    sheet.effects = foresee(sheet.person.id, act, today=today, now=now)
    db.session.rollback()
    if fragment:
        return render_template("people/_effects.html", effects=sheet.effects, today=today)
    _keep_file(sheet)
    return sheet.page()


def _keep_file(sheet: Sheet) -> None:
    try:
        if sheet.kept:
            sheet.kept.put_aside()
    except TrackerError:  # the file is the mistake: it has to be chosen anew anyway
        sheet.kept = None
