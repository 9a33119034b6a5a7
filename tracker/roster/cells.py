"""What every reader of a file hands on: sheets of numbered rows of plain cells."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from tracker.core.errors import Invalid
from tracker.core.i18n import gettext as _

#: The last column Excel knows, XFD; more is damage or an attack.
MAX_COLUMNS = 16_384
#: The longest text Excel keeps in a cell is 32,767 characters.
MAX_TEXT = 32_767
#: Merged ranges of a sheet, and the rows they may cover together.
MAX_MERGES, MAX_MERGED_ROWS = 100_000, 20_000_000
EPOCH_1900 = date(1899, 12, 30)
EPOCH_1904 = date(1904, 1, 1)


@dataclass(frozen=True, slots=True)
class CellError:
    """A cell that has no value to read: an error such as #N/A, or a part of a merged range."""

    text: str


Cell = str | int | float | date | datetime | CellError | None


class Row(NamedTuple):
    """One row as the file numbers it, its cells from column A on."""

    number: int
    cells: list[Cell]


class Merge(NamedTuple):
    """A merged range; all four from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One visible sheet. `total` estimates its rows; `epoch` is day 0 of its serial dates."""

    name: str
    read: Callable[[], Iterator[Row]]
    total: int
    merges: list[Merge] = field(default_factory=list)
    epoch: date = EPOCH_1900

    def rows(self) -> Iterator[Row]:
        """Return the rows; a value merged over several rows stands in each of them."""
        return spread(self.read(), self.merges) if self.merges else self.read()


@dataclass(frozen=True, slots=True)
class Source:
    """A file opened for reading, and what was left out of it."""

    sheets: list[Sheet]
    notices: list[str]


def day_of(serial: float, epoch: date) -> date | datetime | None:
    """Return what a serial date stands for; None before 1 March 1900 and after 9999.

    Excel believes in 29 February 1900, so its first sixty serials name no certain day.
    """
    if not (61 if epoch == EPOCH_1900 else 0) <= serial < 2_950_000:
        return None
    whole = int(serial)
    if whole == serial:
        return epoch + timedelta(days=whole)
    seconds = round((serial - whole) * 86_400)
    return datetime(epoch.year, epoch.month, epoch.day) + timedelta(days=whole, seconds=seconds)  # noqa: DTZ001


def refuse_merges(count: int) -> None:
    """Raise Invalid for more merged ranges than a person makes."""
    if count > MAX_MERGES:
        raise Invalid(_("The sheet has more merged cells than a roster does. Undo the merges."))


def letters(index: int) -> str:
    """Return the letters of a column: 0 is A, 27 is AB."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def spread(rows: Iterable[Row], merges: Iterable[Merge]) -> Iterator[Row]:
    """Repeat what is merged downwards; what is merged across has no value but its first."""
    waiting = sorted(merges, reverse=True)
    active: list[tuple[Merge, Cell]] = []
    covered = 0
    for row in rows:
        active = [pair for pair in active if pair[0].bottom >= row.number - 1]
        covered += len(active)
        if covered > MAX_MERGED_ROWS:
            refuse_merges(covered)
        for merge, value in active:
            _fill(row.cells, merge, value)
        while waiting and waiting[-1].top < row.number:
            active.append(_begin(row, waiting.pop()))
        yield row


def _begin(row: Row, merge: Merge) -> tuple[Merge, Cell]:
    cells = row.cells
    value = cells[merge.left] if merge.left < len(cells) else None
    if merge.top != row.number - 1:  # its first row is empty, so it holds nothing
        return merge, None
    if merge.right > merge.left:
        _fill(cells, merge._replace(left=merge.left + 1), value)
    return merge, value


def _fill(cells: list[Cell], merge: Merge, value: Cell) -> None:
    if value is None:
        return
    shown = value if merge.left == merge.right else CellError(str(value))
    if merge.left == merge.right:
        cells.extend([None] * (merge.right + 1 - len(cells)))
    for column in range(merge.left, min(merge.right + 1, len(cells))):
        cells[column] = shown
