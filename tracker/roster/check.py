"""Whether the fields of one fact fit together, quickly: most rows of a roster are right."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from marshmallow import ValidationError

from tracker.core.i18n import gettext as _
from tracker.facts import kinds


def wrong(kind: str, data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the fields that do not fit together, by the schema every entry uses."""
    if kind == "profile":
        if data and not (data.get("name_zh") or data.get("name_en")):
            yield (
                "name_en",
                _("The row names nobody. Give the name, Chinese or as in the passport."),
            )
        return
    if _fits(kind, data):
        return
    texts = {k: v.isoformat() if isinstance(v, date) else v for k, v in data.items() if v}
    try:
        kinds.schema(kind).load(texts)
    except ValidationError as error:
        for field, messages in error.messages_dict.items():
            yield field, str(messages[0])


def _fits(kind: str, data: Mapping[str, Any]) -> bool:
    """Check what the schema checks: cells are typed already, only their order is open."""
    known = kinds.KINDS[kind]
    needed = all(data.get(n) for n, field in known.fields.items() if field.required)
    something = not known.one_of or any(data.get(name) for name in known.one_of)
    return needed and something and all(
        not (data.get(a) and data.get(b)) or data[a] <= data[b] for a, b in known.ordered
    )  # fmt: skip
