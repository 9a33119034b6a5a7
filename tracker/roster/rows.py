"""From a row of cells to what it says of one person, or to the reasons why it was not taken."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from tracker.roster.cells import Cell, Row
from tracker.roster.dates import NO_END, NoEnd, Refusal
from tracker.roster.headings import Column, Layout
from tracker.roster.values import Parser, parser_of
from tracker.roster.vocabulary import Path

#: Values repeat down a column (units, nationalities, dates): so many are remembered per column.
_REMEMBERED = 5_000
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_HMT = {"HKG", "MAC", "TWN"}


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a cell, or a row ("" as its column), was not taken; the message holds the remedy."""

    row: int
    column: str
    message: str


Names = tuple[str | None, str | None, str | None]


class Who(NamedTuple):
    """Whom a row is about: numbers as they are compared, both names, what tells namesakes apart."""

    passport: str | None
    staff_number: str | None
    name_zh: str | None
    name_en: str | None
    nationality: str | None
    born_on: date | None

    @property
    def names(self) -> Names:
        """Return both names and the nationality."""
        return self[2:5]

    @property
    def label(self) -> str:
        """Return how to call the person in a message."""
        return " ".join(name for name in self[2:4] if name)


class Told(NamedTuple):
    """What one row says of one person. Fields the row leaves empty are not there.

    `facts`: typed fields by kind, the profile among them. None: said to have no end.
    """

    row: int
    facts: Mapping[str, Mapping[str, Any]]

    @property
    def profile(self) -> Mapping[str, Any]:
        """Return what the row says of the person."""
        return self.facts.get("profile", {})

    @property
    def who(self) -> Who:
        """Return whom the row is about."""
        get = self.profile.get
        return Who(
            self.facts.get("passport", {}).get("number"), get("employee_no"), get("name_zh"),
            get("name_en"), get("nationality"), get("born_on"),
        )  # fmt: skip


class Reading:
    """Reads the rows of one sheet by its layout."""

    def __init__(self, layout: Layout, epoch: date) -> None:
        self._columns: list[tuple[Column, int, Path, dict[Cell, Any], Parser]] = [
            (column, column.index, column.path, {}, parser_of(column.path, epoch))
            for column in layout.columns
        ]

    def read(self, row: Row) -> Told | list[Rejection] | None:
        """Return what the row says, its rejections, or None for a row without a person."""
        facts: dict[str, dict[str, Any]] = defaultdict(dict)
        rejected = []
        cells = row.cells
        filled = len(cells)
        for column, index, (kind, field), known, parse in self._columns:
            cell = cells[index] if index < filled else None
            if cell is None:
                continue
            value = known.get(cell, known)
            if value is known:
                value = _remembered(cell, parse, known)
            if value is None:
                continue
            if isinstance(value, Refusal):
                rejected.append(Rejection(row.number, column.label, value.message))
            elif isinstance(value, tuple | NoEnd):
                _put(facts, column.path, value)
            else:
                facts[kind][field] = value
        if rejected:
            return rejected
        return _told(row.number, facts) if facts else None


def _told(row: int, facts: dict[str, dict[str, Any]]) -> Told:
    _name(facts)
    _settle_visa(facts)
    profile = facts["profile"]
    if profile.get("nationality") in _HMT:
        profile.setdefault("identity", "hmt")
    if not profile:
        del facts["profile"]
    return Told(row, facts)


def _remembered(cell: Cell, parse: Parser, known: dict[Cell, Any]) -> Any:
    value = parse(cell)
    # 1, 1.0 and True are one key of a dictionary, but not one cell.
    if isinstance(cell, str | date):
        if len(known) >= _REMEMBERED:
            known.clear()
        known[cell] = value
    return value


def _put(facts: dict[str, dict[str, Any]], path: Path, value: tuple[Any, Any] | NoEnd) -> None:
    """Put in what stands for two days, or for a day there is not."""
    kind, field = path
    if isinstance(value, NoEnd):
        facts[kind][field] = None
    elif path == ("sheet", "contract_range"):
        facts["contract"] |= {"starts_on": value[0], "ends_on": _end(value[1])}
    else:
        facts[kind] |= {"issued_on": value[0], field: _end(value[1])}


def _end(value: Any) -> Any:
    return None if value is NO_END else value


def _name(facts: dict[str, dict[str, Any]]) -> None:
    """Sort out a column that only says "name", and put surname and given names together."""
    sheet, profile = facts.pop("sheet", {}), facts["profile"]
    if name := sheet.get("name"):
        profile.setdefault("name_zh" if _CHINESE.search(name) else "name_en", name)
    parts = [sheet[part] for part in ("surname", "given_names") if sheet.get(part)]
    if parts:
        profile.setdefault("name_en", " ".join(parts))
    if "visa_type" in sheet:
        facts["sheet"] = {"visa_type": sheet["visa_type"]}


def _settle_visa(facts: dict[str, dict[str, Any]]) -> None:
    """The kind of visa belongs to the entry, and without one to the visa."""
    if visa := facts.pop("sheet", {}).get("visa_type"):
        if "on" in facts.get("entry", {}):
            facts["entry"]["visa"] = visa
        elif "visa" in facts:
            facts["visa"]["visa"] = visa
    if "on" not in facts.get("entry", {"on": None}):
        del facts["entry"]
