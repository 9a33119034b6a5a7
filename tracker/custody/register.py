"""What is due because a document is out: its return, by the day agreed when it was handed out."""

from collections.abc import Iterable, Sequence
from datetime import date

import sqlalchemy as sa

from tracker.accounts.models import Account
from tracker.core.db import db
from tracker.custody.models import CustodyEvent, CustodyItem
from tracker.custody.names import named
from tracker.rules.book import RuleBook
from tracker.rules.register import Rows, due
from tracker.rules.standing import OPEN

#: The person has it and is asked; somebody of the office fetches it.
RETURN, FETCH = "CUSTODY-RETURN", "CUSTODY-FETCH"
BACK = "It is back, or something else happened to it."


def rows(person_ids: Sequence[int], book: RuleBook, *, today: date) -> Rows:
    """Return the returns owed of these persons' documents, by person, rule and event."""
    if not (book.has(RETURN) and book.has(FETCH)):
        return {}
    outs = db.session.execute(
        sa.select(CustodyItem, CustodyEvent)
        .join(CustodyEvent, CustodyEvent.item_id == CustodyItem.id)
        .where(
            CustodyItem.person_id.in_(person_ids), CustodyEvent.kind == "out",
            CustodyEvent.due_on.is_not(None),
        )
    ).all()  # fmt: skip
    found, owners = {}, _owners([event.by for _item, event in outs])
    for item, event in outs:
        assert event.due_on is not None
        rule_id = RETURN if event.holder == "person" else FETCH
        out = item.current_id == event.id
        words = named(item.kind)
        found[item.person_id, rule_id, f"custody/{event.id}"] = due(
            rule_id, event.due_on, book, state="open" if out else "met",
            reason=OPEN if out else BACK, owner_id=owners.get(event.by), detail_zh=words.zh,
            detail_en=words.en,
        )  # fmt: skip
    return found


def _owners(actors: Iterable[str]) -> dict[str, int]:
    """Return the accounts among those who handed documents out; cabinets have none."""
    wanted = {
        int(number): actor
        for actor in set(actors)
        for kind, _colon, number in [actor.partition(":")]
        if kind == "account" and number.isdecimal()
    }
    known = sa.select(Account.id).where(Account.id.in_(wanted))
    return {wanted[each]: each for each in db.session.scalars(known)} if wanted else {}
