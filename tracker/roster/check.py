"""Whether the fields of one fact fit together, quickly: most rows of a roster are right."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from marshmallow import ValidationError

from tracker.facts import kinds

_NEEDED = {
    name: tuple(field for field, each in kind.fields.items() if each.required)
    for name, kind in kinds.KINDS.items()
}


def fits(kind: str, data: Mapping[str, Any]) -> bool:
    """Check what the kind's schema checks: cells are typed already, only their order is open."""
    known, get = kinds.KINDS[kind], data.get
    for name in _NEEDED[kind]:
        if not get(name):
            return False
    if known.one_of and not any(map(get, known.one_of)):
        return False
    for first, second in known.ordered:
        begins, ends = get(first), get(second)
        if begins and ends and ends < begins:
            return False
    return True


def mistakes(kind: str, data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the fields that do not fit together, with the words every other entry uses."""
    texts = {k: v.isoformat() if isinstance(v, date) else v for k, v in data.items() if v}
    try:
        kinds.schema(kind).load(texts)
    except ValidationError as error:
        return [(field, str(messages[0])) for field, messages in error.messages_dict.items()]
    return []
