"""A roster as its rows: every visible sheet with headings, read in chunks, top to bottom."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path as File
from typing import NamedTuple

from tracker.core.errors import Invalid
from tracker.core.garbage import uncollected
from tracker.core.i18n import gettext as _
from tracker.roster.cells import Sheet
from tracker.roster.headings import SEARCHED_ROWS, Layout, find_layout
from tracker.roster.reader import open_roster
from tracker.roster.rows import Reading, Rejection, Told
from tracker.roster.vocabulary import Path


class Line(NamedTuple):
    """A row of a person: what it says, or why it was not understood."""

    row: int
    sheet: str
    place: str
    told: Told | None
    rejections: list[Rejection]


@dataclass(frozen=True, slots=True)
class _Table:
    sheet: Sheet
    layout: Layout


class Roster:
    """A file opened for import. `total` estimates its rows, `notices` say what was left out.

    Raises Invalid for a file that cannot be read, or in which no sheet has the headings of a
    roster.
    """

    def __init__(self, path: File) -> None:
        source = open_roster(path)
        self.notices = list(source.notices)
        self._tables = []
        for sheet in source.sheets:
            if layout := find_layout(list(islice(sheet.rows(), SEARCHED_ROWS))):
                self._tables.append(_Table(sheet, layout))
                self.notices += _notices_of(layout)
            elif len(source.sheets) > 1:
                self.notices.append(_("The sheet %(name)s has no headings.", name=sheet.name))
        if not self._tables:
            raise Invalid(no_headings())
        self.total = sum(table.sheet.total for table in self._tables)

    def chunks(self, size: int) -> Iterator[list[Line]]:
        """Yield the rows of people, `size` at a time."""
        lines = self._lines()
        while chunk := _some(lines, size):
            yield chunk

    def label(self, line: Line, path: Path | None = None) -> str:
        """Return how messages name the column of a field in the sheet of `line`; "" if none."""
        table = next(each for each in self._tables if each.sheet.name == line.sheet)
        columns = table.layout.columns
        found = next((column.label for column in columns if column.path == path), "")
        return self._within(table, found)

    def _lines(self) -> Iterator[Line]:
        for table in self._tables:
            reading = Reading(table.layout, table.sheet.epoch)
            name = table.sheet.name
            for row in table.sheet.rows():
                if row.number < table.layout.first_row:
                    continue
                found = reading.read(row)
                place = self._within(table, str(row.number))
                if isinstance(found, Told):
                    yield Line(row.number, name, place, found, [])
                elif found:
                    rejections = [self._placed(table, each) for each in found]
                    yield Line(row.number, name, place, None, rejections)

    def _placed(self, table: _Table, rejection: Rejection) -> Rejection:
        column = self._within(table, rejection.column)
        return Rejection(rejection.row, column, rejection.message)

    def _within(self, table: _Table, place: str) -> str:
        """Name the sheet too where there are several."""
        return f"{table.sheet.name}!{place}" if len(self._tables) > 1 else place


def _some(lines: Iterator[Line], size: int) -> list[Line]:
    with uncollected():
        return list(islice(lines, size))


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
