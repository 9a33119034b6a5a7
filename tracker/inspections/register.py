"""What plans make due in buildings (obligations/registers.py)."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from tracker.accounts.models import Account
from tracker.core.db import db
from tracker.core.i18n import LANGUAGES, day_text
from tracker.inspections import done, plans
from tracker.inspections.plans import Standing
from tracker.rules.book import RuleBook
from tracker.rules.register import Rows


def rows(building_ids: Sequence[int], book: RuleBook, *, today: date) -> Rows:
    """Return what is due of these buildings by plan. A patrol is due only once it was missed:

    one duty for a gap, however many days that lasts, and none while the patrols are made.
    """
    done.begin(building_ids, today=today)
    substitute = _officer()
    return {
        (each.building.id, each.plan.rule_id, each.ref): plans.days_of(each, book)
        | {"owner_id": each.building.keeper_id or substitute, **_detail(each)}
        for each in plans.standings(building_ids, book.calendar, today=today)
        if not each.ref.startswith("day/")
    }


def _officer() -> int | None:
    """Return who hears of buildings that nobody keeps."""
    officers = sa.select(Account.id).where(Account.active, Account.role == "officer")
    return db.session.scalar(officers.order_by(Account.id).limit(1))


def _detail(standing: Standing) -> dict[str, str | None]:
    """Say when it was done last; of a gap that is what was missed since."""
    if standing.last is None:
        return {"detail_zh": None, "detail_en": None}
    zh, en = (day_text(standing.last, language) for language in LANGUAGES)
    return {"detail_zh": f"上次：{zh}", "detail_en": f"last: {en}"}
