"""Saved views: kept, shared, deleted. The one writer of their table. Flushes only."""

from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from tracker.accounts.models import Account
from tracker.accounts.scope import WHOLE
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid, NotFound
from tracker.directory import filters
from tracker.directory.models import SavedView

MOST = 30
#: Who may offer a view to the whole office.
SHARERS = ("admin", "officer")


def offered(account: Account) -> list[SavedView]:
    """Return the account's own views, then the office's, by name."""
    mine = SavedView.account_id == account.id
    wanted = sa.or_(mine, SavedView.shared) if account.role in WHOLE else mine
    return list(
        db.session.scalars(
            sa.select(SavedView)
            .where(wanted)
            .order_by(mine.desc(), SavedView.name, SavedView.id)
            .limit(2 * MOST)
        )
    )


def save(account: Account, *, name: str, query: str, shared: bool, at: datetime) -> SavedView:
    """Keep the filter of `query` under a name; the same name again replaces it."""
    kept = filters.parse(query).query(named=False)
    if not kept:
        raise Invalid(name=_("There is nothing to keep yet: choose a filter or an order first."))
    name = name.strip()
    if not name or len(name) > 60:
        raise Invalid(name=_("Give a name of at most %(count)s characters.", count=60))
    view = db.session.scalar(sa.select(SavedView).filter_by(account_id=account.id, name=name))
    if view is None:
        _refuse_too_many(account)
        view = SavedView(account_id=account.id, name=name, created_at=at)
        db.session.add(view)
    view.query = kept
    view.shared = shared and account.role in SHARERS
    db.session.flush()
    return view


def delete(account: Account, view_id: int) -> None:
    """Delete a view of one's own; an administrator also one that is shared."""
    view = db.session.get(SavedView, view_id)
    if view is None or not may_delete(account, view):
        raise NotFound
    db.session.delete(view)
    db.session.flush()


def may_delete(account: Account, view: SavedView) -> bool:
    """Tell whether a view is this account's to delete."""
    return view.account_id == account.id or (account.role == "admin" and view.shared)


def _refuse_too_many(account: Account) -> None:
    count = db.session.scalar(
        sa.select(sa.func.count()).select_from(SavedView).filter_by(account_id=account.id)
    )
    if (count or 0) >= MOST:
        raise Conflict(name=_("You have %(count)s views. Delete one first.", count=MOST))
