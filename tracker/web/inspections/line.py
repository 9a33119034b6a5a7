"""What phones fetch and send. Everything is JSON, and a session that ended is said, not led away.

401 {"error": "signed_out"}; 400 {"error": "csrf"} asks for /phone/session anew; 422 and 413
{"error": words} for a photo that is none or too large.
"""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, jsonify, make_response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from tracker import pipeline
from tracker.accounts.models import Account
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Invalid
from tracker.files import photos
from tracker.inspections import pack, service, telling
from tracker.obligations import book
from tracker.web.access import identified_by, roles, viewer
from tracker.web.safety import INSPECTORS

bp = Blueprint("inspecting", __name__, url_prefix="/phone")


def signed_in() -> Account:
    """Return who is signed in; say so to the program when nobody is."""
    if not current_user.is_authenticated:
        abort(make_response(jsonify(error="signed_out"), 401))
    account: Account = current_user._get_current_object()
    return account


@bp.get("/session")
@roles(*INSPECTORS)
@identified_by(signed_in)
def session() -> Response:
    """Say who is signed in, and give the token that writing needs."""
    return jsonify(account=_account(), csrf=generate_csrf(), now=clock.now().isoformat())


@bp.get("/pack.json")
@roles(*INSPECTORS)
@identified_by(signed_in)
def pack_json() -> Response:
    """Hand out everything an inspection needs without signal; 304 when nothing changed."""
    now = clock.now()
    told = pack.content(book.current(), now=now)
    version = pack.version_of(told)
    answer = jsonify({"version": version, "made_at": now.isoformat(), "account": _account()} | told)
    answer.set_etag(f"{version}-{viewer().id}")
    answer.cache_control.private = True
    answer.cache_control.no_cache = True
    answer.make_conditional(request)
    return answer


@bp.post("/ops")
@roles(*INSPECTORS)
@identified_by(signed_in)
def ops() -> Response:
    """Keep what was entered, each operation once; say of each what became of it."""
    sent = _sent()
    now = clock.now()
    skew = telling.skew_of(request.headers.get("X-Device-Now"), now)
    taken = service.take(sent, account_id=viewer().id, skew=skew, now=now)
    pipeline.refresh_buildings(sorted(taken.building_ids), today=clock.campus_day(now), now=now)
    db.session.commit()
    return jsonify(results=[_said(result) for result in taken.results])


@bp.put("/photos/<uuid:photo_id>")
@roles(*INSPECTORS)
@identified_by(signed_in)
def photo(photo_id: UUID) -> ResponseReturnValue:
    """Keep a photo, once."""
    request.max_content_length = photos.LARGEST
    if (request.content_length or 0) > photos.LARGEST:
        return jsonify(error=_("The photo is larger than %(size)s MB. Make it smaller.",
                               size=photos.LARGEST >> 20)), 413  # fmt: skip
    now = clock.now()
    try:
        kept, is_new = photos.keep(
            str(photo_id), request.get_data(cache=False), taken_at=_taken_at(),
            account_id=viewer().id, now=now,
        )  # fmt: skip
    except Invalid as error:
        db.session.rollback()
        return jsonify(error=" ".join(t for texts in error.messages.values() for t in texts)), 422
    db.session.commit()
    return jsonify(id=kept.id, state="kept" if is_new else "known")


def _sent() -> list[Any]:
    body = request.get_json(silent=True)
    sent = body.get("ops") if isinstance(body, dict) else None
    if not isinstance(sent, list):
        abort(make_response(jsonify(error="no_ops"), 422))
    return sent


def _said(result: service.Result) -> dict[str, str]:
    told = {"id": result.id, "state": result.state}
    return told | {"error": result.error} if result.error else told


def _account() -> dict[str, Any]:
    account = viewer()
    return {"id": account.id, "name": account.name, "language": account.language}


def _taken_at() -> Any:
    said = request.args.get("taken_at", "")
    try:
        return telling.instant(said)
    except ValueError:
        return None
