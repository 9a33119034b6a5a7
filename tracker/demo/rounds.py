"""Invented inspections of the demo's buildings: patrols with a gap, a joint one, a lift's label."""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from io import BytesIO
from itertools import count
from typing import Any
from uuid import UUID, uuid5

import sqlalchemy as sa
from PIL import Image, ImageDraw

from tracker.accounts import service as accounts
from tracker.core.clock import CAMPUS
from tracker.core.db import db
from tracker.files import photos
from tracker.housing.models import Building, Room
from tracker.inspections import service, tests
from tracker.inspections.models import InspectedBuilding
from tracker.inspections.template import shipped

_NAMES = UUID("00000000-0000-4000-8000-00000000d0d0")
#: Days of patrols before today, and how long before today nobody went.
DAYS, GAP = 75, (9, 10, 31)


def make(buildings: Sequence[Building], *, inspector: str, today: date, now: datetime) -> None:
    """Tell of two and a half months of inspections, as a phone would. Flushes only."""
    account_id = accounts.get(inspector).id
    phone = _Phone(account_id)
    since = today - timedelta(DAYS)
    for building in buildings:
        db.session.merge(InspectedBuilding(building_id=building.id, since=since))
    db.session.flush()
    sent: list[dict[str, Any]] = []
    for building in buildings:
        sent += phone.patrols(building, today)
    sent += phone.joint(buildings[0], today - timedelta(3))
    sent.append(phone.op(_at(today - timedelta(1), 16), "item.set", inspection=named("lost"),
                         item="F01", result="fail", note="楼梯口有纸箱", room=None,
                         photos=[]))  # fmt: skip
    for start in range(0, len(sent), 100):
        service.take(sent[start : start + 100], account_id=account_id, skew=0, now=now)
    photos.keep(named("sockets"), _photo(), taken_at=now, account_id=account_id, now=now)
    tests.record(
        buildings[0].id, "INS-LIFT", done_on=today - timedelta(300), done_by="市特种设备检验院",
        number="TD-0417", note="", paper=_photo(), today=today, by="demo", at=now,
    )  # fmt: skip


def named(text: str) -> str:
    """Return a UUID that is always the same for a text."""
    return str(uuid5(_NAMES, text))


class _Phone:
    def __init__(self, account_id: int) -> None:
        self.account_id, self._seq = account_id, count(1)

    def op(self, at: datetime, type: str, **data: Any) -> dict[str, Any]:
        seq = next(self._seq)
        return {"id": named(f"op {seq}"), "device": named("phone"), "seq": seq,
                "at": at.isoformat(), "by": self.account_id, "type": type,
                "data": data}  # fmt: skip

    def _begun(self, key: str, building: Building, kind: str, at: datetime) -> dict[str, Any]:
        people = [{"name": "李巡", "department": "security"}]
        if kind == "joint":
            people += [{"name": "周宁", "department": "international"},
                       {"name": "何修", "department": "logistics"}]  # fmt: skip
        return self.op(at, "inspection.begin", inspection=named(key), building=building.id,
                       room=None, kind=kind, template=shipped().id, planned=None,
                       inspectors=people)  # fmt: skip

    def patrols(self, building: Building, today: date) -> Iterator[dict[str, Any]]:
        """Yield a daily patrol for each day but those of the gap."""
        for back in range(DAYS, 0, -1):
            if back in GAP:
                continue
            key, at = f"daily {building.id} {back}", _at(today - timedelta(back), 8)
            yield self._begun(key, building, "daily", at)
            yield self.op(at, "item.set", inspection=named(key), room=None, item="F01",
                          result="pass", note="", photos=[])  # fmt: skip
            yield self.op(at + timedelta(minutes=12), "inspection.finish", inspection=named(key),
                          note="", accompanied_by="")  # fmt: skip

    def joint(self, building: Building, day: date) -> Iterator[dict[str, Any]]:
        """Yield a joint inspection of some rooms with two things wrong, signed by both sides."""
        at, key = _at(day, 14), "joint"
        yield self._begun(key, building, "joint", at)
        found = {0: ("E06", "插座面板松动，串接插排"), 2: ("F04", "灭火器压力不足")}
        rooms = db.session.scalars(
            sa.select(Room).filter_by(building_id=building.id, use="dwelling").limit(3)
        )
        for number, room in enumerate(rooms):
            for code in ("E02", "E05", "E06", "F04", "F06", "F15"):
                failed = found.get(number, ("", ""))[0] == code
                yield self.op(
                    at + timedelta(minutes=6 * number), "item.set", inspection=named(key),
                    room=room.id, item=code, result="fail" if failed else "pass",
                    note=found[number][1] if failed else "",
                    photos=[named("sockets" if number == 0 else "gauge")] if failed else [],
                )  # fmt: skip
        for side, name in (("inspector", "李巡"), ("inspected", "王楼长")):
            yield self.op(at + timedelta(minutes=40), "signature.add", inspection=named(key),
                          signature=named(name), side=side, name=name, department="security",
                          image=_signature(len(name)))  # fmt: skip
        yield self.op(at + timedelta(minutes=41), "inspection.finish", inspection=named(key),
                      note="整体良好，两处当场告知住户。", accompanied_by="王楼长")  # fmt: skip


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), CAMPUS)


def _photo() -> bytes:
    """Draw a wall with a socket that hangs out of it."""
    image = Image.new("RGB", (800, 600), "#d8d3c6")
    pen = ImageDraw.Draw(image)
    pen.rectangle((300, 220, 500, 400), fill="#f4f4f0", outline="#8a8678", width=4)
    for x in (350, 430):
        pen.rectangle((x, 280, x + 14, 330), fill="#3a3a3a")
    pen.line((400, 400, 440, 600), fill="#2b2b2b", width=12)
    target = BytesIO()
    image.save(target, "JPEG", quality=80)
    return target.getvalue()


def _signature(length: int) -> str:
    image = Image.new("RGBA", (480, 240), (0, 0, 0, 0))
    points = [(60 + 40 * n, 120 + (60 if n % 2 else -50) // (1 + n % 3)) for n in range(5 + length)]
    ImageDraw.Draw(image).line(points, fill="#10243a", width=7, joint="curve")
    target = BytesIO()
    image.save(target, "PNG")
    return "data:image/png;base64," + b64encode(target.getvalue()).decode()
