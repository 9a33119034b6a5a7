"""What the picture of a person's documents and deadlines is made of, before and after layout.

All lengths are units of the picture; on a desk one unit is about one pixel.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal


@dataclass(frozen=True, slots=True)
class Span:
    """How long one version of a document is good for; None: unknown, or without end."""

    kind: str
    ref: str
    first: date | None
    last: date | None
    former: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """Something to be filed: its window, its days, and the document it comes from."""

    ref: str
    title: str
    opens: date | None
    safe: date
    statutory: date
    late: bool = False
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Clash:
    """A conflict: its number in the list, the document it is marked on, and the day."""

    number: int
    ref: str
    on: date


@dataclass(frozen=True, slots=True)
class Frame:
    """The room there is. `above`: labels stand above their row instead of beside it."""

    width: int
    left: int
    right: int
    row: int
    above: bool = False
    letters: int = 32
    lines: int = 2

    @property
    def plot(self) -> int:
        """The width of the part with days."""
        return self.width - self.left - self.right


WIDE = Frame(width=1000, left=236, right=128, row=34)
NARROW = Frame(width=358, left=2, right=2, row=46, above=True, letters=34, lines=1)


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the axis: the first of a month, with the year where it begins."""

    x: float
    month: date
    year: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """A length of time. `open_left`, `open_right`: it goes on beyond the picture."""

    x: float
    y: float
    width: float
    height: float
    look: str
    open_left: bool = False
    open_right: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A day: `shape` is opens, safe, statutory or clash."""

    shape: Literal["opens", "safe", "statutory", "clash"]
    x: float
    y: float
    number: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One document with its bars, or one thing due with its marks."""

    y: float
    middle: float
    kind: str = ""
    lines: tuple[str, ...] = ()
    until: date | None = None
    due: Due | None = None
    bars: tuple[Bar, ...] = ()
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """All there is to draw, in the order of drawing."""

    width: int
    height: float
    left: float
    right: float
    top: float
    first: date
    last: date
    today: float
    ticks: tuple[Tick, ...]
    rows: tuple[Row, ...] = field(default=())
