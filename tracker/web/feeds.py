"""Addresses that a calendar program subscribes to: made, listed, revoked, and answered."""

import hashlib
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow import fields, pre_load, validate

from tracker.accounts import audit, feeds, throttle
from tracker.accounts.feeds import CalendarFeed, Wish
from tracker.accounts.models import Account
from tracker.accounts.scope import Scope, scope_of
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Invalid
from tracker.core.i18n import LANGUAGES
from tracker.facts.models import Unit
from tracker.obligations import book
from tracker.reminders import feed as writing
from tracker.reminders import ics
from tracker.web import forms
from tracker.web.access import READERS, public, roles, viewer

bp = Blueprint("feeds", __name__)
ALARMS = (None, 1, 3, 7, 14, 30)
REFRESH = timedelta(hours=6)
#: Addresses that were never given out, from one network in a quarter of an hour.
GUESSES = 30


class NewFeed(forms.Form):
    """What the form for a new address asks."""

    label = forms.text(80)
    #: mine, office, unit (the own one) or unit:7.
    shows = fields.String(
        required=True, validate=validate.Regexp(r"(mine|office|unit(:[0-9]{1,9})?)\Z")
    )
    language = fields.String(required=True, validate=validate.OneOf(LANGUAGES))
    alarm = fields.Integer(
        load_default=None, allow_none=True, validate=validate.OneOf([a for a in ALARMS if a]),
        error_messages={"invalid": _l("Choose one of the list.")},
    )  # fmt: skip

    @pre_load
    def leave_out_empty(self, data: dict[str, str], **_kwargs: Any) -> dict[str, str]:
        """A list left at its first line chooses nothing."""
        return {name: value for name, value in data.items() if value or name == "label"}


@bp.get("/calendar/feeds")
@roles(*READERS, "unit_secretary", "expert")
def show() -> ResponseReturnValue:
    """List the account's addresses, with the form for another."""
    return _page(viewer(), {}, {})


@bp.post("/calendar/feeds")
@roles(*READERS, "unit_secretary", "expert")
def create() -> ResponseReturnValue:
    """Make an address and show it, this one time."""
    account, now = viewer(), clock.now()
    try:
        feed, token = feeds.create(account, _wish(forms.typed(NewFeed())), at=now)
    except Invalid as error:
        db.session.rollback()
        return _page(account, error.messages, request.form), error.status
    _note("calendar address made", feed, now)
    db.session.commit()
    return _page(account, {}, {}, made=feed, address=_address(token)), 201


@bp.post("/calendar/feeds/<int(max=2147483647):feed_id>/revoke")
@roles(*READERS, "unit_secretary", "expert")
def revoke(feed_id: int) -> ResponseReturnValue:
    """Let an address work no longer."""
    now = clock.now()
    feed = feeds.revoke(viewer(), feed_id, at=now)
    _note("calendar address revoked", feed, now)
    db.session.commit()
    flash(_("The address “%(label)s” works no longer.", label=feed.label))
    return redirect(url_for("feeds.show"), 303)


@bp.get("/feeds/<token>.ics")
@public("calendar programs cannot sign in: the address itself is the key")
def fetch(token: str) -> ResponseReturnValue:
    """Answer a calendar program; 404 for what is revoked, never was, or may not be seen."""
    now = clock.now()
    guesser = throttle.guesser(request.remote_addr)
    throttle.refuse_many(guesser, most=GUESSES, now=now)
    feed = feeds.find(token)
    if feed is None:
        throttle.note(guesser, now=now)
        abort(404)
    scope = feeds.scope(feed)
    if scope is None:
        abort(404)
    response = _calendar(feed, scope, clock.campus_day(now))
    db.session.rollback()  # the note begins a transaction of its own
    if feeds.note_fetch(feed, at=now):
        db.session.commit()
    return response.make_conditional(request)


def _wish(typed: dict[str, Any]) -> Wish:
    kind, _colon, number = typed["shows"].partition(":")
    unit_id = int(number) if number else None
    if unit_id is not None and db.session.get(Unit, unit_id) is None:
        raise Invalid(shows=_("Choose one of the list."))
    return Wish(
        kind=kind, label=typed["label"], language=typed["language"], unit_id=unit_id,
        alarm_days=typed["alarm"],
    )  # fmt: skip


def _calendar(feed: CalendarFeed, scope: Scope, today: date) -> Response:
    alarm = timedelta(days=feed.alarm_days) if feed.alarm_days else None
    url = current_app.config["PUBLIC_URL"].rstrip("/")
    found = writing.events(
        scope, book.current(), today=today, language=feed.language, url=url, alarm=alarm
    )
    content = ics.calendar(found, feed=_about(feed, len(found)))
    response = Response(content, mimetype="text/calendar")
    response.set_etag(hashlib.sha256(content).hexdigest()[:32])
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Disposition"] = "inline; filename=deadlines.ics"
    return response


def _about(feed: CalendarFeed, count: int) -> ics.Feed:
    name, told = _NAMES[feed.language][feed.kind], _NAMES[feed.language]["told"]
    if count == writing.MOST:
        told += _NAMES[feed.language]["more"].format(count=count)
    return ics.Feed(name, told, REFRESH, {"zh": "zh-Hans", "en": "en"}[feed.language])


#: In the language of the feed, not of a page.
_NAMES = {
    "zh": {"mine": "我的证件办理日", "unit": "本单位证件办理日", "office": "外国专家证件办理日",
           "told": "每项落在最后稳妥办理日。办结后自动消失。", "more": "只列出最近的{count}项。"},
    "en": {"mine": "My filing days", "unit": "Filing days of the unit",
           "office": "Filing days of foreign experts",
           "told": "Each entry stands on the last safe day to file, and goes when it is done.",
           "more": " Only the first {count} are listed."},
}  # fmt: skip


def _page(
    account: Account, errors: dict[str, list[str]], typed: Any,
    *, made: CalendarFeed | None = None, address: str = "",
) -> str:  # fmt: skip
    mine = feeds.list_of(account)
    units = {unit.id: unit for unit in db.session.scalars(sa.select(Unit).order_by(Unit.name_zh))}
    return render_template(
        "calendar/feeds.html", feeds=mine, units=units, errors=errors, typed=typed, made=made,
        address=address, kinds=feeds.kinds_for(account), alarms=ALARMS,
        everybody=scope_of(account).everybody, language_of=account.language,
    )  # fmt: skip


def _address(token: str) -> str:
    return str(current_app.config["PUBLIC_URL"]).rstrip("/") + url_for("feeds.fetch", token=token)


def _note(action: str, feed: CalendarFeed, now: datetime) -> None:
    audit.record(
        actor=audit.actor_of(viewer()), action=action, subject=f"calendar_feed:{feed.id}", at=now,
        details={"kind": feed.kind},
    )  # fmt: skip
