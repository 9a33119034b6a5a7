"""Where everything goes in the picture of a person's documents and deadlines. Pure."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Literal

from tracker.rules.counting import add_months
from tracker.web.axis import Scale, ticks
from tracker.web.labels import wrapped
from tracker.web.picture import Bar, Clash, Due, Frame, Mark, Picture, Row, Span

#: Months that the picture shows at most before and after today.
BEFORE, AFTER = 15, 30
#: Months it shows at least.
AT_LEAST_BEFORE, AT_LEAST_AFTER = 2, 6
BAR, FORMER = 14, 6
#: Width of a conflict's number.
NUMBER = 18


def lay_out(
    spans: Sequence[Span], dues: Sequence[Due], clashes: Sequence[Clash], *, today: date,
    frame: Frame,
) -> Picture:  # fmt: skip
    """Place the documents, in the order given, each with what is due because of it below it."""
    first, last = period(spans, dues, today)
    scale = Scale(first, last, frame.left, frame.plot)
    top = 40
    rows = tuple(_rows(spans, dues, clashes, scale, frame, top, today))
    height = rows[-1].y + frame.row if rows else top
    return Picture(
        width=frame.width, height=height + 20, left=frame.left, right=frame.left + frame.plot,
        top=top, first=first, last=last, today=scale.x(today),
        ticks=tuple(ticks(scale)), rows=rows,
    )  # fmt: skip


def period(spans: Sequence[Span], dues: Sequence[Due], today: date) -> tuple[date, date]:
    """Return the first and the last day shown: whole months around what is in force and due."""
    days = [day for s in spans if not s.former for day in (s.first, s.last) if day]
    days += [day for due in dues for day in (due.opens, due.safe, due.statutory) if day]
    month = today.replace(day=1)
    near = [day for day in days if add_months(month, -BEFORE) <= day <= add_months(month, AFTER)]
    earliest = min([*near, add_months(month, -AT_LEAST_BEFORE)])
    latest = max([*near, add_months(month, AT_LEAST_AFTER)])
    return earliest.replace(day=1), add_months(latest.replace(day=1), 1)


def _rows(
    spans: Sequence[Span], dues: Sequence[Due], clashes: Sequence[Clash], scale: Scale,
    frame: Frame, top: float, today: date,
) -> Iterator[Row]:  # fmt: skip
    y = top
    shown: set[str] = set()
    for kind, same in groupby(spans, lambda span: span.kind):
        versions = list(same)
        yield _document(kind, versions, clashes, scale, frame, y, today)
        y += frame.row
        refs = {span.ref for span in versions}
        shown |= refs
        for due in (due for due in dues if due.ref in refs):
            yield _due(due, scale, frame, y, today)
            y += frame.row
    for due in (due for due in dues if due.ref not in shown):
        yield _due(due, scale, frame, y, today)
        y += frame.row


def _middle(frame: Frame, y: float) -> float:
    return y + (31 if frame.above else frame.row / 2)


def _document(
    kind: str, versions: Sequence[Span], clashes: Sequence[Clash], scale: Scale, frame: Frame,
    y: float, today: date,
) -> Row:  # fmt: skip
    middle = _middle(frame, y)
    refs = {span.ref for span in versions}
    current = [span for span in versions if not span.former]
    return Row(
        y=y, middle=middle, kind=kind,
        until=max((span.last for span in current if span.last), default=None),
        bars=tuple(
            bar
            for span in sorted(versions, key=lambda span: not span.former)
            if (bar := _bar(span, scale, middle, today))
        ),
        marks=tuple(_clashes([clash for clash in clashes if clash.ref in refs], scale, middle)),
    )  # fmt: skip


def _clashes(clashes: Sequence[Clash], scale: Scale, middle: float) -> Iterator[Mark]:
    """Place the numbers of conflicts, the later ones to the left of what they would cover."""
    taken: list[float] = []
    for number, on in sorted({(clash.number, clash.on) for clash in clashes}):
        if scale.shows(on):
            x = scale.x(on)
            while any(abs(x - other) < NUMBER for other in taken):
                x -= NUMBER
            taken.append(x)
            yield Mark("clash", x, middle, number)


def _bar(span: Span, scale: Scale, middle: float, today: date) -> Bar | None:
    first, last = span.first or scale.first, span.last or scale.last
    if last < scale.first or first > scale.last:
        return None
    height = FORMER if span.former else BAR
    left, right = scale.x(first), scale.x(last + timedelta(1))
    return Bar(
        x=left, y=middle - height / 2, width=max(round(right - left, 1), 3), height=height,
        look=_look(span, today),
        open_left=span.first is None or span.first < scale.first,
        open_right=span.last is None or span.last > scale.last,
    )  # fmt: skip


def _look(span: Span, today: date) -> str:
    if span.former:
        return "former"
    if span.last and span.last < today:
        return "ended"
    return "coming" if span.first and span.first > today else "now"


def _due(due: Due, scale: Scale, frame: Frame, y: float, today: date) -> Row:
    middle = _middle(frame, y)
    bars = [_window(due.safe, today, "late", scale, middle)] if due.late else []
    bars += [_window(due.opens or due.safe, due.safe, "window",
                    scale, middle)]  # fmt: skip
    if due.statutory > due.safe:
        bars.append(_window(due.safe, due.statutory, "last", scale, middle))
    shapes: list[tuple[Literal["opens", "safe", "statutory"], date | None]] = [
        ("opens", due.opens), ("statutory", due.statutory), ("safe", due.safe),
    ]  # fmt: skip
    return Row(
        y=y, middle=middle, due=due, until=due.safe,
        lines=wrapped(due.title, frame.letters, frame.lines),
        bars=tuple(bar for bar in bars if bar),
        marks=tuple(
            Mark(shape, scale.x(day), middle) for shape, day in shapes if day and scale.shows(day)
        ),
    )  # fmt: skip


def _window(first: date, last: date, look: str, scale: Scale, middle: float) -> Bar | None:
    if last < scale.first or first > scale.last or last <= first:
        return None
    left, right = scale.x(first), scale.x(last)
    return Bar(left, middle - 2, max(round(right - left, 1), 1), 4, look)
