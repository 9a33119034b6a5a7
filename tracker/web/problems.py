"""Errors as programs read them: {"error": {"code", "message", "fields"}}."""

from collections.abc import Mapping
from typing import Any

from flask import Response, jsonify, make_response, request
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from tracker.core.errors import TrackerError

#: What a program can rely on; the message is for whoever reads its log.
CODES = {
    400: "malformed", 401: "unauthorized", 403: "forbidden", 404: "not_found",
    405: "method_not_allowed", 409: "conflict", 412: "stale", 413: "too_large",
    415: "unsupported_media_type", 422: "invalid", 428: "precondition_required",
    429: "too_many_requests", 500: "server_error", 503: "unavailable",
}  # fmt: skip
MONITORS = ("/healthz", "/readyz")
INTERFACE = "/api/"
#: What the page for phones fetches and sends.
OF_PHONE = ("/phone/session", "/phone/pack.json", "/phone/ops", "/phone/photos/")


def wanted() -> bool:
    """Tell whether the visitor is a program."""
    return request.path in MONITORS or request.path.startswith(INTERFACE) or of_phone()


def of_phone() -> bool:
    """Tell whether the page for phones asks."""
    return request.path.startswith(OF_PHONE)


def answer(status: int, title: str, problem: Exception | None) -> Response:
    """Return the answer; `problem` may know more than its status does."""
    told = {} if status == 404 else _messages(problem)
    own = told.pop("", [])
    code = CODES.get(status, "failed")
    if isinstance(problem, TrackerError) and status != 404:
        code = problem.code
    if own:
        title = " ".join(own)
    elif told:
        title = _("Some of what was sent is not right; see the fields.")
    response = make_response(jsonify(error={"code": code, "message": title, "fields": told}))
    response.status_code = status
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="tracker"'
    return response


def _messages(problem: Exception | None) -> dict[str, list[str]]:
    """Return texts by field, "" for those that belong to none."""
    if isinstance(problem, TrackerError):
        return _flat(problem.messages)
    found: dict[str, list[str]] = {}
    if isinstance(problem, HTTPException):
        data = getattr(problem, "data", None) or {}
        for of_place in data.get("messages", {}).values():
            found |= _flat(of_place)
    return found


def _flat(messages: Any, above: str = "") -> dict[str, list[str]]:
    """Flatten nested messages: {"fields": {"on": [...]}} becomes {"fields.on": [...]}."""
    if not isinstance(messages, Mapping):
        texts = messages if isinstance(messages, list) else [messages]
        return {above: [str(text) for text in texts]}
    found: dict[str, list[str]] = {}
    for name, inner in messages.items():
        own = name in ("", "_schema")
        found |= _flat(inner, above if own else ".".join(filter(None, (above, str(name)))))
    return found
