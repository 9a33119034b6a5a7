"""One hazard: where it stands, what to do next, its pictures then and now, what happened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import Response, render_template
from flask.typing import ResponseReturnValue

from tracker.accounts.models import Account
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import NotFound
from tracker.files import photos, store
from tracker.hazards import duties, owners, queries
from tracker.hazards.models import Hazard, HazardEvent
from tracker.obligations import book
from tracker.rules.book import RuleBook
from tracker.web.access import roles, viewer
from tracker.web.hazards import within
from tracker.web.hazards.within import HAZARD, LOOKERS, WRITERS, bp
from tracker.web.photos import sent

#: Events whose pictures show how it was found, and how it is now.
_THEN, _NOW = ("found", "sighted", "failed"), ("progress", "done", "on_the_spot", "passed")


@dataclass(frozen=True, slots=True)
class Step:
    """Something due of a hazard: the rule, its day and hour, whether it is done."""

    rule_id: str
    row: Mapping[str, Any]


@bp.get(HAZARD)
@roles(*LOOKERS)
def one(hazard_id: int) -> ResponseReturnValue:
    """Show a hazard."""
    return page(within.hazard_of(hazard_id))


@bp.get(HAZARD + "/photos/<uuid:photo_id>")
@roles(*LOOKERS)
def photo(hazard_id: int, photo_id: UUID) -> Response:
    """Show a picture of a hazard."""
    return sent(
        row := _photo(hazard_id, photo_id), store.path_of(row.stored_as, under=store.PHOTOS)
    )


@bp.get(HAZARD + "/photos/<uuid:photo_id>/small")
@roles(*LOOKERS)
def small_photo(hazard_id: int, photo_id: UUID) -> Response:
    """Show the small form of a picture of a hazard."""
    row = _photo(hazard_id, photo_id)
    return sent(row, store.preview_of(row.stored_as, under=store.PHOTOS))


def _photo(hazard_id: int, photo_id: UUID) -> Any:
    hazard = within.hazard_of(hazard_id)
    shown = {each for event in queries.events(hazard.id) for each in event.photos}
    if str(photo_id) not in shown:
        raise NotFound
    return photos.get(str(photo_id))


def page(
    hazard: Hazard, *, act: str = "", errors: Mapping[str, list[str]] | None = None,
    typed: Mapping[str, Any] | None = None, kept: Sequence[str] = (),
) -> str:  # fmt: skip
    """Return the page of a hazard; with what was typed for `act` if that was wrong."""
    account, today, rules = viewer(), clock.today(), book.current()
    events = queries.events(hazard.id)
    return render_template(
        "hazards/hazard.html", hazard=hazard, today=today, now=clock.now(), rules=rules, act=act,
        errors=errors or {}, typed=typed or {}, kept=kept, events=list(reversed(events)),
        names=names_of(events), steps=_steps(hazard, rules), found_by=_finder(events),
        acts=within.acts_for(account, hazard), may_write=account.role in WRITERS,
        **_pictures(events), **_offers(hazard, rules, today),
    )  # fmt: skip


def names_of(events: Sequence[HazardEvent]) -> dict[int, str]:
    """Return the names of the accounts that made these changes."""
    ids = {event.account_id for event in events if event.account_id is not None}
    rows = db.session.execute(sa.select(Account.id, Account.name).where(Account.id.in_(ids)))
    return {row.id: row.name for row in rows}


def _finder(events: Sequence[HazardEvent]) -> int | None:
    return next((event.account_id for event in events if event.kind == "found"), None)


def _steps(hazard: Hazard, rules: RuleBook) -> list[Step]:
    """Return what is due of a hazard, the soonest first, and what is done after it."""
    rows = [Step(rule_id, row) for rule_id, row in duties.counted(hazard, rules).items()]
    return sorted(rows, key=lambda each: (each.row["state"] != "open", each.row["safe_on"]))


def _pictures(events: Sequence[HazardEvent]) -> dict[str, Any]:
    shown = [each for event in events for each in event.photos]
    return {
        "arrived": photos.arrived(shown),
        "then": _last(events, _THEN), "after": _last(events, _NOW),
    }  # fmt: skip


def _last(events: Sequence[HazardEvent], kinds: Sequence[str]) -> HazardEvent | None:
    """Return the last event of these kinds that has pictures."""
    return next((each for each in reversed(events) if each.kind in kinds and each.photos), None)


def _offers(hazard: Hazard, rules: RuleBook, today: date) -> dict[str, Any]:
    usual = duties.usual_term(hazard, rules)
    return {
        "owners": owners.choices(), "departments": queries.departments(), "usual": usual,
        "suggested": hazard.deadline or max(usual, today),
    }  # fmt: skip
