"""From a cell to a typed value, or to the reason why not and what to write instead."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache, partial
from typing import Any

from tracker.core.i18n import gettext as _
from tracker.facts import kinds
from tracker.roster import choices, countries, dates
from tracker.roster.cells import Cell, CellError
from tracker.roster.dates import NO_END, Month, Refusal
from tracker.roster.folding import compared, is_broken, is_plain, narrow, tidy
from tracker.roster.vocabulary import Path

Value = Any  # a typed field, NO_END, a Refusal, or None for an empty cell
Parser = Callable[[Cell], Value]

#: Excel keeps fifteen digits of a figure and makes the others zero.
MAX_DIGITS = 15
_SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+\d+|\d\.\d+E\d+", re.IGNORECASE)
#: Letters first, so that it cannot be a figure such as 1E23, and never longer than a number is.
_PLAIN_NUMBER = re.compile(r"[A-Z]{1,3}[0-9]{3,30}")
_EMAIL = re.compile(r"[^\s@,;<>()]+@[^\s@,;<>()]+\.[^\s@,;<>().]{2,}")
_LENGTHS = {"number": 40, "email": 254, "name_zh": 120, "name": 120, "unit": 120, "name_en": 200,
            "employee_no": 40}  # fmt: skip


def parser_of(path: Path, epoch: date) -> Parser:
    """Return what turns the cells of a column with this meaning into values."""
    kind, name = path
    if path == ("sheet", "contract_range"):
        return partial(_guarded, partial(dates.parse_range, epoch=epoch, months=True))
    field = kinds.KINDS[kind].fields[name] if kind != "sheet" else kinds.TEXT
    if field.type == "date":
        return partial(_guarded, partial(_parse_day, path=path, epoch=epoch))
    if field.type == "integer":
        return partial(_guarded, _parse_days)
    if path == ("profile", "nationality"):
        return partial(_guarded, _parse_nationality)
    if field.choices:
        return partial(_guarded, partial(_parse_choice, name=name, table=_words(name)))
    return partial(_guarded, _TEXTS.get(name, partial(_parse_text, limit=_LENGTHS.get(name, 300))))


def _guarded(parse: Callable[[Any], Value], cell: Cell) -> Value:
    """Refuse what no column may hold; an empty cell is None."""
    if isinstance(cell, CellError):
        return Refusal(_error_message(cell))
    if isinstance(cell, str) and not is_plain(cell):
        if is_broken(cell):
            return Refusal(_("The cell holds characters that are no text. Type it anew."))
        if not tidy(cell):
            return None
    return parse(cell)


def _error_message(cell: CellError) -> str:
    if cell.text == "=":
        return _("The formula has no stored result. Open the file in Excel or WPS and save it.")
    if cell.text.startswith("#"):
        return _("The cell shows the error %(error)s. Correct its formula or type the value.",
                 error=cell.text)  # fmt: skip
    return _("The cell is merged with its neighbours in the row. Undo the merge and fill each in.")


def _parse_day(cell: Cell, *, path: Path, epoch: date) -> Value:
    months = {("contract", "starts_on"): Month.FIRST, ("contract", "ends_on"): Month.LAST}
    if path[1] == "expires_on" and dates.is_range(cell):
        return dates.parse_range(cell, epoch, months=False)
    day = dates.parse_day(cell, epoch, months.get(path, Month.REFUSED))
    if day is NO_END and path != ("contract", "ends_on"):
        return Refusal(_("A day is needed here. Write the one printed, like 2026-11-30."))
    return day


def _parse_days(cell: Cell) -> Value:
    text = re.sub(r"\s*(天|日|days?|d)$", "", _plain(cell), flags=re.IGNORECASE)
    if text.isdecimal() and 1 <= int(text[:6]) <= 3650:
        return int(text)
    return Refusal(_("A number of days is needed here, such as 30."))


def _parse_nationality(cell: Cell) -> Value:
    code = countries.alpha3(cell) if isinstance(cell, str) else None
    return code or Refusal(
        _("No country is known by this name, or several are. Write the ISO code, such as FRA.")
    )


def _parse_choice(cell: Cell, *, name: str, table: Mapping[str, str]) -> Value:
    found = table.get(compared(_plain(cell)))
    if found:
        return found
    known = "、".join(choices.labels(name))
    return Refusal(_("This is none of the choices. Write one of: %(known)s.", known=known))


@cache
def _words(name: str) -> Mapping[str, str]:
    return {compared(word): code for code, words in choices.WORDS[name].items() for word in words}


def _parse_number(cell: Cell) -> Value:
    """Return the number of a document as text; what Excel has already spoilt is refused."""
    if isinstance(cell, str) and _PLAIN_NUMBER.fullmatch(cell):
        return cell
    text = _plain(cell)
    if text.startswith('="') and text.endswith('"'):  # how programs keep zeros in a .csv
        text = text[2:-1]
    text = re.sub(r"\s+", "", text).lstrip("'").upper()
    if _SCIENTIFIC.fullmatch(text) or (not isinstance(cell, str) and not text.isdecimal()):
        return _spoilt()
    if not isinstance(cell, str) and len(text) > MAX_DIGITS:
        return _spoilt()
    return _limited(text, 40) if text else None


def _spoilt() -> Refusal:
    return Refusal(
        _("Excel made a figure of this number and lost digits. Format the column as text and type "
          "the number again.")
    )  # fmt: skip


def _parse_text(cell: Cell, *, limit: int) -> Value:
    if isinstance(cell, str):
        return _limited(tidy(cell), limit)
    return _limited(_plain(cell), limit)


def _parse_latin(cell: Cell) -> Value:
    if not isinstance(cell, str):
        return Refusal(_("A name is needed here."))
    return _limited(narrow(cell), 200)


def _parse_name(cell: Cell) -> Value:
    if not isinstance(cell, str):
        return Refusal(_("A name is needed here."))
    return _limited(tidy(cell), 120)


def _parse_email(cell: Cell) -> Value:
    text = _plain(cell).removeprefix("mailto:")
    if _EMAIL.fullmatch(text) and text.isascii():
        return _limited(text, 254)
    return Refusal(_("One e-mail address is needed here, such as alice@example.org."))


def _parse_staff_number(cell: Cell) -> Value:
    return _parse_number(cell)


def _parse_phone(cell: Cell) -> Value:
    text = _plain(cell)
    if _SCIENTIFIC.fullmatch(text) or (isinstance(cell, float) and not text.isdecimal()):
        return _spoilt()
    return _limited(text, 60)


def _plain(cell: Cell) -> str:
    """Return a cell as plain text; 5.0 is 5."""
    if isinstance(cell, float) and cell == int(cell) and abs(cell) < 10**MAX_DIGITS:
        return str(int(cell))
    return narrow(cell) if isinstance(cell, str) else str(cell)


def _limited(text: str, limit: int) -> Value:
    if len(text) <= limit:
        return text or None
    return Refusal(_("The text is longer than %(limit)s characters. Shorten it.", limit=limit))


_TEXTS: Mapping[str, Parser] = {
    "number": _parse_number, "employee_no": _parse_staff_number, "name_en": _parse_latin,
    "surname": _parse_latin, "given_names": _parse_latin, "name": _parse_name,
    "name_zh": _parse_name, "email": _parse_email, "phone": _parse_phone,
}  # fmt: skip
