"""Invented health checks: an annual schedule that runs, and a campaign that is over."""

import random
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa

from tracker.core.clock import CAMPUS
from tracker.core.db import db
from tracker.facts.models import Person
from tracker.health import consents, due, results, schedules
from tracker.health.models import HealthSchedule
from tracker.health.results import Booking
from tracker.health.schedules import Wish

PLACES = ("校医院二楼体检中心", "国际旅行卫生保健中心")


def make(*, by: str, today: date, now: datetime, seed: int = 7) -> None:
    """Make both for whoever is in service, with consents, bookings and results. Flushes only."""
    chance = random.Random(seed)  # noqa: S311 - invented data
    ids = db.session.scalars(
        sa.select(Person.id).where(Person.status == "active").order_by(Person.id)
    ).all()
    if not ids:
        return
    for person_id in ids[: max(1, len(ids) * 4 // 5)]:
        consents.give(
            person_id, version=consents.wordings()[0].version, language="zh", way="paper",
            on=today - timedelta(90), by=by, at=now,
        )  # fmt: skip
    annual = schedules.create(_annual(today), by=by, at=now)
    campaign = schedules.create(_campaign(today), by=by, at=now)
    _finish(campaign, ids, chance, by=by, at=now)
    _book(annual, ids, chance, today=today, by=by, at=now)


def concerned() -> list[int]:
    """Return everybody whom a schedule means."""
    found = [each for schedule in schedules.everything() for each in due.members(schedule)]
    return sorted(set(found))


def _annual(today: date) -> Wish:
    first = today + timedelta(45)
    return Wish(
        title_zh=f"{first.year}年度体检", title_en=f"Annual check {first.year}", kind="annual",
        starts_on=first, ends_on=first + timedelta(3 * 365), every=12, every_unit="month",
        basis="学校外籍教师健康管理办法：每年体检一次", citation="校国际〔2024〕8号 第三条",
        tell_units="names", meant={"identities": ["foreigner", "hmt"]},
    )  # fmt: skip


def _campaign(today: date) -> Wish:
    return Wish(
        title_zh="校外居住教师三日一检", title_en="Test every three days, off campus",
        kind="periodic", starts_on=today - timedelta(75), ends_on=today - timedelta(16),
        every=3, every_unit="day", basis="属地防控通告要求的定期检测",
        citation="市防指通告〔2026〕第12号", by_law=True, meant={"off_campus": True},
    )  # fmt: skip


def _finish(
    campaign: HealthSchedule, ids: Sequence[int], chance: random.Random, *, by: str, at: datetime
) -> None:
    """Record the last rounds as a clinic reports them."""
    for number in range(16, 20):
        done_on = campaign.starts_on + timedelta(3 * number)
        told = {
            each: (done_on, "fit" if chance.random() < 0.97 else "not_done")
            for each in ids
            if chance.random() < 0.6 or each == ids[0]
        }
        results.record_many(campaign, number, told, by=by, at=at)


def _book(
    annual: HealthSchedule, ids: Sequence[int], chance: random.Random, *, today: date, by: str,
    at: datetime,
) -> None:  # fmt: skip
    early = {each: (today - timedelta(2), "fit") for each in ids[1::6]}
    results.record_many(annual, 0, early, by=by, at=at)
    for each in (each for each in ids if each not in early and each % 2):
        day = annual.starts_on - timedelta(chance.randrange(3, 20))
        hour = time(8 + chance.randrange(3), chance.choice((0, 30)))
        booking = Booking(datetime.combine(day, hour, CAMPUS), chance.choice(PLACES), "请空腹")
        results.book(annual, 0, each, booking, by=by, at=at)
