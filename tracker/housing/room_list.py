"""A list of rooms as an office has it: which column says what, and what each row says. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tracker.core.errors import Invalid
from tracker.core.i18n import gettext as _
from tracker.housing.numbers import LONGEST, folded, level_of, tidy
from tracker.housing.service import LEVELS, MOST_BEDS, MOST_ROOMS

#: What headings may be called, folded.
HEADINGS = {
    "number": ("房间", "房号", "房间号", "门牌", "room", "roomnumber", "number", "door"),
    "level": ("楼层", "层", "floor", "level", "storey"),
    "beds": ("床位", "床位数", "人数", "可住人数", "beds", "capacity"),
    "use": ("用途", "类型", "use", "type"),
}
WORDS = {
    "dwelling": ("居住", "住宿", "住人", "客房", "宿舍", "dwelling", "room", "bedroom", "flat"),
    "shared": ("公共", "公用", "走廊", "厨房", "大厅", "shared", "corridor", "kitchen", "hall"),
    "plant": ("设备", "机房", "电井", "水箱", "plant", "machines", "shaft", "technical"),
}
#: Rows looked through for the headings.
SEARCHED = 20


@dataclass(frozen=True, slots=True)
class Listed:
    """One room as a row says."""

    number: str
    level: int
    use: str
    beds: int


@dataclass(frozen=True, slots=True)
class Mistake:
    """A row that was not understood, and what to do."""

    row: int
    message: str


@dataclass(slots=True)
class Reading:
    """What a list says: new rooms, those already there, and mistakes."""

    rooms: list[Listed] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)


def read(rows: Iterable[tuple[int, Sequence[object]]], *, known: set[str]) -> Reading:
    """Read numbered rows of cells. `known`: the rooms that are there, folded.

    Raises Invalid when no row has headings, one of which is the number.
    """
    columns: dict[str, int] = {}
    found, seen = Reading(), set[str]()
    for row, cells in rows:
        if not columns:
            columns = _columns(cells)
            if not columns and row > SEARCHED:
                break
            continue
        if any(_text(cell) for cell in cells):
            _take(found, seen, known, row, {name: _cell(cells, at) for name, at in columns.items()})
        if len(found.rooms) > MOST_ROOMS:
            raise Invalid(file=_("A building has at most %(most)s rooms.", most=MOST_ROOMS))
    if not columns:
        raise Invalid(
            file=_("No row of headings was found. Name the columns: room, floor, beds, use; "
                   "房间, 楼层, 床位, 用途.")
        )  # fmt: skip
    return found


def _take(found: Reading, seen: set[str], known: set[str], row: int, told: dict[str, str]) -> None:
    try:
        listed = _listed(told)
    except Invalid as error:
        found.mistakes.append(Mistake(row, " ".join(error.lines())))
        return
    key = folded(listed.number)
    if key in seen:
        found.mistakes.append(Mistake(row, _("%(number)s comes twice.", number=listed.number)))
    elif key in known:
        found.known.append(listed.number)
    else:
        found.rooms.append(listed)
    seen.add(key)


def _listed(told: dict[str, str]) -> Listed:
    number = tidy(told.get("number", ""))
    if not number or len(number) > LONGEST:
        raise Invalid(_("Give a number of at most %(most)s characters.", most=LONGEST))
    level = _whole(told.get("level", "")) if told.get("level") else level_of(number)
    if level is None or level == 0 or not LEVELS[0] <= level <= LEVELS[1]:
        raise Invalid(_("Give a floor: 1 is the ground floor, -1 the first below it."))
    use = _use(told.get("use", ""))
    beds = _whole(told.get("beds", "")) if told.get("beds") else 1
    if use == "dwelling" and (beds is None or not 1 <= beds <= MOST_BEDS):
        raise Invalid(_("Write a number of beds from 1 to %(most)s.", most=MOST_BEDS))
    return Listed(number, level, use, beds if use == "dwelling" and beds else 0)


def _use(text: str) -> str:
    if not text:
        return "dwelling"
    for use, names in WORDS.items():
        if folded(text) in names:
            return use
    raise Invalid(_("“%(text)s” is no use of a room: dwelling, shared or plant.", text=text))


def _columns(cells: Sequence[object]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, cell in enumerate(cells):
        text = folded(_text(cell))
        for name, called in HEADINGS.items():
            if text in called and name not in found:
                found[name] = at
    return found if "number" in found else {}


def _cell(cells: Sequence[object], at: int) -> str:
    return _text(cells[at]) if at < len(cells) else ""


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return tidy(str(cell)) if isinstance(cell, str | int | float) else ""


def _whole(text: str) -> int | None:
    digits = text.removesuffix("层").removesuffix("楼").removesuffix("F")
    body = digits.removeprefix("-")
    return int(digits) if body.isascii() and body.isdecimal() and len(body) < 5 else None
