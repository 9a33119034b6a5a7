"""What everybody may read: the notices that are out, their feed, and the links of letters.

Nothing here is personal: whom a notice concerns and who has read it stays with the office.
"""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.accounts import throttle
from tracker.core import clock
from tracker.core.db import db
from tracker.notices import audience, markup, queries, service
from tracker.notices.models import NoticeLetter
from tracker.packs.office import office
from tracker.web import errors
from tracker.web.access import public, roles, viewer
from tracker.web.paths import address

bp = Blueprint("notices", __name__, url_prefix="/notices")
NOTHING_PERSONAL = "notices are for everybody, and nothing on them is personal"
ONE = "/<int(max=2147483647):notice_id>"
#: In a quarter of an hour, from one network: links that open nothing.
GUESSES = 30
#: Entries of the feed.
FEED = 30


@bp.after_request
def may_be_kept(response: Response) -> Response:
    """Pages of links are nobody else's to see, keep or list."""
    if request.endpoint in {"notices.mine", "notices.read_mine"}:
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("")
@public(NOTHING_PERSONAL)
def show() -> ResponseReturnValue:
    """List the notices that are out, the newest first."""
    return render_template("notices/public.html", notices=queries.out(), markup=markup)


@bp.get(ONE)
@public(NOTHING_PERSONAL)
def one(notice_id: int) -> ResponseReturnValue:
    """Show one notice in the reader's language, with the other below."""
    notice = queries.one(notice_id)
    if notice is None:
        abort(404)
    return _shown(notice, None, None)


@bp.get("/feed.atom")
@public(NOTHING_PERSONAL)
def feed() -> ResponseReturnValue:
    """Answer the feed (RFC 4287) that feed readers and other sites ask for."""
    base = current_app.config["PUBLIC_URL"].rstrip("/")
    notices = queries.out(most=FEED)
    text = render_template(
        "notices/feed.atom", notices=notices, base=base, office=office(), markup=markup,
        updated=max((each.updated_at for each in notices), default=clock.now()),
    )  # fmt: skip
    return Response(text, mimetype="application/atom+xml")


@bp.get("/mine/<string(maxlength=100):token>")
@public("whoever has the letter reads the notice without an account; opening it notes nothing")
def mine(token: str) -> ResponseReturnValue:
    """Show the notice of a letter's link, with the button that says it was read."""
    row = service.find(token)
    notice = queries.one(row.notice_id) if row else None
    if row is None or notice is None:
        return _gone()
    return _shown(notice, token, row)


@bp.post("/mine/<string(maxlength=100):token>")
@public("whoever has the letter says by it that they have read the notice")
def read_mine(token: str) -> ResponseReturnValue:
    """Note that the notice was read."""
    row = service.find(token)
    if row is None:
        return _gone()
    service.mark_read(row, at=clock.now())
    db.session.commit()
    flash(_("Thank you. The office knows that you have read it."))
    return redirect(address("notices.mine", token=token), 303)


@bp.post(ONE + "/read")
@roles("expert")
def read(notice_id: int) -> ResponseReturnValue:
    """Note that a signed-in expert has read a notice sent to them."""
    row = service.addressed(notice_id, viewer().person_id)
    if row is None or queries.one(notice_id) is None:
        abort(404)
    service.mark_read(row, at=clock.now())
    db.session.commit()
    flash(_("Thank you. The office knows that you have read it."))
    return redirect(address("person.show", person_id=row.person_id), 303)


def sent_to(person_id: int) -> Sequence[Any]:
    """Return what an expert's own page lists: notice, its text, and when it was read."""
    found = []
    for notice, row in audience.of_person(person_id):
        shown = queries.one(notice.id)
        if shown is not None:
            found.append((shown, row))
    return found


def _shown(notice: queries.Published, token: str | None, row: NoticeLetter | None) -> str:
    return render_template(
        "notices/notice.html", notice=notice, markup=markup, token=token, row=row
    )


def _gone() -> ResponseReturnValue:
    """Answer the same to a link that never was, and to one whose notice was withdrawn.

    Who tries many of them is slowed down.
    """
    guesser, now = throttle.guesser(request.remote_addr), clock.now()
    try:
        throttle.refuse_many(guesser, most=GUESSES, now=now)
    except throttle.Throttled as error:
        return errors.answer(error.status)
    throttle.note(guesser, now=now)
    return render_template("notices/gone.html"), 404
