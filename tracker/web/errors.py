"""Error pages: what happened and what to do, in the reader's language, and nothing else."""

import logging
import secrets

from flask import Flask, Response, g, jsonify, make_response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import InterfaceError, OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError

from tracker.core.errors import TrackerError
from tracker.web import problems

log = logging.getLogger(__name__)

#: By status: what happened, and what to do.
WORDS = {
    400: (_l("This request could not be read"), _l("Go back, reload the page and try again.")),
    401: (_l("Nobody is signed in here"), _l("Sign in, or send a token, and try again.")),
    403: (_l("This is not open to your role"),
          _l("If you need it for your work, ask the administrator of the tracker.")),
    404: (_l("There is nothing here"),
          _l("The address may be mistyped, or the page is not yours to see.")),
    405: (_l("This address does not work that way"), _l("Open it from the menu instead.")),
    413: (_l("This is too large"), _l("Send a smaller file, or split it.")),
    415: (_l("This is not in a form that is read here"), _l("Send it as application/json.")),
    429: (_l("Too many tries"), _l("Wait a quarter of an hour and try again.")),
    500: (_l("Something went wrong on our side"),
          _l("Nothing you did was lost unless this page says so. Try again; if it happens twice, "
             "give the administrator the number below.")),
    503: (_l("The tracker cannot reach its database"),
          _l("Wait a minute and reload. Reminders already handed over are not affected.")),
}  # fmt: skip
SESSION_ENDED = _l("The page had been open too long or in another session, so nothing was changed. "
                   "Go back, reload it and send it again.")  # fmt: skip


def init_app(app: Flask) -> None:
    """Answer every error of `app` with a page, or with JSON where machines ask."""
    app.register_error_handler(HTTPException, _expected)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(TrackerError, _mistake)
    app.register_error_handler(InternalServerError, _bug)
    for lost in (OperationalError, InterfaceError):
        app.register_error_handler(lost, _no_database)


def _expected(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error.get_response()
    response = answer(error.code, problem=error)
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def _stale_form(_error: CSRFError) -> ResponseReturnValue:
    if problems.of_phone():
        return make_response(jsonify(error="csrf"), 400)
    return answer(400, advice=str(SESSION_ENDED))


def _mistake(error: TrackerError) -> ResponseReturnValue:
    """Show what a person can mend; a thing that is missing or not yours looks the same."""
    advice = " ".join(error.lines()) if error.status != 404 else ""
    return answer(error.status, advice=advice, problem=error)


def _bug(_error: InternalServerError) -> ResponseReturnValue:
    reference = secrets.token_hex(4)
    log.error("answered with error page, reference %s", reference)
    return answer(500, reference=reference)


def _no_database(error: Exception) -> ResponseReturnValue:
    log.error("the database cannot be used: %s", type(error).__name__, exc_info=error)
    g.pop("viewer", None)
    response = answer(503)
    response.headers["Retry-After"] = "60"
    return response


def answer(
    status: int, *, advice: str = "", reference: str = "", problem: Exception | None = None
) -> Response:
    """Return the page (JSON for programs) of an error status."""
    title, usual = WORDS.get(status, (_l("This did not work"), WORDS[400][1]))
    if problems.wanted():
        about = f"{title} ({reference})" if reference else str(title)
        return problems.answer(status, about, problem)
    page = render_template(
        "error.html", status=status, title=title, advice=advice or usual, reference=reference
    )
    return make_response(page, status)
