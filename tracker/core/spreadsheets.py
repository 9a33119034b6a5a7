"""Text in cells: nothing that somebody typed is ever taken for a formula."""

import re

#: Where Excel, WPS or LibreOffice may begin to calculate, full-width forms included.
_BEGINS = r"(?:\s*[=+\-@|＝＋－＠｜]|[\t\r\n])"
_DANGEROUS = re.compile(rf"'*{_BEGINS}")
_GUARDED = re.compile(rf"'(?='*{_BEGINS})")


def guarded(text: str) -> str:
    """Return a text as a .csv may hold it: an apostrophe before what would be calculated."""
    return f"'{text}" if _DANGEROUS.match(text) else text


def unguarded(text: str) -> str:
    """Return the text that `guarded` was given."""
    return _GUARDED.sub("", text, count=1) if _GUARDED.match(text) else text
