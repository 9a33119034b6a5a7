"""Everybody on record as a roster: to be edited in Excel and imported again, cell by cell."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path as File
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from tracker.core.db import db
from tracker.facts import kinds, queries
from tracker.obligations import service as obligations
from tracker.roster import choices, countries
from tracker.roster.columns import RARE, TEMPLATE, is_day
from tracker.roster.vocabulary import Path

COLUMNS = (*TEMPLATE, *RARE)
Facts = Mapping[str, Mapping[str, Any]]


def write(file: File, *, progress: Callable[[int, int], None] = lambda _rows, _total: None) -> int:
    """Write the documents in force of everybody to an .xlsx file; return how many people.

    Importing it again changes nothing. A text never becomes a formula, whatever it begins with.
    """
    return write_people(file, _everybody(), progress=progress)


def write_people(
    file: File, people: Iterable[Facts], *,
    progress: Callable[[int, int], None] = lambda _rows, _total: None,
) -> int:  # fmt: skip
    """Write people, each as typed fields by kind of fact, as write() does."""
    book = xlsxwriter.Workbook(
        str(file),
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
         "strings_to_numbers": False},
    )  # fmt: skip
    sheet = _headed(book)
    row = 0
    for row, facts in enumerate(people, start=1):
        _write_row(sheet, row, facts)
        if row % obligations.CHUNK == 0:
            progress(row, row)
    book.close()
    progress(row, row)
    return row


def _headed(book: xlsxwriter.Workbook) -> Worksheet:
    sheet = book.add_worksheet("名册 roster")
    sheet.freeze_panes(1, 3)
    day, text = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "@"})
    heading = book.add_format({"bold": True, "text_wrap": True, "bg_color": "#E8EDF2"})
    for index, (path, zh, en) in enumerate(COLUMNS):
        sheet.set_column(index, index, 16, day if is_day(path) else text)
        sheet.write_string(0, index, f"{zh}\n{en}", heading)
    return sheet


def _everybody() -> Iterator[Facts]:
    for person_ids in obligations.everybody():
        held = _held(person_ids)
        db.session.rollback()
        yield from (held[person_id] for person_id in person_ids if person_id in held)


def _held(person_ids: list[int]) -> dict[int, dict[str, Mapping[str, Any]]]:
    found: dict[int, dict[str, Mapping[str, Any]]] = defaultdict(dict)
    for each in queries.held_by(person_ids):
        found[each.person_id][each.kind] = kinds.unpack(each.kind, each.number, each.data)
    return found


def _write_row(sheet: Worksheet, row: int, facts: Facts) -> None:
    for index, (path, _zh, _en) in enumerate(COLUMNS):
        value = _value(path, facts)
        if value is None:
            continue
        if is_day(path):
            sheet.write_datetime(row, index, value)
        else:
            sheet.write_string(row, index, str(value))


def _value(path: Path, facts: Facts) -> Any:
    kind, name = path
    if path == ("sheet", "visa_type"):
        return facts.get("entry", facts.get("visa", {})).get("visa")
    value = facts.get(kind, {}).get(name)
    if value is None:
        return None
    if path == ("profile", "nationality"):
        return countries.display_name(value, "zh")
    if name in choices.WORDS:
        return choices.WORDS[name][value][0]
    return value
