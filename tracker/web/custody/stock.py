"""Stock-takes: a list to tick on a phone beside the cabinet, each difference explained."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.accounts import audit
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Invalid, TrackerError
from tracker.custody import cabinets, queries, reported, stock
from tracker.custody.models import StockTake
from tracker.web import forms
from tracker.web.access import OFFICE, roles
from tracker.web.custody import doing, shown
from tracker.web.editing import within
from tracker.web.editing.sheet import actor

bp = Blueprint("stock", __name__)
TAKE = "/custody/stock/" + within.ID.format("take_id")


@bp.get("/custody/stock")
@roles(*OFFICE)
def show() -> ResponseReturnValue:
    """List the stock-takes, with the form to begin one."""
    return _all({})


@bp.post("/custody/stock")
@roles(*OFFICE)
def begin() -> ResponseReturnValue:
    """Begin to count one place."""
    place = request.form.get("cabinet", "")
    known = {str(each.id): each.id for each in cabinets.every()}
    try:
        if place and place not in known:
            raise Invalid(cabinet=_("Choose a place from the list."))
        take = stock.begin(cabinet_id=known.get(place), by=actor(), at=clock.now())
    except TrackerError as error:
        db.session.rollback()
        return _all(error.messages), error.status
    _note("stock-take begun", take.id)
    return redirect(url_for("stock.take", take_id=take.id), 303)


@bp.get(TAKE)
@roles(*OFFICE)
def take(take_id: int) -> ResponseReturnValue:
    """Show the list to tick, or what came of it."""
    return _one(take_id, {})


@bp.post(TAKE)
@roles(*OFFICE)
def tick(take_id: int) -> ResponseReturnValue:
    """Keep what is ticked and explained; `do` may add a number, or finish the count."""
    forms.refuse_nul()
    do = request.form.get("do", "save")
    try:
        current = stock.get(take_id, change=True)
        _keep(current)
        if do == "found":
            _found(current)
        if do == "finish":
            different = stock.finish(current, by=actor(), at=clock.now())
            doing.settle("stock-take finished", [line.item for line in different], take=take_id)
    except TrackerError as error:
        if do == "finish" and error.status == 422:
            db.session.commit()  # what was ticked stays; only the end is refused
        else:
            db.session.rollback()
        return _one(take_id, error.messages), error.status
    _note(f"stock-take: {do}", take_id)
    flash(_("The stock-take is finished.") if do == "finish" else _("Kept."))
    return redirect(url_for("stock.take", take_id=take_id), 303)


def _keep(current: StockTake) -> None:
    lines = stock.lines(current.id)
    form = request.form
    stock.tick(
        current,
        [line.item_id for line in lines if f"found-{line.item_id}" in form],
        [line.item_id for line in lines if line.expected],
        {
            line.item_id: form[f"why-{line.item_id}"].strip()
            for line in lines
            if f"why-{line.item_id}" in form
        },
    )


def _found(current: StockTake) -> None:
    item = reported.find_item(request.form.get("number", ""))
    if item is None:
        raise Invalid(number=_("No document of ours has this number."))
    stock.found_too(current, item)


def _note(action: str, take_id: int) -> None:
    audit.record(actor=actor(), action=action, subject=f"stock-take:{take_id}", at=clock.now())
    db.session.commit()


def _all(errors: dict[str, list[str]]) -> str:
    return render_template(
        "custody/stock.html", takes=queries.takes(), places=cabinets.every(), errors=errors
    )


def _one(take_id: int, errors: dict[str, list[str]]) -> str:
    current, lines = stock.get(take_id), stock.lines(take_id)
    return render_template(
        "custody/take.html", take=current, lines=lines, errors=errors, typed=request.form,
        numbers=shown.numbers([line.item for line in lines]),
        different={line.item_id for line in stock.differences(lines)},
    )  # fmt: skip
