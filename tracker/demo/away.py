"""Invented trips, and documents in custody."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from tracker.core.db import db
from tracker.custody import cabinets, queries, reported, service, stock
from tracker.custody.models import CustodyItem
from tracker.custody.reported import Reported
from tracker.custody.service import Handing
from tracker.facts import queries as facts
from tracker.facts.models import Person
from tracker.whereabouts import service as trips
from tracker.whereabouts.clashes import Clash
from tracker.whereabouts.declaring import Declared

#: (what from, days until leaving, days until the return, where, country, purpose)
JOURNEYS = (
    ("country", -6, 8, "柏林", "DEU", "conference"), ("city", -2, 3, "成都", "CHN", "research"),
    ("country", -20, -4, "Kyoto", "JPN", "holiday"), ("campus", 0, 0, "东湖", "CHN", "other"),
    ("country", 9, 23, "Lyon", "FRA", "family"), ("country", -1, 12, "Osaka", "JPN", "teaching"),
    ("country", -40, -20, "Nairobi", "KEN", "family"),
)  # fmt: skip


def make(*, by: str, today: date, now: datetime) -> list[int]:
    """Let some people travel, and some documents be kept; return whose. Flushes only."""
    ids = db.session.scalars(
        sa.select(Person.id).where(Person.status.in_(("active", "on_leave"))).order_by(Person.id)
    ).all()
    _travel(ids[: len(JOURNEYS)], by=by, today=today, at=now)
    _keep(ids[:26], by=by, today=today, at=now)
    return list(ids[:26])


def _travel(ids: Sequence[int], *, by: str, today: date, at: datetime) -> None:
    """Declare a journey of each of these persons; the last of them is back."""
    for number, (person_id, (scope, first, last, place, country, purpose)) in enumerate(
        zip(ids, JOURNEYS, strict=False)
    ):
        leaves, returns = today + timedelta(first), today + timedelta(last)
        told = Declared(scope, leaves, returns, place, country, "+49 30 0000 1187", purpose)
        warned = [Clash("ends", "residence_permit", last=returns - timedelta(3)),
                  Clash("in_custody", "passport")] if number == 4 else []  # fmt: skip
        made = min(max(today + timedelta(first - 5), today - timedelta(45)), today)
        trip = trips.declare(person_id, told, warned, form_id=f"{number:032}", by=by,
                             at=at - (today - made))  # fmt: skip
        if number == len(JOURNEYS) - 1:
            trips.confirm(trip, returns, by=by, at=at - timedelta(19))


def _keep(ids: Sequence[int], *, by: str, today: date, at: datetime) -> None:
    """Lodge the passports of some persons, hand some out, let a cabinet report, and count."""
    lodged: list[CustodyItem] = []
    for person_id in ids:
        refs = [v.ref for v in facts.in_force(person_id) if v.kind == "passport"][:1]
        if refs:
            service.lodge(person_id, refs, cabinet_id=None, by=by, at=at - timedelta(60),
                          form_id="seed")  # fmt: skip
            lodged += queries.of_person(person_id)
    _hand_out(lodged, by=by, today=today, at=at)
    cabinet, _key, _secret = cabinets.make("外专楼一层大厅", by=by, at=at - timedelta(90))
    told = [Reported("seed-1", 1, at - timedelta(hours=9), "in", "G00000000"),
            Reported("seed-2", 2, at - timedelta(hours=8), "out", "G00000000")]  # fmt: skip
    reported.take_down(cabinet.id, told, sent_at=at - timedelta(minutes=7), now=at, days=7)
    if lodged[6:]:
        take = stock.begin(cabinet_id=None, by=by, at=at - timedelta(days=1))
        here = [item.id for item in lodged[6:]]
        stock.tick(take, here[1:], here, {here[0]: "本人当面领走，漏登记"})
        stock.finish(take, by=by, at=at - timedelta(hours=20))
        stock.begin(cabinet_id=None, by=by, at=at)


def _hand_out(items: Sequence[CustodyItem], *, by: str, today: date, at: datetime) -> None:
    """Let some be out and due soon, some late, one given back for good."""
    away = (
        (items[:3], Handing("person", "", "学术会议", today + timedelta(4)), 3),
        (items[3:5], Handing("office", "王干事", "办理签证", today - timedelta(6)), 12),
        (items[5:6], Handing("person", "", "离校"), 2),
    )
    for some, handing, days in away:
        if some:
            service.hand_out(some, handing, by=by, at=at - timedelta(days), form_id=handing.reason)
