"""The letters' texts: edited with a check that names mistakes, looked at on a real person."""

from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from marshmallow import fields, validate

from tracker.accounts import audit
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Conflict
from tracker.facts.models import Person
from tracker.obligations.models import Obligation
from tracker.reminders import compose, render, service, texts, wording
from tracker.reminders.wording import Mistake
from tracker.web import letter_frame, recipients
from tracker.web.access import OFFICE, READERS, roles, viewer
from tracker.web.forms import Form, asked, typed

bp = Blueprint("letters", __name__, url_prefix="/reminders/letters")
LETTERS = ("expert.zh", "expert.en", "staff.zh", "staff.en")
#: How many duties a look tells of, and how many people are offered to look at.
TOLD, OFFERED = 3, 40
NAME = "<any('expert.zh', 'expert.en', 'staff.zh', 'staff.en'):letter>"


class TextForm(Form):
    """Both forms of a letter, whom to show it on, and what is asked for."""

    text = fields.String(required=True, validate=validate.Length(0, 50_000))
    html = fields.String(required=True, validate=validate.Length(0, 50_000))
    person = fields.String(load_default="", validate=validate.Length(0, 100))
    read = fields.Integer(required=True)
    action = fields.String(load_default="preview", validate=validate.OneOf(("preview", "save")))


@dataclass(slots=True)
class _Shown:
    """What the editor shows."""

    name: str
    text: str
    html: str
    read: int
    person: str = ""
    errors: list[str] = field(default_factory=list)


@bp.get("")
@roles(*READERS)
def show() -> ResponseReturnValue:
    """List the letters, and which of them the office worded itself."""
    own = texts.in_use(wording.NAMES)
    return render_template(
        "reminders/letters.html", letters=LETTERS, own=own, may_edit=viewer().role in OFFICE,
        failed=texts.faults(),
    )  # fmt: skip


@bp.get(f"/{NAME}")
@roles(*OFFICE)
def edit(letter: str) -> ResponseReturnValue:
    """Show a letter's text as it is in use."""
    own = texts.in_use(_names(letter))
    text, html = (
        own[each].content or "" if each in own else render.shipped(each) for each in _names(letter)
    )
    return _page(_Shown(letter, text, html, texts.number(_names(letter)), asked("person")))


@bp.post(f"/{NAME}")
@roles(*OFFICE)
def change(letter: str) -> ResponseReturnValue:
    """Show what was typed on a real person, or put it into use; a text with a mistake never is."""
    form = _typed()
    shown = _Shown(letter, form["text"], form["html"], form["read"], form["person"])
    mistakes = _mistakes(shown)
    if form["action"] == "preview" or any(mistakes.values()):
        return _page(shown, mistakes), 422 if any(mistakes.values()) else 200
    try:
        texts.save(
            {each: _or_shipped(each, text) for each, text in _contents(shown).items()},
            read=shown.read, by=_me(), at=clock.now(),
        )  # fmt: skip
    except Conflict as error:
        db.session.rollback()
        shown.errors = error.lines()
        return _page(shown, mistakes), 409
    _note("letter text changed", letter)
    flash(_("Saved. Letters written from now on read so."))
    return redirect(url_for("letters.edit", letter=letter), 303)


@bp.post(f"/{NAME}/mail")
@roles(*OFFICE)
def mail(letter: str) -> Response:
    """Return the letter as typed in HTML, shut in a frame that runs and loads nothing."""
    form = _typed()
    shown = _Shown(letter, form["text"], form["html"], form["read"], form["person"])
    if any(_mistakes(shown).values()):
        return letter_frame.response("")
    writing = _look(shown)
    return letter_frame.response(writing.html if writing else "")


@bp.post(f"/{NAME}/restore")
@roles(*OFFICE)
def restore(letter: str) -> ResponseReturnValue:
    """Put the program's text into use again."""
    names = _names(letter)
    texts.save(dict.fromkeys(names), read=texts.number(names), by=_me(), at=clock.now())
    _note("letter text restored", letter)
    flash(_("The text that comes with the program is in use again."))
    return redirect(url_for("letters.edit", letter=letter), 303)


