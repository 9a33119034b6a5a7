"""Read the register: what is in, what is out, and what happened to a document."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from tracker.core.db import db
from tracker.core.errors import NotFound
from tracker.core.i18n import gettext as _
from tracker.custody.models import CustodyEvent, CustodyItem, StockTake
from tracker.facts.models import FactVersion, Person

#: The lists of the register.
VIEWS = ("in", "out", "late", "missing", "given")


def item(item_id: int) -> CustodyItem:
    """Return the register's entry of a document; NotFound if there is none."""
    found = db.session.get(CustodyItem, item_id)
    if found is None:
        raise NotFound(_("There is no such document in custody."))
    return found


def listing(
    view: str, *, today: date, search: str = "", place: int | None = -1, offset: int = 0,
    most: int = 200,
) -> list[CustodyItem]:  # fmt: skip
    """Return items of one list with their persons, those due first.

    `place`: a cabinet's id, None for the safe, -1 for everywhere.
    """
    wanted = (
        _wanted(view, today)
        .options(sa.orm.contains_eager(CustodyItem.current), sa.orm.joinedload(CustodyItem.person))
        .order_by(CustodyEvent.due_on, Person.sort_zh, CustodyItem.id)
    )  # fmt: skip
    if place != -1:
        where = CustodyEvent.cabinet_id
        wanted = wanted.where(where.is_(None) if place is None else where == place)
    if search:
        wanted = wanted.where(_called(search))
    return list(db.session.scalars(wanted.offset(offset).limit(most)))


def counts(*, today: date) -> dict[str, int]:
    """Return how many documents are in each list."""
    return {
        view: db.session.scalar(
            _wanted(view, today).with_only_columns(sa.func.count(CustodyItem.id))
        ) or 0
        for view in VIEWS
    }  # fmt: skip


def of_person(person_id: int) -> list[CustodyItem]:
    """Return what was lodged of one person."""
    return list(
        db.session.scalars(
            sa.select(CustodyItem).filter_by(person_id=person_id).order_by(CustodyItem.id)
        )
    )


def held(person_ids: Sequence[int], kinds: Sequence[str]) -> dict[int, CustodyItem]:
    """Return a document of these kinds that is in custody, of each person who has one there."""
    found = db.session.scalars(
        sa.select(CustodyItem)
        .join(CustodyEvent, CustodyEvent.id == CustodyItem.current_id)
        .where(
            CustodyItem.person_id.in_(person_ids), CustodyItem.kind.in_(kinds),
            CustodyEvent.kind == "in",
        )
        .order_by(CustodyItem.id)
    )  # fmt: skip
    return {each.person_id: each for each in found}


def events(item_id: int) -> list[CustodyEvent]:
    """Return all that happened to a document, the newest first by when it happened."""
    return list(
        db.session.scalars(
            sa.select(CustodyEvent)
            .filter_by(item_id=item_id)
            .order_by(
                CustodyEvent.at.desc(), sa.func.coalesce(CustodyEvent.sequence, 0).desc(),
                CustodyEvent.id.desc(),
            )
        )
    )  # fmt: skip


def unknown() -> list[CustodyEvent]:
    """Return what cabinets reported of documents nobody knows, oldest first."""
    return list(
        db.session.scalars(
            sa.select(CustodyEvent)
            .where(CustodyEvent.item_id.is_(None), CustodyEvent.resolved_at.is_(None))
            .order_by(CustodyEvent.at, CustodyEvent.id)
        )
    )


def numbers(items: Sequence[CustodyItem]) -> dict[int, str]:
    """Return the number printed on each of these documents that has one, by item."""
    ref = FactVersion.kind + "/" + sa.cast(FactVersion.document_no, sa.String)
    rows = db.session.execute(
        sa.select(CustodyItem.id, FactVersion.number)
        .join(
            FactVersion,
            sa.and_(
                FactVersion.person_id == CustodyItem.person_id, ref == CustodyItem.fact_ref,
                FactVersion.withdrawn_at.is_(None), FactVersion.number.is_not(None),
            ),
        )
        .where(CustodyItem.id.in_([each.id for each in items]))
        .order_by(FactVersion.version)
    )  # fmt: skip
    return {item_id: number or "" for item_id, number in rows}


def takes(most: int = 30) -> list[StockTake]:
    """Return the newest stock-takes."""
    return list(db.session.scalars(sa.select(StockTake).order_by(StockTake.id.desc()).limit(most)))


def _wanted(view: str, today: date) -> sa.Select[Any]:
    wanted = (
        sa.select(CustodyItem)
        .join(CustodyEvent, CustodyEvent.id == CustodyItem.current_id)
        .join(Person, Person.id == CustodyItem.person_id)
    )
    late = sa.and_(CustodyEvent.due_on.is_not(None), CustodyEvent.due_on < today)
    return {
        "in": wanted.where(CustodyEvent.kind == "in"),
        "out": wanted.where(CustodyEvent.kind == "out", CustodyEvent.due_on.is_not(None)),
        "late": wanted.where(CustodyEvent.kind == "out", late),
        "missing": wanted.where(CustodyEvent.kind == "missing"),
        "given": wanted.where(CustodyEvent.kind == "out", CustodyEvent.due_on.is_(None)),
    }[view]


def _called(text: str) -> sa.ColumnElement[bool]:
    like = f"%{text.lower()}%"
    return sa.or_(
        sa.func.lower(Person.name_en).like(like), Person.name_zh.like(like),
        CustodyItem.tag == text.upper(),
    )  # fmt: skip
