"""The list of residents to take along."""

from collections.abc import Sequence
from typing import Any

from tracker.core.clock import CAMPUS
from tracker.directory.residents import Place, Resident
from tracker.directory.tables import Cell
from tracker.roster import countries

_HEADINGS = (
    ("楼栋", "Building"), ("房间", "Room"), ("中文名", "Chinese name"),
    ("护照姓名", "Name in the passport"), ("国籍", "Nationality"), ("单位", "Unit"),
    ("入住日期", "Moved in"), ("状态", "State"), ("登记地址", "Registered at"),
    ("登记日期", "Registered on"), ("办理期限", "Register by"),
)  # fmt: skip
_STATES = {
    "registered": ("实住且已登记", "lives and is registered here"),
    "again": ("换证后须重新登记", "to be registered again"),
    "not_registered": ("实住未登记", "lives here, not registered"),
    "elsewhere": ("实住，登记在他处", "lives here, registered elsewhere"),
    "left": ("登记在此，住在他处", "registered here, lives elsewhere"),
}


def table(residents: Sequence[Resident], *, language: str) -> list[list[Cell]]:
    """Return the headings and a row for each resident, in the reader's language."""
    at = 0 if language == "zh" else 1
    return [
        [heading[at] for heading in _HEADINGS],
        *(_row(each, language, at) for each in residents),
    ]


def _row(each: Resident, language: str, at: int) -> list[Cell]:
    place = each.lives if each.state != "left" else each.registered
    assert place is not None
    until: Any = each.due_at.astimezone(CAMPUS).strftime("%Y-%m-%d %H:%M") if each.due_at else None
    return [
        _called(place.name_zh, place.name_en, at), place.door, each.name_zh, each.name_en,
        countries.display_name(each.nationality, language),
        _called(each.unit_zh, each.unit_en, at), each.since if each.state != "left" else None,
        _STATES[each.state][at], _address(each.registered, at), each.registered_on,
        until or each.safe_on,
    ]  # fmt: skip


def _called(zh: str | None, en: str | None, at: int) -> str | None:
    return (zh, en)[at] or zh or en


def _address(place: Place | None, at: int) -> str | None:
    if place is None:
        return None
    return " ".join(
        part for part in (_called(place.name_zh, place.name_en, at), place.door) if part
    )
