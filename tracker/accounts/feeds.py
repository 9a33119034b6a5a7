"""Calendar addresses that need no sign-in: whose, of whom, and whether they still work.

The one writer of `calendar_feed`. Flushes only. Only a hash of the secret part of an address is
kept, so that nobody who reads the database can subscribe.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.accounts.models import Account
from tracker.accounts.scope import Scope, scope_of
from tracker.core.db import Model, UtcDateTime, db
from tracker.core.errors import Invalid, NotFound

#: mine: the account's own papers; unit: those of one unit; office: everybody's.
KINDS = ("mine", "unit", "office")
MOST = 20
#: A fetch is noted at most so often: clients ask every few minutes.
NOTE_EVERY = timedelta(minutes=5)


class CalendarFeed(Model):
    """One address somebody's calendar subscribes to."""

    __tablename__ = "calendar_feed"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(
        sa.ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(sa.String(10))
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"))
    #: What the owner calls it: "my phone".
    label: Mapped[str] = mapped_column(sa.String(80))
    language: Mapped[str] = mapped_column(sa.String(4))
    #: Days before a safe day on which the calendar rings; none: it does not.
    alarm_days: Mapped[int | None]
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    fetched_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    account: Mapped[Account] = relationship(lazy="joined")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a feed shall show, and how."""

    kind: str
    label: str
    language: str
    unit_id: int | None = None
    alarm_days: int | None = 7


def kinds_for(account: Account) -> list[str]:
    """Return the kinds of feed an account may have."""
    own = scope_of(account)
    has = {
        "mine": account.person_id is not None,
        "unit": own.everybody or own.unit_id is not None,
        "office": own.everybody,
    }
    return [kind for kind in KINDS if has[kind]]


def create(account: Account, wish: Wish, *, at: datetime) -> tuple[CalendarFeed, str]:
    """Make a feed; return it with the secret part of its address, which is kept nowhere."""
    if len(list_of(account)) >= MOST:
        raise Invalid(_("You have %(count)s addresses. Revoke one you do not use.", count=MOST))
    token = secrets.token_urlsafe(32)
    feed = CalendarFeed(
        account_id=account.id, kind=wish.kind, unit_id=_unit_of(account, wish),
        label=wish.label.strip(), language=wish.language, alarm_days=wish.alarm_days,
        token_hash=_hashed(token), created_at=at,
    )  # fmt: skip
    feed.account = account
    if scope(feed) is None:
        raise Invalid(shows=_("Choose one of those your role may see."))
    db.session.add(feed)
    db.session.flush()
    return feed, token


def list_of(account: Account) -> list[CalendarFeed]:
    """Return an account's feeds that still work, newest first."""
    wanted = sa.select(CalendarFeed).filter_by(account_id=account.id, revoked_at=None)
    return list(db.session.scalars(wanted.order_by(CalendarFeed.id.desc())))


def revoke(account: Account, feed_id: int, *, at: datetime) -> CalendarFeed:
    """Let an address of the account work no longer; NotFound for others'."""
    feed = next((feed for feed in list_of(account) if feed.id == feed_id), None)
    if feed is None:
        raise NotFound
    feed.revoked_at = at
    db.session.flush()
    return feed


def find(token: str) -> CalendarFeed | None:
    """Return the feed behind the secret part of an address, revoked or not; None for a guess."""
    return db.session.scalar(sa.select(CalendarFeed).filter_by(token_hash=_hashed(token)))


def scope(feed: CalendarFeed) -> Scope | None:
    """Return whom the feed may show today; None once its owner may not see that any more."""
    account = feed.account
    if feed.revoked_at is not None or not account.active:
        return None
    own = scope_of(account)
    if feed.kind == "mine" and account.person_id is not None:
        return Scope(person_id=account.person_id)
    if feed.kind == "unit" and feed.unit_id is not None:
        return Scope(unit_id=feed.unit_id) if own.everybody or own.unit_id == feed.unit_id else None
    return own if feed.kind == "office" and own.everybody else None


def note_fetch(feed: CalendarFeed, *, at: datetime) -> bool:
    """Remember that a calendar asked; tell whether that was worth writing down."""
    if feed.fetched_at is not None and at - feed.fetched_at < NOTE_EVERY:
        return False
    feed.fetched_at = at
    db.session.flush()
    return True


def _unit_of(account: Account, wish: Wish) -> int | None:
    if wish.kind != "unit":
        return None
    own = scope_of(account)
    return wish.unit_id if own.everybody else own.unit_id


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
