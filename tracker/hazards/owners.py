"""Who answers for a hazard: somebody always does, and it is said when it falls to another."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from tracker.accounts.models import Account
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid
from tracker.core.i18n import gettext as _
from tracker.hazards.models import Hazard
from tracker.hazards.record import Deed, note
from tracker.housing.models import Building

#: Who sees a hazard through when the building has no keeper, in this order.
_OFFICE = ("officer", "admin", "inspector", "head")
#: Whom a hazard may be given to.
OWNERS = ("admin", "officer", "head", "inspector", "unit_secretary")


def fallback(building: Building) -> int:
    """Return the account that answers for a building: its keeper, else the officers.

    Conflict if there is nobody at all, because a hazard without an owner is lost.
    """
    if building.keeper is not None and building.keeper.active:
        return building.keeper.id
    rank = sa.case({role: place for place, role in enumerate(_OFFICE)}, value=Account.role)
    found = db.session.scalar(
        sa.select(Account.id)
        .where(Account.active, Account.role.in_(_OFFICE))
        .order_by(rank, Account.id)
        .limit(1)
    )
    if found is None:
        raise Conflict(_("No account is active that could answer for it. Add an officer first."))
    return found


def checked(account_id: int) -> Account:
    """Return an account that may be given a hazard; Invalid if it may not."""
    account = db.session.get(Account, account_id)
    if account is None or not account.active or account.role not in OWNERS:
        raise Invalid(owner_id=_("Choose somebody of the list who has an account in use."))
    return account


def choices() -> list[Account]:
    """Return whom a hazard may be given to, by name."""
    return list(
        db.session.scalars(
            sa.select(Account)
            .where(Account.active, Account.role.in_(OWNERS))
            .order_by(Account.name, Account.id)
        )
    )


def hand_over(building_ids: Sequence[int], *, now: datetime) -> list[Hazard]:
    """Give the open hazards of people who left to whoever answers for the building now.

    Returns those that changed hands. Flushes.
    """
    orphaned = db.session.scalars(
        sa.select(Hazard)
        .join(Account, Account.id == Hazard.owner_id)
        .where(
            Hazard.building_id.in_(building_ids), Hazard.state != "closed",
            sa.or_(~Account.active, Account.role.not_in(OWNERS)),
        )
        .order_by(Hazard.id)
    ).all()  # fmt: skip
    for hazard in orphaned:
        before = hazard.owner
        hazard.handed_from = before.name if before else ""
        hazard.owner_id = fallback(hazard.building)
        db.session.flush()
        db.session.expire(hazard, ["owner"])
        told = {"from": hazard.handed_from, "to": hazard.owner.name if hazard.owner else ""}
        note(hazard, "fell", Deed(None, now, now), data=told)
    return list(orphaned)


def buildings_of(account_id: int) -> list[int]:
    """Return the buildings in which an account answers for something open."""
    return list(
        db.session.scalars(
            sa.select(Hazard.building_id)
            .where(Hazard.owner_id == account_id, Hazard.state != "closed")
            .distinct()
            .order_by(Hazard.building_id)
        )
    )
