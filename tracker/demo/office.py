"""The demonstration's accounts: invented colleagues, a password made for this run."""

import secrets
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from tracker.accounts import service
from tracker.core.db import db
from tracker.facts.models import Person, Unit


@dataclass(frozen=True, slots=True)
class SignIn:
    """What somebody types to get in, and what they may do."""

    email: str
    password: str
    who: str


def open_accounts(*, at: datetime) -> list[SignIn]:
    """Make an officer, a head, an admin and a secretary for each unit. Flushes only.

    Returns the ways in; of the secretaries only that of the largest unit gets one.
    """
    units = _units_largest_first()
    secretaries = [f"secretary{unit.id}@example.org" for unit in units]
    for unit, email in zip(units, secretaries, strict=True):
        service.create_account(
            email=email, name=f"{unit.name_zh}秘书", role="unit_secretary", unit_id=unit.id,
            language="zh", at=at,
        )  # fmt: skip
    for role, name in (("officer", "李经办"), ("head", "赵处长"), ("admin", "陈管理")):
        service.create_account(email=f"{role}@example.org", name=name, role=role, at=at,
                               health=role == "officer")  # fmt: skip
    ways_in = [
        _let_in("officer@example.org", "经办人 officer"),
        _let_in("head@example.org", "处长 head"),
        _let_in("admin@example.org", "管理员 admin"),
    ]
    if units:
        ways_in.append(_let_in(secretaries[0], f"{units[0].name_zh}秘书 unit secretary"))
    return ways_in


def _let_in(email: str, who: str) -> SignIn:
    password = secrets.token_urlsafe(12)
    service.set_password(service.get(email), password)
    return SignIn(email, password, who)


def _units_largest_first() -> list[Unit]:
    size = sa.select(Person.unit_id, sa.func.count().label("people")).group_by(Person.unit_id)
    sized = size.subquery()
    return list(
        db.session.scalars(
            sa.select(Unit)
            .join(sized, sized.c.unit_id == Unit.id)
            .order_by(sized.c.people.desc(), Unit.id)
        )
    )
