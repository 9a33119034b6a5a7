"""Figures of hazards as pictures: bars by building, kind and age; closing time by month."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from tracker.core import clock
from tracker.hazards import figures, queries, states
from tracker.hazards.figures import Closing, Count
from tracker.web.access import READERS, roles
from tracker.web.hazards import words
from tracker.web.hazards.within import bp
from tracker.web.labels import wrapped
from tracker.web.words import named

#: Of a picture, in units, one about a pixel on a desk; labels stand above their bars.
WIDTH, ROW = 640, 48
NARROW, HEIGHT, FOOT = 358, 190, 24


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a bar."""

    grade: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a picture: what it is called, its pieces, its sum at their end."""

    label: str
    short: str
    y: float
    parts: tuple[Part, ...]
    end: float
    count: Count


@dataclass(frozen=True, slots=True)
class Column:
    """One month of the closing times: the places of both marks, None without closed ones."""

    x: float
    closing: Closing
    median_y: float | None
    ninetieth_y: float | None


@dataclass(frozen=True, slots=True)
class Chart:
    """The closing times: months from left to right, the days of the highest line."""

    columns: tuple[Column, ...]
    top: int
    base: float
    width: int


@bp.get("/hazards/figures", endpoint="figures")
@roles(*READERS, "inspector")
def show() -> ResponseReturnValue:
    """Show the figures."""
    today = clock.today()
    found = figures.figures(today=today)
    called = {str(key): name for key, name in words.places(queries.buildings())}
    return render_template(
        "hazards/figures.html", today=today, figures=found, grades=states.GRADES,
        buildings=bars(found.buildings, [called[each.name] for each in found.buildings]),
        kinds=bars(found.kinds, [named(words.KINDS, each.name) for each in found.kinds]),
        ages=bars(found.ages, [named(words.AGES, each.name) for each in found.ages]),
        wide=chart(found.closings, width=1000), narrow=chart(found.closings, width=NARROW),
        open=sum(each.total for each in found.kinds), size=(WIDTH, ROW),
    )  # fmt: skip


def bars(counts: Sequence[Count], labels: Sequence[str]) -> list[Bar]:
    """Return the lines of a picture, the longest as wide as there is room for."""
    most = max((each.total for each in counts), default=0) or 1
    unit = (WIDTH - 44) / most
    found = []
    for number, (count, label) in enumerate(zip(counts, labels, strict=True)):
        parts, x = [], 0.0
        for grade in reversed(states.GRADES):
            width = count.by_grade[grade] * unit
            if width:
                parts.append(Part(grade, round(x, 1), round(width, 1)))
            x += width
        short = wrapped(label, 40, 1)[0]
        found.append(Bar(label, short, number * ROW, tuple(parts), round(x, 1), count))
    return found


def chart(closings: Sequence[Closing], *, width: int) -> Chart:
    """Return the places of the marks of the closing times."""
    longest = max((each.ninetieth or 0 for each in closings), default=0)
    top = max(-(-int(longest + 0.999) // 5) * 5, 5)
    base, left = HEIGHT - FOOT, 34
    step = (width - left) / len(closings)

    def y(days: float | None) -> float | None:
        return None if days is None else round(base - days / top * (base - 16), 1)

    return Chart(
        tuple(
            Column(round(left + (number + 0.5) * step, 1), each, y(each.median), y(each.ninetieth))
            for number, each in enumerate(closings)
        ),
        top, base, width,
    )  # fmt: skip
