"""A roster as its rows: every visible sheet with headings, read in chunks, top to bottom."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path as File
from typing import NamedTuple

from tracker.core.errors import Invalid
from tracker.core.garbage import uncollected
from tracker.core.i18n import gettext as _
from tracker.roster.cells import Sheet
from tracker.roster.entering import Fresh
from tracker.roster.headings import SEARCHED_ROWS, Layout, find_layout
from tracker.roster.reader import open_roster
from tracker.roster.rows import Reading, Rejection, Told, Who
from tracker.roster.vocabulary import Path

#: Rows that are read, judged and written together, in one transaction.
CHUNK = 1_000


class Line(NamedTuple):
    """A row of a person: whom it is about, or why it was not understood."""

    row: int
    sheet: str
    place: str
    who: Who | None
    rejections: Sequence[Rejection] = ()


class Chunk(NamedTuple):
    """Rows that are judged together; `told()` returns what each says, if it was understood.

    `fresh`: what each does if it is about somebody new, where that was asked for.
    """

    lines: Sequence[Line]
    told: Callable[[], Sequence[Told | None]]
    fresh: Sequence[Fresh | None] = ()


@dataclass(frozen=True, slots=True)
class Head:
    """What is known of a roster before its rows: `total` estimates them.

    `notices` say what was left out. `labels`: how messages name the columns, by sheet and field;
    None stands for the sheet itself.
    """

    notices: list[str]
    total: int
    labels: dict[str, dict[Path | None, str]]

    def label(self, line: Line, path: Path | None = None) -> str:
        """Return how messages name the column of a field in the sheet of `line`; "" if none."""
        labels = self.labels[line.sheet]
        return labels.get(path, labels[None])


_Read = tuple[Line, Told | None]


@dataclass(frozen=True, slots=True)
class _Table:
    sheet: Sheet
    layout: Layout


class Roster:
    """A file opened for import.

    Raises Invalid for a file that cannot be read, or in which no sheet has the headings of a
    roster.
    """

    def __init__(self, path: File) -> None:
        source = open_roster(path)
        notices = list(source.notices)
        self._tables = []
        for sheet in source.sheets:
            if layout := find_layout(list(islice(sheet.rows(), SEARCHED_ROWS))):
                self._tables.append(_Table(sheet, layout))
                notices += _notices_of(layout)
            elif len(source.sheets) > 1:
                notices.append(_("The sheet %(name)s has no headings.", name=sheet.name))
        if not self._tables:
            raise Invalid(no_headings())
        total = sum(table.sheet.total for table in self._tables)
        self.head = Head(
            notices, total, {each.sheet.name: self._labels(each) for each in self._tables}
        )

    def chunks(self, size: int = CHUNK) -> Iterator[Chunk]:
        """Yield the rows of people, `size` at a time."""
        read = self._lines()
        while some := _some(read, size):
            lines, told = zip(*some, strict=True)
            yield Chunk(lines, partial(tuple, told))

    def _labels(self, table: _Table) -> dict[Path | None, str]:
        labels: dict[Path | None, str] = {None: self._within(table, "")}
        for column in table.layout.columns:
            labels[column.path] = self._within(table, column.label)
        return labels

    def _lines(self) -> Iterator[_Read]:
        for table in self._tables:
            reading = Reading(table.layout, table.sheet.epoch)
            name = table.sheet.name
            for row in table.sheet.rows():
                if row.number < table.layout.first_row:
                    continue
                found = reading.read(row)
                place = self._within(table, str(row.number))
                if isinstance(found, Told):
                    yield Line(row.number, name, place, found.who), found
                elif found:
                    rejections = [self._placed(table, each) for each in found]
                    yield Line(row.number, name, place, None, rejections), None

    def _placed(self, table: _Table, rejection: Rejection) -> Rejection:
        column = self._within(table, rejection.column)
        return Rejection(rejection.row, column, rejection.message)

    def _within(self, table: _Table, place: str) -> str:
        """Name the sheet too where there are several."""
        return f"{table.sheet.name}!{place}" if len(self._tables) > 1 else place


def _some(read: Iterator[_Read], size: int) -> list[_Read]:
    with uncollected():
        return list(islice(read, size))


def no_headings() -> str:
    """Return the message for a file in which no row has the headings of a roster."""
    return _(
        "No row of headings was found. Name the columns as in the template (tracker export "
        "template FILE): one of them must be the name, the passport number or the staff number."
    )


def _notices_of(layout: Layout) -> list[str]:
    notices = [_("The column %(name)s was not read.", name=name) for name in layout.unknown]
    return notices + [
        _("The column %(other)s repeats %(first)s and was not read.", first=first, other=other)
        for first, other in layout.repeated
    ]
