"""Do a write once however often it is sent: the work and its answer are one transaction."""

import hashlib
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

import sqlalchemy as sa
from flask import Response, make_response, request
from flask_babel import gettext as _
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from tracker.api.answers import KeyReused
from tracker.api.bodies import limit_body
from tracker.api.models import KeptAnswer
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid
from tracker.web.access import viewer

KEPT_FOR = timedelta(hours=24)
HEADERS = ("Location", "ETag", "Content-Type")
PARAMETER = {
    "in": "header", "name": "Idempotency-Key", "required": False,
    "description": "Any text of your choice, a new one for each change; sent again within "
                   "24 hours it is answered as before and done once.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]{1,200}$"},
}  # fmt: skip
_KEY = re.compile(r"[!-~]{1,200}")
_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def once(view: Callable[..., Response]) -> Callable[..., Response]:
    """Run a view in one transaction; with a key, only if it was not run before."""

    @wraps(view)
    def run(*args: Any, **kwargs: Any) -> Response:
        limit_body()
        try:
            answer = _with_key(view, args, kwargs)
            db.session.commit()
        except IntegrityError:
            db.session.rollback()
            raise Conflict(_("Somebody else changed the same thing just now.")) from None
        except BaseException:
            db.session.rollback()
            raise
        return answer

    return run


def _with_key(view: Callable[..., Response], args: Any, kwargs: Any) -> Response:
    key, now = request.headers.get("Idempotency-Key"), clock.now()
    if key is None:
        return view(*args, **kwargs)
    if not _KEY.fullmatch(key):
        raise Invalid(**{"Idempotency-Key": _("Send 1 to 200 visible ASCII characters.")})
    kept = _claim(key, now=now)
    if kept.digest != _digest():
        raise KeyReused(_("This Idempotency-Key was used for another request."))
    if kept.status is not None:
        return _again(kept)
    answer = make_response(view(*args, **kwargs))
    kept.status, kept.body = answer.status_code, answer.get_data(as_text=True)
    kept.headers = {name: answer.headers[name] for name in HEADERS if name in answer.headers}
    return answer


def _claim(key: str, *, now: datetime) -> KeptAnswer:
    """Return the row of this key; who sends it at the same moment waits here for the other."""
    forgotten = sa.delete(KeptAnswer).where(KeptAnswer.at <= now - KEPT_FOR)
    db.session.execute(forgotten, execution_options={"synchronize_session": False})
    row = {
        "account_id": viewer().id, "key": key, "digest": _digest(), "status": None,
        "headers": {}, "body": "", "at": now,
    }  # fmt: skip
    insert: Any = _INSERT[db.engine.dialect.name](KeptAnswer.__table__).values(row)
    db.session.execute(insert.on_conflict_do_nothing(index_elements=["account_id", "key"]))
    own = sa.select(KeptAnswer).filter_by(account_id=viewer().id, key=key)
    return db.session.scalars(own).one()


def _digest() -> str:
    state = request.headers.get("If-Match", "")
    whole = hashlib.sha256(f"{request.method} {request.full_path}\n{state}\n".encode())
    whole.update(request.get_data())
    return whole.hexdigest()


def _again(kept: KeptAnswer) -> Response:
    answer = make_response(kept.body, kept.status)
    answer.headers.update(kept.headers)
    answer.headers["Idempotency-Replayed"] = "true"
    return answer
