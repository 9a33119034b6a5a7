"""Find the heading row, however a sheet is laid out, and know what each column means."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from tracker.roster.cells import Cell, Row, letters
from tracker.roster.vocabulary import DOCUMENTS, IDLE, Path, entries

#: How far down the headings may start.
SEARCHED_ROWS = 40
#: One of these must be among the headings: without it a row says nobody's name.
NAMING = frozenset({("sheet", "name"), ("profile", "name_zh"), ("profile", "name_en"),
                    ("sheet", "surname"), ("passport", "number"),
                    ("profile", "employee_no")})  # fmt: skip

_NOISE = re.compile(r"[\s:*.,;、，。：；'’_\-–—·()（）\[\]【】<>《》\"“”/\\|&]+")
_BRACKETS = re.compile(r"[(（\[【<《][^)）\]】>》]*[)）\]】>》]")
_PARTS = re.compile(r"[/\n\r|\\／]+")


@dataclass(frozen=True, slots=True)
class Column:
    """One recognised column: `label` is how messages name it, such as "D 护照有效期"."""

    index: int
    path: Path
    label: str


@dataclass(frozen=True, slots=True)
class Layout:
    """The headings of a sheet: where its data starts and what its columns mean."""

    first_row: int
    columns: list[Column]
    unknown: list[str]
    repeated: list[tuple[str, str]]


def meaning(heading: str) -> Path | None:
    """Return the field a heading means; None when it means none, or two different ones."""
    table = _table()
    for candidates in _readings(heading):
        found = {table[text] for text in map(_normal, candidates) if text in table}
        if len(found) == 1:
            return found.pop()
        if found:
            return None
    return None


def find_layout(rows: Sequence[Row]) -> Layout | None:
    """Return the layout from the first rows of a sheet; None when none of them has headings."""
    texts = [_texts(row.cells) for row in rows]
    for at in range(len(rows)):
        below = texts[at + 1] if at + 1 < len(rows) else {}
        above = texts[at - 1] if at else {}
        for parents, own, last in ((texts[at], below, at + 1), (above, texts[at], at)):
            if own and _is_heading(combined := _combine(parents, own)):
                fits = _all_known(combined, own) if last > at else True
                if fits:
                    return _layout(combined, rows[last].number)
    return None


def _readings(heading: str) -> list[list[str]]:
    """Return what a heading may be read as: whole, without brackets, part by part."""
    bare = _BRACKETS.sub("", heading)
    chinese = re.sub(r"[\x00-\x7f]+", "", bare)
    latin = " ".join(re.findall(r"[\x20-\x7f]+", bare))
    inside = " ".join(re.findall(r"[(（\[【]([^)）\]】]*)[)）\]】]", heading))
    parts = [part for part in _PARTS.split(bare) if part.strip()]
    return [[heading], [bare], parts, [chinese], [latin], [inside]]


def _normal(text: str) -> str:
    return _NOISE.sub("", unicodedata.normalize("NFKC", text)).lower()


@cache
def _table() -> Mapping[str, Path]:
    table: dict[str, Path] = {}
    for path, heading in entries():
        table.setdefault(_normal(heading), path)
    return table


@cache
def _idle() -> frozenset[str]:
    return frozenset(map(_normal, IDLE.split("|"))) | {""}


def _texts(cells: Sequence[Cell]) -> dict[int, str]:
    return {
        index: value.strip()
        for index, value in enumerate(cells)
        if isinstance(value, str) and value.strip()
    }


def _combine(parents: Mapping[int, str], own: Mapping[int, str]) -> dict[int, tuple[str, str]]:
    """Return (parent, own) headings per column; a parent reaches to the next parent."""
    combined: dict[int, tuple[str, str]] = {}
    parent = ""
    for index in range(max([*parents, *own], default=-1) + 1):
        parent = parents.get(index, parent)
        if index in own:
            combined[index] = (parent, own[index])
        elif index in parents:
            combined[index] = (parents[index], "")
    return combined


def _path(parent: str, own: str) -> Path | None:
    if not own:
        return meaning(parent)
    grouped = meaning(f"{_group(parent)} {own}") if parent and parent != own else None
    return grouped or meaning(own)


def _group(parent: str) -> str:
    """Return a group's heading without what only says that it is one: 护照信息 is 护照."""
    return re.sub(r"(信息|情况|资料|information|info|details)$", "", parent.strip(), flags=re.I)


def _is_heading(combined: Mapping[int, tuple[str, str]]) -> bool:
    found = {path for parent, own in combined.values() if (path := _path(parent, own))}
    return len(found) >= 2 and bool(found & NAMING)


def _all_known(combined: Mapping[int, tuple[str, str]], own: Mapping[int, str]) -> bool:
    """Tell a second row of headings from a first row of data: it has nothing but headings."""
    return all(_path(*combined[index]) for index in own) and any(
        _path(*combined[index]) != _path(combined[index][0], "") for index in own
    )


def _layout(combined: Mapping[int, tuple[str, str]], last_row: int) -> Layout:
    columns: dict[Path, Column] = {}
    unknown, repeated = [], []
    for index, (parent, own) in combined.items():
        label = f"{letters(index)} {_shown(parent, own)}"
        path = _path(parent, own)
        if path is None:
            if _normal(own or parent) not in _idle():
                unknown.append(label)
        elif path in columns:
            repeated.append((columns[path].label, label))
        else:
            columns[path] = Column(index, path, label)
    return Layout(last_row + 1, list(columns.values()), unknown, repeated)


def _shown(parent: str, own: str) -> str:
    if not own:
        text = parent
    elif parent and meaning(f"{_group(parent)} {own}") and not meaning(own):
        text = parent + own
    else:
        text = own
    return re.sub(r"\s+", " ", text)


def document_kinds() -> tuple[str, ...]:
    """Return the kinds of fact that are documents with a number and a last day."""
    return tuple(DOCUMENTS)
