"""An invented building and phones that inspect it."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import count
from typing import Any
from uuid import UUID, uuid5

import sqlalchemy as sa
from PIL import Image

from tracker.accounts import service as accounts
from tracker.accounts.models import Account
from tracker.core.db import db
from tracker.housing.models import Building, Campus, Floor, Room
from tracker.inspections import service
from tracker.inspections.models import InspectionOp
from tracker.inspections.template import shipped

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
_NAMES = UUID("00000000-0000-4000-8000-000000000000")


def named(text: str) -> str:
    """Return a UUID that is always the same for a text."""
    return str(uuid5(_NAMES, text))


def make_building(*, rooms: int = 2, name: str = "东院外专楼", **features: Any) -> Building:
    """Record a building with rooms 101, 102, … on its ground floor."""
    campus = db.session.query(Campus).first() or Campus(name_zh="主校区")
    building = Building(campus=campus, name_zh=name, **features)
    floor = Floor(building=building, level=1)
    db.session.add_all([campus, building, floor])
    for number in range(101, 101 + rooms):
        db.session.add(Room(building=building, floor=floor, number=str(number), use="dwelling"))
    db.session.flush()
    return building


def rooms_of(building: Building) -> list[Room]:
    """Return its rooms by number."""
    found = db.session.query(Room).filter_by(building_id=building.id).order_by(Room.number)
    return list(found)


def make_inspector(email: str = "inspector@example.org") -> Account:
    """Record somebody who inspects, and an officer who answers for buildings without a keeper."""
    if accounts.find("keeper@example.org") is None:
        accounts.create_account(email="keeper@example.org", name="科员", role="officer", at=NOW)
    return accounts.create_account(email=email, name="巡查员", role="inspector", at=NOW)


class Phone:
    """Makes operations as the page for phones does; `send` hands them to the service."""

    def __init__(self, account_id: int, name: str = "phone", clock: datetime = NOW) -> None:
        self.account_id, self.device, self.clock = account_id, named(name), clock
        self._seq = count(1)

    def op(self, type: str, *, after: int = 0, **data: Any) -> dict[str, Any]:
        """Return an operation, entered `after` seconds by this phone's clock."""
        seq = next(self._seq)
        at = self.clock + timedelta(seconds=after)
        return {
            "id": named(f"{self.device} {seq}"), "device": self.device, "seq": seq,
            "at": at.isoformat(), "by": self.account_id, "type": type, "data": data,
        }  # fmt: skip

    def begin(self, building: Building, key: str = "one", **data: Any) -> dict[str, Any]:
        """Begin an inspection of a building."""
        given = {"room": None, "kind": "joint", "template": shipped().id, "planned": None,
                 "inspectors": [{"name": "李安", "department": "security"}]}  # fmt: skip
        return self.op(
            "inspection.begin", inspection=named(key), building=building.id, **(given | data)
        )

    def item(self, code: str, result: str, key: str = "one", **data: Any) -> dict[str, Any]:
        """Say what was found of an item."""
        given = {"room": None, "note": "", "photos": [], "severity": None}
        return self.op(
            "item.set", inspection=named(key), item=code, result=result, **(given | data)
        )

    def finish(self, key: str = "one", **data: Any) -> dict[str, Any]:
        """End an inspection."""
        return self.op("inspection.finish", inspection=named(key), **data)

    def send(self, *ops: dict[str, Any], now: datetime = NOW, skew: int | None = 0) -> list[str]:
        """Hand operations to the service; return what became of each."""
        taken = service.take(ops, account_id=self.account_id, skew=skew, now=now)
        return [result.state for result in taken.results]


def signature() -> str:
    """Return a small picture as a page for phones draws it."""
    target = BytesIO()
    Image.new("RGBA", (60, 30), (0, 0, 0, 0)).save(target, "PNG")
    return "data:image/png;base64," + b64encode(target.getvalue()).decode()


def faults() -> list[tuple[str, str | None]]:
    """Return the type of each operation and why it could not be applied."""
    rows = db.session.scalars(sa.select(InspectionOp).order_by(InspectionOp.seq))
    db.session.expire_all()
    return [(row.type, row.fault) for row in rows]
