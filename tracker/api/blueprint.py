"""Operations of the interface: each says to whom it is open and every answer it gives."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import flask_smorest
from marshmallow import Schema
from werkzeug.routing import IntegerConverter

from tracker.accounts.tokens import SCOPES
from tracker.api import etags, idempotency
from tracker.api.answers import ANSWERS
from tracker.api.bodies import StrictParser
from tracker.api.identity import identify
from tracker.web.access import identified_by, public, roles

View = Callable[..., Any]
LARGEST_ID = 2**31 - 1
ALWAYS = (401, 403, 503)
BODY = (400, 413, 415, 422)


class IdConverter(IntegerConverter):
    """A number of a row. One too large for any row is that of none, and not another address."""

    def to_python(self, value: str) -> int:
        """Return the number, or 0."""
        return int(value) if len(value) <= 10 and int(value) <= LARGEST_ID else 0


def id_schema(_converter: IdConverter) -> dict[str, Any]:
    """Return what the document says of a number."""
    return {"type": "integer", "minimum": 1, "maximum": LARGEST_ID}


class Blueprint(flask_smorest.Blueprint):  # type: ignore[misc]
    """The operations of one feature."""

    ARGUMENTS_PARSER = StrictParser()

    def __init__(self, feature: str, description: str) -> None:
        """Make the blueprint of a feature; the pages have one of the same name."""
        super().__init__(f"api_{feature}", __name__, description=description)
        self.feature = feature

    def read(
        self, rule: str, schema: Schema | None, *, scope: str, to: Sequence[str],
        query: Schema | None = None, headers: Mapping[str, Any] | None = None,
        answers: Sequence[int] = (),
    ) -> Callable[[View], View]:  # fmt: skip
        """Offer GET at `rule`; the view gets `query`'s fields first and the rule's as keywords."""

        def offer(view: View) -> View:
            errors = {*ALWAYS, *answers, *(_of_rule(rule)), *((400, 422) if query else ())}
            made = view
            if query is not None:
                made = self.arguments(query, location="query")(made)
            made = self.response(200, schema, headers=headers)(made)
            security = [{"token": [scope]}, {"session": []}]
            return self._offer("GET", rule, made, scope, to, errors, security)

        return offer

    def write(
        self, method: str, rule: str, schema: Schema | None, *, scope: str, to: Sequence[str],
        body: Schema | None = None, status: int = 200, versioned: bool = False,
        headers: Mapping[str, Any] | None = None, answers: Sequence[int] = (),
    ) -> Callable[[View], View]:  # fmt: skip
        """Offer a change at `rule`, done once for each idempotency key and then committed.

        The view gets the fields of `body` first. `versioned`: it needs If-Match.
        """

        def offer(view: View) -> View:
            errors = {*ALWAYS, *answers, *_of_rule(rule), *(BODY if body else (422,)), 409}
            made = view
            if body is not None:
                made = self.arguments(body)(made)
            made = self.response(status, schema, headers=headers)(made)
            made = idempotency.once(made)
            parameters: list[Any] = [idempotency.PARAMETER]
            if versioned:
                parameters.append(etags.PARAMETER)
                errors |= {400, 412, 428}
            made = self.doc(parameters=parameters)(made)
            return self._offer(method, rule, made, scope, to, errors, [{"token": [scope]}])

        return offer

    def upload(
        self, rule: str, schema: Schema, *, scope: str, to: Sequence[str], query: Schema,
        files: Schema,
    ) -> Callable[[View], View]:  # fmt: skip
        """Offer to take a file; the view gets the fields of `query` and `files`, and commits."""

        def offer(view: View) -> View:
            made = self.arguments(files, location="files")(view)
            made = self.arguments(query, location="query")(made)
            made = self.response(200, schema)(made)
            errors = {*ALWAYS, *BODY, 409}
            return self._offer("POST", rule, made, scope, to, errors, [{"token": [scope]}])

        return offer

    def signed(
        self, rule: str, schema: Schema, *, body: Schema, by: Callable[[View], View], reason: str
    ) -> Callable[[View], View]:
        """Offer to take what a device sends, which shows who it is by signing it.

        `by` lets pass what is signed well, and commits; `reason` says why no account is asked for.
        """

        def offer(view: View) -> View:
            made = by(self.response(200, schema)(self.arguments(body)(view)))
            for status in sorted({401, 503, *BODY}):
                made = self.alt_response(status, response=ANSWERS[status][0])(made)
            security: list[Any] = [{"cabinet_key": [], "cabinet_signature": []}]
            described: View = self.doc(security=security, operationId=view.__name__)(made)
            made = public(reason)(described)
            self.add_url_rule(rule, view.__name__, made, methods=["POST"], tags=[self.feature])
            return made

        return offer

    def _offer(
        self, method: str, rule: str, view: View, scope: str, to: Sequence[str],
        errors: set[int], security: list[Any],
    ) -> View:  # fmt: skip
        if set(to) - SCOPES[scope]:
            raise ValueError(f"{rule}: no token of {to} could have {scope}")
        for status in sorted(errors):
            view = self.alt_response(status, response=ANSWERS[status][0])(view)
        view = self.doc(security=security, operationId=view.__name__)(view)
        view = identified_by(partial(identify, scope))(roles(*to)(view))
        self.add_url_rule(rule, view.__name__, view, methods=[method], tags=[self.feature])
        return view


def _of_rule(rule: str) -> tuple[int, ...]:
    return (404,) if "<" in rule else ()
