"""Make texts that look alike the same: widths, blanks, invisible characters."""

import re
import unicodedata

#: Zero-width characters and marks of direction, which come along when a cell is pasted.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_BLANKS = re.compile(r"\s+")
#: Control characters and halves of a pair: no text has them, PostgreSQL refuses some.
_BROKEN = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
#: What people write into a cell to say that it is empty.
PLACEHOLDERS = frozenset({"/", "\\", "-", "--", "—", "——", "–", "无", "暂无", "n/a"})


def is_plain(text: str) -> bool:
    """Tell quickly of most Latin texts and numbers that there is nothing to tidy."""
    return (
        text.isascii() and text.isprintable() and len(text) > 3
        and text[0] != " " and text[-1] != " " and "  " not in text
    )  # fmt: skip


def tidy(text: str) -> str:
    """Return a text without invisible characters and with single blanks; "" for a placeholder."""
    if is_plain(text):
        return text
    plain = _BLANKS.sub(" ", _INVISIBLE.sub("", text)).strip()
    return "" if plain.lower() in PLACEHOLDERS else plain


def narrow(text: str) -> str:
    """Return a tidy text with full-width letters and figures made plain."""
    if is_plain(text):
        return text
    return tidy(unicodedata.normalize("NFKC", text))


def compared(text: str) -> str:
    """Return a text as names and choices are compared: plain, lower case, letters only."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).lower())


def is_broken(text: str) -> bool:
    """Tell whether a text holds characters that no text has."""
    return _BROKEN.search(text) is not None
