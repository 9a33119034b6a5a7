"""What programs send: JSON read strictly, parameters without surprises."""

import json
import math
from collections.abc import Iterator
from typing import Any

from flask import Request, request
from flask_babel import gettext as _
from marshmallow import EXCLUDE, RAISE, Schema
from webargs.flaskparser import FlaskParser
from webargs.multidictproxy import MultiDictProxy

from tracker.api.answers import Malformed, UnsupportedMediaType

LARGEST = 1024 * 1024


class StrictParser(FlaskParser):
    """Refuses what is not JSON, what JSON leaves open, and parameters that nobody asked for."""

    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {  # noqa: RUF012 - webargs' own
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "query": RAISE, "headers": EXCLUDE,
    }  # fmt: skip

    def load_json(self, req: Request, schema: Schema) -> Any:
        """Return the body as Python values."""
        if not req.is_json:
            raise UnsupportedMediaType(_("Send the body as application/json."))
        limit_body()
        return read_json(req.get_data())

    def load_querystring(self, req: Request, schema: Schema) -> Any:
        """Return the parameters of the address."""
        for name, value in req.args.items(multi=True):
            _require_text(name)
            _require_text(value)
        return MultiDictProxy(req.args, schema)


def limit_body() -> None:
    """Refuse what is larger than any body of ours; call it before the body is read."""
    request.max_content_length = min(LARGEST, request.max_content_length or LARGEST)


def read_json(raw: bytes) -> Any:
    """Return what `raw` holds; Malformed for anything of which two readers may differ."""
    try:
        value = json.loads(
            raw.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_refused,
            parse_float=_finite,
        )  # fmt: skip
    except (ValueError, RecursionError):
        raise Malformed(_("The body is not well-formed JSON.")) from None
    for text in _texts(value):
        _require_text(text)
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name comes twice")
    return found


def _refused(text: str) -> Any:
    raise ValueError(text)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _texts(value: Any) -> Iterator[str]:
    """Yield every text in a value, names included, however deep."""
    left = [value]
    while left:
        each = left.pop()
        if isinstance(each, str):
            yield each
        elif isinstance(each, dict):
            left += [*each, *each.values()]
        elif isinstance(each, list):
            left += each


def _require_text(text: str) -> None:
    """Refuse what no database keeps: NUL, and halves of characters."""
    if "\0" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise Malformed(_("A text holds a character that cannot be kept."))
