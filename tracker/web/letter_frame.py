"""A letter's HTML as an answer of its own: its styles apply, nothing runs, nothing is fetched."""

import base64
import hashlib
from html.parser import HTMLParser

from flask import Response


class _Styles(HTMLParser):
    """Collects the texts of style attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {value for name, value in attrs if name == "style" and value}


def response(html: str) -> Response:
    """Return `html` for a sandboxed frame on our pages; exactly its own style attributes apply."""
    styles = _Styles()
    styles.feed(html)
    hashes = " ".join(sorted(_hash(style) for style in styles.found))
    allowed = f"style-src 'unsafe-hashes' {hashes}; " if hashes else ""
    answer = Response(html, mimetype="text/html")
    answer.headers["Content-Security-Policy"] = (
        f"default-src 'none'; {allowed}form-action 'none'; base-uri 'none'; "
        "frame-ancestors 'self'; sandbox"
    )
    return answer


def _hash(style: str) -> str:
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"'sha256-{digest}'"
