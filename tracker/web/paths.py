"""Where links and forms lead: only to our own pages."""

import re
from functools import lru_cache
from typing import Any

from flask import request, url_for

_OWN_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


def same_site(target: str | None) -> str | None:
    """Return `target` if it is a path on this site, else None."""
    if not target or not _OWN_PATH.fullmatch(target) or "//" in target.partition("?")[0]:
        return None
    return target


def address(endpoint: str, **values: Any) -> str:
    """Return what url_for returns, worked out once for each page and row."""
    try:
        return _address(request.script_root, endpoint, tuple(values.items()))
    except TypeError:  # values that are no keys, such as lists
        return url_for(endpoint, **values)


@lru_cache(maxsize=8192)
def _address(_root: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
    return url_for(endpoint, **dict(values))
