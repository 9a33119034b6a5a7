"""Stock-takes: a list to tick; each difference is explained and becomes an event. Flushes only."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid, NotFound
from tracker.core.i18n import gettext as _
from tracker.custody import service
from tracker.custody.models import CustodyEvent, CustodyItem, StockLine, StockTake


def begin(*, cabinet_id: int | None, by: str, at: datetime) -> StockTake:
    """Begin to count one place; Conflict while another count of it is not finished."""
    same = StockTake.cabinet_id
    unfinished = sa.select(StockTake.id).where(
        same.is_(None) if cabinet_id is None else same == cabinet_id,
        StockTake.finished_at.is_(None),
    )
    if db.session.scalar(unfinished) is not None:
        raise Conflict(_("This place is being counted already. Finish that count first."))
    take = StockTake(cabinet_id=cabinet_id, begun_at=at, begun_by=by)
    db.session.add(take)
    db.session.flush()
    here = sa.select(CustodyItem.id).join(CustodyEvent, CustodyEvent.id == CustodyItem.current_id)
    place = CustodyEvent.cabinet_id
    here = here.where(
        CustodyEvent.kind == "in", place.is_(None) if cabinet_id is None else place == cabinet_id
    )
    db.session.add_all(
        StockLine(take_id=take.id, item_id=item_id, expected=True)
        for item_id in db.session.scalars(here)
    )
    db.session.flush()
    return take


def get(take_id: int, *, change: bool = False) -> StockTake:
    """Return a count; `change`: kept from others until the transaction ends, Conflict if over."""
    lock = {"of": StockTake} if change else None
    take = db.session.get(StockTake, take_id, populate_existing=change, with_for_update=lock)
    if take is None:
        raise NotFound(_("There is no such stock-take."))
    if change and take.finished_at is not None:
        raise Conflict(_("This stock-take is finished."))
    return take


def lines(take_id: int) -> list[StockLine]:
    """Return the lines of a count in the order of its persons."""
    return list(
        db.session.scalars(
            sa.select(StockLine)
            .join(CustodyItem, CustodyItem.id == StockLine.item_id)
            .filter_by(take_id=take_id)
            .order_by(CustodyItem.person_id, CustodyItem.id)
        ).all()
    )


def tick(
    take: StockTake, found: Sequence[int], looked_for: Sequence[int], explained: Mapping[int, str]
) -> None:
    """Note which of the lines looked for were found, and what explains a difference."""
    for line in lines(take.id):
        if line.item_id in looked_for:
            line.found = line.item_id in found
        line.explanation = explained.get(line.item_id, line.explanation)[:300]
    db.session.flush()


def found_too(take: StockTake, item: CustodyItem) -> None:
    """Note a document that lies here: expected or not."""
    line = db.session.get(StockLine, (take.id, item.id))
    if line is None:
        line = StockLine(take_id=take.id, item_id=item.id, expected=False)
        db.session.add(line)
    line.found = True
    db.session.flush()


def differences(take_lines: Sequence[StockLine]) -> list[StockLine]:
    """Return the lines that need an explanation."""
    return [line for line in take_lines if line.expected != bool(line.found)]


def finish(take: StockTake, *, by: str, at: datetime) -> list[StockLine]:
    """End a count: what was not found is missing, what was found is in. Return the differences.

    Invalid while a difference is not explained.
    """
    different = differences(lines(take.id))
    if any(not line.explanation.strip() for line in different):
        raise Invalid(explanation=_("Explain each difference first."))
    for line in different:
        form_id, why = f"stock:{take.id}", line.explanation[:200]
        if line.expected:
            service.not_found(line.item, by=by, at=at, form_id=form_id, reason=why)
        elif line.item.current is None or line.item.current.kind != "in":
            service.take_in([line.item], cabinet_id=take.cabinet_id, by=by, at=at, form_id=form_id,
                            reason=why)  # fmt: skip
    take.finished_at, take.finished_by = at, by
    db.session.flush()
    return different
