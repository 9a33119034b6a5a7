"""Invented letters on which a text is tried before it is saved. Pure."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any


def samples(language: str) -> Iterator[dict[str, Any]]:
    """Yield what a letter may be about: everything known, and as little as there can be."""
    today = date(2026, 9, 10)
    full, bare = _item(full=True), _item(full=False)
    reader = SimpleNamespace(
        name=lambda _language: "MARTIN Alice", name_zh="马爱丽", name_en="MARTIN Alice",
        language="both", expert=True,
    )  # fmt: skip
    for items, more in (([full, bare], 3), ([bare], 0), ([full], 0)):
        yield {"reader": reader, "items": items, "more": more, "today": today, "url": "-",
               "language": language, "answers": more, "links": more}  # fmt: skip


def _item(*, full: bool) -> SimpleNamespace:
    words, nothing = SimpleNamespace(zh="甲", en="a"), SimpleNamespace(zh="", en="")
    fields: dict[str, Any] = {
        "title": words, "what_to_do": words, "penalty": words if full else nothing,
        "source": words, "name": lambda _language: "MARTIN Alice", "uid": "x",
        "advice": full, "provisional": full, "safe_on": date(2026, 9, 1 if full else 30),
        "statutory_on": date(2026, 9, 2 if full else 30),
    }  # fmt: skip
    optional = {
        "name_zh": "马爱丽", "name_en": "MARTIN Alice", "unit": "物理学院", "number_end": "1234",
        "due_at": datetime(2026, 9, 1, 2, tzinfo=UTC), "expires_on": date(2026, 10, 1),
        "link": "-",
    }  # fmt: skip
    return SimpleNamespace(**fields, **(optional if full else dict.fromkeys(optional)))
