"""Lists in pages: which one is asked for, and where the others are."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import request
from marshmallow import Schema, fields, validate

LARGEST = 200
HEADERS: Mapping[str, Any] = {
    "Link": {"description": "The first, previous, next and last page.",
             "schema": {"type": "string"}},
    "X-Pagination": {
        "description": "JSON: total, page, page_size, pages.", "schema": {"type": "string"},
    },
}  # fmt: skip


class Paged(Schema):
    """The parameters of a list."""

    page = fields.Integer(load_default=1, validate=validate.Range(1, 100_000))
    page_size = fields.Integer(load_default=50, validate=validate.Range(1, LARGEST))


def bounds(query: Mapping[str, Any]) -> tuple[int, int]:
    """Return how many rows to skip and how many to read."""
    return (query["page"] - 1) * query["page_size"], query["page_size"]


def headers(query: Mapping[str, Any], total: int) -> dict[str, str]:
    """Return the headers of a page of `total` things."""
    page, size = query["page"], query["page_size"]
    last = max(-(-total // size), 1)
    wanted = {"first": 1, "prev": page - 1 if 1 < page <= last + 1 else 0,
              "next": page + 1 if page < last else 0, "last": last}  # fmt: skip
    links = [f'<{_address(number)}>; rel="{name}"' for name, number in wanted.items() if number]
    about = {"total": total, "page": page, "page_size": size, "pages": last}
    return {"Link": ", ".join(links), "X-Pagination": json.dumps(about)}


def _address(page: int) -> str:
    kept = request.args.to_dict() | {"page": str(page)}
    return f"{request.path}?{urlencode(kept)}"
