"""Lodge documents, hand them out, take them back. Flushes; the caller commits.

Every change is an event that stays; where a document is follows from its newest event.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from tracker.core.clock import campus_day
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid, NotFound
from tracker.core.i18n import gettext as _
from tracker.custody.models import HOLDERS, CustodyEvent, CustodyItem
from tracker.custody.names import LODGED
from tracker.facts import queries as facts

OFFICE = "office"
#: More at once is a slip of the hand.
MOST = 200


@dataclass(frozen=True, slots=True)
class Handing:
    """How documents leave: with whom they are, why, and until when (None: for good)."""

    holder: str
    to_whom: str = ""
    reason: str = ""
    due_on: date | None = None


def lodge(
    person_id: int, refs: Sequence[str], *, cabinet_id: int | None, by: str, at: datetime,
    form_id: str, reason: str = "",
) -> list[CustodyEvent]:  # fmt: skip
    """Take documents of a person in; Invalid if one is not theirs, Conflict if it is here."""
    mine = {
        version.ref: version.kind
        for version in facts.in_force(person_id)
        if version.kind in LODGED
    }  # fmt: skip
    if not refs or set(refs) - set(mine):
        raise Invalid(documents=_("Choose documents of this person."))
    items = [item_for(person_id, ref) for ref in dict.fromkeys(refs)]
    return take_in(items, cabinet_id=cabinet_id, by=by, at=at, form_id=form_id, reason=reason)


def take_in(
    items: Sequence[CustodyItem], *, cabinet_id: int | None, by: str, at: datetime, form_id: str,
    reason: str = "",
) -> list[CustodyEvent]:  # fmt: skip
    """Put documents (back) in their place; of those that are in already, Conflict."""
    made = []
    for item in items:
        uid = _uid(form_id, item)
        if _known(uid):
            continue
        if item.current is not None and item.current.kind == "in":
            raise Conflict(documents=_("It is in custody already."))
        made.append(_event(item, "in", uid, by, at, cabinet_id=cabinet_id, reason=reason))
    return _keep(made)


def hand_out(
    items: Sequence[CustodyItem], handing: Handing, *, by: str, at: datetime, form_id: str
) -> list[CustodyEvent]:
    """Give documents to somebody. All or none: of those that are not in, Conflict."""
    _check(handing, items, today=campus_day(at))
    made = []
    for item in items:
        uid = _uid(form_id, item)
        if _known(uid):
            continue
        if item.current is None or item.current.kind != "in":
            raise Conflict(documents=_("Not all of these are in custody any more. Look again."))
        made.append(_event(
            item, "out", uid, by, at, cabinet_id=item.current.cabinet_id, holder=handing.holder,
            to_whom=handing.to_whom, reason=handing.reason, due_on=handing.due_on,
        ))  # fmt: skip
    return _keep(made)


def not_found(item: CustodyItem, *, by: str, at: datetime, form_id: str, reason: str) -> None:
    """Note that a stock-take did not find a document where it should be."""
    place = item.current.cabinet_id if item.current else None
    uid = _uid(form_id, item)
    _keep([_event(item, "missing", uid, by, at, cabinet_id=place, reason=reason)])


def item_for(person_id: int, fact_ref: str) -> CustodyItem:
    """Return the entry of a document in the register, a new one if it was never here."""
    wanted = sa.select(CustodyItem).filter_by(person_id=person_id, fact_ref=fact_ref)
    found = db.session.scalar(wanted.with_for_update(of=CustodyItem))
    if found is None:
        kind = fact_ref.partition("/")[0]
        found = CustodyItem(person_id=person_id, fact_ref=fact_ref, kind=kind)
        db.session.add(found)
        db.session.flush()
    return found


def for_change(item_ids: Iterable[int]) -> list[CustodyItem]:
    """Return items as they are now, kept from others until the transaction ends."""
    wanted = sorted(set(item_ids))[: MOST + 1]
    if not wanted or len(wanted) > MOST:
        raise Invalid(documents=_("Choose between 1 and %(most)s documents.", most=MOST))
    found = db.session.scalars(
        sa.select(CustodyItem).where(CustodyItem.id.in_(wanted)).order_by(CustodyItem.id)
        .with_for_update(of=CustodyItem).execution_options(populate_existing=True)
    ).all()  # fmt: skip
    if len(found) != len(wanted):
        raise NotFound(_("There is no such document in custody."))
    return list(found)


def tag(item: CustodyItem, text: str) -> None:
    """Note what is printed on the sleeve of a document; an empty text is none."""
    text = normal(text)
    taken = sa.select(CustodyItem.id).where(CustodyItem.tag == text, CustodyItem.id != item.id)
    if text and db.session.scalar(taken) is not None:
        raise Conflict(tag=_("Another document has this number on its sleeve."))
    item.tag = text or None
    db.session.flush()


def normal(number: str) -> str:
    """Return a number as it is compared: upper case without spaces."""
    return "".join(number.split()).upper()[:60]


def settle(item_ids: Iterable[int]) -> None:
    """Let each of these items point to its newest event, by the time it happened."""
    ids = sorted(set(item_ids))
    db.session.flush()
    place = sa.func.row_number().over(
        partition_by=CustodyEvent.item_id,
        order_by=(
            CustodyEvent.at.desc(), sa.func.coalesce(CustodyEvent.sequence, 0).desc(),
            CustodyEvent.id.desc(),
        ),
    )  # fmt: skip
    ranked = (
        sa.select(CustodyEvent.item_id, CustodyEvent.id, place.label("place"))
        .where(CustodyEvent.item_id.in_(ids))
        .subquery()
    )
    newest = sa.select(ranked.c.item_id, ranked.c.id).where(ranked.c.place == 1)
    current = {item_id: event_id for item_id, event_id in db.session.execute(newest)}  # noqa: C416
    for item in db.session.scalars(sa.select(CustodyItem).where(CustodyItem.id.in_(ids))):
        item.current_id = current.get(item.id)
    db.session.flush()
    for item in db.session.scalars(sa.select(CustodyItem).where(CustodyItem.id.in_(ids))):
        db.session.expire(item, ["current"])


def _keep(events: list[CustodyEvent]) -> list[CustodyEvent]:
    db.session.add_all(events)
    settle(event.item_id for event in events if event.item_id is not None)
    return events


def _event(
    item: CustodyItem, kind: str, uid: str, by: str, at: datetime, *, cabinet_id: int | None,
    holder: str | None = None, to_whom: str = "", reason: str = "", due_on: date | None = None,
) -> CustodyEvent:  # fmt: skip
    return CustodyEvent(
        source=OFFICE, uid=uid, item_id=item.id, kind=kind, cabinet_id=cabinet_id, holder=holder,
        to_whom=to_whom, reason=reason, due_on=due_on, at=at, received_at=at, by=by,
    )  # fmt: skip


def _uid(form_id: str, item: CustodyItem) -> str:
    """Name what one form does to one document: sent twice it is done once."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{form_id}:{item.id}"))


def _known(uid: str) -> bool:
    wanted = sa.select(CustodyEvent.id).filter_by(source=OFFICE, uid=uid)
    return db.session.scalar(wanted) is not None


def _check(handing: Handing, items: Sequence[CustodyItem], *, today: date) -> None:
    wrong = {}
    if not items:
        wrong["documents"] = _("Choose at least one document.")
    if handing.holder not in HOLDERS:
        wrong["holder"] = _("Say who has it while it is out.")
    if handing.holder == "other" and not handing.to_whom:
        wrong["to_whom"] = _("Say to whom it goes.")
    if handing.due_on is not None and handing.due_on < today:
        wrong["due_on"] = _("This day is past.")
    if wrong:
        raise Invalid(**wrong)
