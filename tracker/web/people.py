"""The list of people: searched, filtered, paged."""

import sqlalchemy as sa
from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker.accounts.models import Account
from tracker.accounts.scope import NUMBERS, scope_of
from tracker.core import clock
from tracker.core.db import db
from tracker.facts import kinds
from tracker.facts.models import FactVersion, Person, Unit
from tracker.obligations import book, queries
from tracker.web.access import READERS, roles, viewer
from tracker.web.board import ids_of_deadlines
from tracker.web.forms import asked, page_number

bp = Blueprint("people", __name__)
PAGE = 50


@bp.get("/people")
@roles(*READERS, "unit_secretary")
def show() -> ResponseReturnValue:
    """Show the people the reader may see, a page at a time."""
    account, page = viewer(), page_number()
    wanted = _wanted(account)
    count = db.session.scalar(sa.select(sa.func.count()).select_from(Person).where(*wanted)) or 0
    people = db.session.scalars(
        sa.select(Person)
        .where(*wanted)
        .order_by(Person.name_en, Person.name_zh, Person.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()
    days = queries.next_days([person.id for person in people], ids_of_deadlines(book.current()))
    return render_template(
        "people/list.html", people=people, days=days, count=count, page=page,
        pages=-(-count // PAGE), units=_units(account), statuses=kinds.STATUSES,
        asked={name: asked(name) for name in ("q", "unit", "status")}, today=clock.today(),
        by_number=account.role in NUMBERS,
    )  # fmt: skip


def _wanted(account: Account) -> list[sa.ColumnElement[bool]]:
    conditions = [queries.visible(scope_of(account))]
    if text := asked("q"):
        conditions.append(_matching(text, by_number=account.role in NUMBERS))
    unit = asked("unit", 9)
    if unit.isascii() and unit.isdecimal():
        conditions.append(Person.unit_id == int(unit))
    status = asked("status")
    if status in kinds.STATUSES:
        conditions.append(Person.status == status)
    elif status != "all" and not text:
        conditions.append(Person.status != "departed")
    return conditions


def _matching(text: str, *, by_number: bool) -> sa.ColumnElement[bool]:
    """Match part of a name; a whole passport number only for those who may read it."""
    found = sa.or_(
        Person.name_zh.icontains(text, autoescape=True),
        Person.name_en.icontains(text, autoescape=True),
    )
    if not by_number:
        return found
    holders = sa.select(FactVersion.person_id).where(
        FactVersion.kind == "passport", FactVersion.number == kinds.normal_number(text)
    )
    return sa.or_(found, Person.id.in_(holders))


def _units(account: Account) -> list[Unit]:
    """Return the units to choose from; a secretary has but one."""
    if not scope_of(account).everybody:
        return []
    return list(db.session.scalars(sa.select(Unit).order_by(Unit.name_zh)))