def _page(shown: _Shown, mistakes: dict[str, list[Mistake]] | None = None) -> str:
    mistakes = _mistakes(shown) if mistakes is None else mistakes
    names = _names(shown.name)
    versions = sorted(
        (each for name in names for each in texts.history(name)), key=lambda each: -each.id
    )
    return render_template(
        "reminders/letter_text.html", shown=shown, mistakes=mistakes, versions=versions,
        look=None if any(mistakes.values()) else _look(shown), people=_offered(),
        authors=recipients.named(each.saved_by for each in versions),
        own=texts.in_use(names), known=wording.ITEM, filters=wording.FILTERS,
    )  # fmt: skip


def _typed() -> dict[str, Any]:
    """Return the form; line ends as texts are kept."""
    form = typed(TextForm())
    return form | {name: form[name].replace("\r\n", "\n") for name in ("text", "html")}


def _mistakes(shown: _Shown) -> dict[str, list[Mistake]]:
    text, html = _contents(shown).items()
    return {"text": wording.check(*text), "html": wording.check(*html)}


def _contents(shown: _Shown) -> dict[str, str]:
    return dict(zip(_names(shown.name), (shown.text, shown.html), strict=True))


def _names(name: str) -> tuple[str, str]:
    return f"{name}.txt", f"{name}.html"


def _or_shipped(name: str, text: str) -> str | None:
    """Keep no version of what is the program's own text."""
    return None if text.rstrip() == render.shipped(name).rstrip() else text


def _look(shown: _Shown) -> render.Writing | None:
    """Write the letter about a real person's duties; None if nobody has any."""
    person = _person(shown.person)
    if person is None:
        return None
    ids = db.session.scalars(
        sa.select(Obligation.id)
        .where(
            Obligation.person_id == person.id,
            Obligation.state == "open",
            Obligation.rule_id.in_(_told_to(shown.name)),
        )
        .order_by(Obligation.safe_on, Obligation.id)
        .limit(TOLD)
    ).all()
    items = compose.items_of(ids)
    if not items:
        return None
    kind, _dot, language = shown.name.partition(".")
    expert = kind == "expert"
    names = (person.name_zh, person.name_en) if expert else (viewer().name, None)
    return render.render(
        render.Reader(*names, language, expert=expert), items, total=len(items),
        today=clock.today(), now=clock.now(), url=request.host_url.rstrip("/"),
        own=_contents(shown),
    )  # fmt: skip


def _told_to(name: str) -> set[str]:
    """Return the rules of which this letter's readers hear."""
    expert = name.startswith("expert")
    return {
        rule
        for ladder in service.ladders()
        if any(("expert" in stage.to) == expert for stage in ladder.stages)
        for rule in ladder.rules
    }


def _person(text: str) -> Person | None:
    """Return whom to look at: by number or name, else the first with something due."""
    number = text.partition(" ")[0]
    found = recipients.matching(number if number.isdecimal() else text, most=1) if text else []
    return found[0] if found else next(iter(_offered(most=1)), None)


def _offered(most: int = OFFERED) -> list[Person]:
    """Return people with something due, the soonest first."""
    soonest = (
        sa.select(Obligation.person_id, sa.func.min(Obligation.safe_on).label("day"))
        .where(sa.text("obligation.state = 'open'"))
        .group_by(Obligation.person_id)
        .subquery()
    )
    return list(
        db.session.scalars(
            sa.select(Person)
            .join(soonest, soonest.c.person_id == Person.id)
            .where(soonest.c.day >= clock.today())
            .order_by(soonest.c.day, Person.id)
            .limit(most)
        )
    )


def _note(action: str, name: str) -> None:
    audit.record(actor=_me(), action=action, subject=f"letter text:{name}", at=clock.now())
    db.session.commit()


def _me() -> str:
    return audit.actor_of(viewer())
