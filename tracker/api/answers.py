"""The errors of the interface, one shape for all, and what may be written about each."""

import apispec
from marshmallow import Schema, fields

from tracker.core.errors import TrackerError
from tracker.web import problems


class Problem(Schema):
    """What went wrong: for the program, for its log, field by field."""

    code = fields.String(required=True, metadata={"example": "invalid"})
    message = fields.String(required=True)
    fields_ = fields.Dict(
        keys=fields.String(), values=fields.List(fields.String()), required=True,
        data_key="fields",
    )  # fmt: skip


class Error(Schema):
    """The shape of every error."""

    error = fields.Nested(Problem, required=True)


#: By status: the name of the answer in the document, and what it means.
ANSWERS = {
    400: ("Malformed", "What was sent cannot be read."),
    401: ("Unauthorized", "No token was sent, or one that is not good any more."),
    403: ("Forbidden", "Not open to this role, or not among the scopes of the token."),
    404: ("NotFound", "There is no such thing, or it is not yours to see."),
    409: ("Conflict", "What is on record already does not allow it."),
    412: ("Stale", "Somebody changed it since: read it again."),
    413: ("TooLarge", "The body is too large."),
    415: ("UnsupportedMediaType", "The body is not in a form that is read here."),
    422: ("Invalid", "Some of what was sent is not right; the fields are named."),
    428: ("PreconditionRequired", "Say by If-Match which state you have read."),
    503: ("Unavailable", "The database cannot be reached at the moment."),
}


class Unauthorized(TrackerError):
    """No token, or one that opens nothing."""

    status = 401
    code = "unauthorized"


class InsufficientScope(TrackerError):
    """The token was not made for this."""

    status = 403
    code = "insufficient_scope"


class PreconditionRequired(TrackerError):
    """Whoever changes it has to say which state they have read."""

    status = 428
    code = problems.CODES[428]


class Stale(TrackerError):
    """It changed since it was read."""

    status = 412
    code = problems.CODES[412]


class Malformed(TrackerError):
    """It cannot be read."""

    status = 400
    code = problems.CODES[400]


class UnsupportedMediaType(TrackerError):
    """It is in a form that is not read here."""

    status = 415
    code = problems.CODES[415]


class KeyReused(TrackerError):
    """An idempotency key came back with another request."""

    status = 422
    code = "idempotency_key_reused"


def register(spec: apispec.APISpec) -> None:
    """Put the errors into the document; those that no operation names are left out."""
    content = {"application/json": {"schema": Error}}
    for name, meaning in ANSWERS.values():
        answer = {"description": meaning, "content": content}
        spec.components.response(name, answer, lazy=True)
