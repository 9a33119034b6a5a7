"""Hazards of the invented buildings, in every state of their life. Flushes only."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from uuid import NAMESPACE_URL, uuid5

import sqlalchemy as sa
from PIL import Image, ImageDraw

from tracker.core.clock import campus_day
from tracker.core.db import db
from tracker.files import photos
from tracker.hazards import moving, owners, service
from tracker.hazards.models import Hazard
from tracker.hazards.record import Deed
from tracker.housing.models import Building, Room


@dataclass(frozen=True, slots=True)
class Trouble:
    """What was found: at which door, which check item, how grave, how many hours ago."""

    door: str
    item: str
    grade: str
    text: str
    hours: int
    follow: Callable[[Hazard, "Story"], None] | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """Who tells it, and when now is."""

    by: int
    now: datetime

    def deed(self, hours: float, note: str = "", *shots: str) -> Deed:
        """Return something done so many hours ago."""
        at = self.now - timedelta(hours=hours)
        return Deed(self.by, at, at, note, shots)

    def order(self, hazard: Hazard, hours: float, measure: str, days: int) -> None:
        """Order a hazard to be put right by so many days from now."""
        deed = self.deed(hours, "按后保处排期")
        deadline = max(campus_day(self.now) + timedelta(days=days), campus_day(deed.at))
        moving.order(hazard, deed, measure=measure, deadline=deadline, department="后勤保障处",
                     owner_id=hazard.owner_id or self.by, funds="日常维修费")  # fmt: skip


def _gas(hazard: Hazard, story: Story) -> None:
    moving.protect(hazard, story.deed(5.5, "总阀已关闭并挂牌，厨房停用"), how="gas_off")
    moving.report(hazard, story.deed(5, "保卫处、消防安全责任人"))
    story.order(hazard, 4, "更换不锈钢波纹管并检漏，供气企业复验后恢复供气", 2)


def _late(hazard: Hazard, story: Story) -> None:
    story.order(hazard, 24 * 8, "拆除串接插排，加装墙插两处", -2)
    moving.progress(hazard, story.deed(24 * 4, "材料已到，等待住户约时间"))


def _done(hazard: Hazard, story: Story) -> None:
    story.order(hazard, 24 * 4, "更换过期灭火器两具", 3)
    moving.done(hazard, story.deed(20, "已更换并贴检验标签", shot("after", story, mended=True)))


def _again(hazard: Hazard, story: Story) -> None:
    story.order(hazard, 24 * 9, "修复闭门器", 2)
    moving.done(hazard, story.deed(24 * 3, "已调整"))
    moving.reinspect(hazard, story.deed(24 * 2, "闭门器仍不能自行关闭"), passed=False)


def _spot(hazard: Hazard, story: Story) -> None:
    moving.on_the_spot(hazard, story.deed(24 * 3 - 0.2, "当场搬离并教育住户"))


OPEN = (
    Trouble("1F 厨房 kitchen", "G02", "major", "燃气连接软管老化开裂，有轻微异味", 6, _gas),
    Trouble("302", "E06", "serious", "插排串接，外壳发黄", 24 * 9, _late),
    Trouble("3F 走廊 corridor", "F04", "serious", "两具灭火器过期", 24 * 5, _done),
    Trouble("5F 走廊 corridor", "F02", "serious", "常闭防火门敞开，闭门器失效", 24 * 10, _again),
    Trouble("405", "W03", "minor", "卫生间地漏返臭", 24 * 2),
    Trouble("2F 走廊 corridor", "F08", "minor", "走廊堆放纸箱", 24 * 3, _spot),
    Trouble("门厅 lobby", "F11", "major", "一层窗户外加装铁栏，影响逃生", 1),
)
#: What was closed in the past year: item, days ago, days it took.
PAST = (
    ("E06", 330, 9), ("F03", 318, 4), ("W01", 290, 2), ("E01", 283, 6), ("F04", 262, 3),
    ("R03", 255, 7), ("S07", 226, 5), ("F02", 221, 12), ("W02", 197, 2), ("E09", 190, 1),
    ("G03", 166, 3), ("F05", 160, 6), ("F15", 133, 4), ("E07", 128, 8), ("S04", 103, 3),
    ("W05", 97, 5), ("F03", 74, 2), ("E10", 70, 3), ("R06", 66, 10), ("G04", 41, 2),
    ("F16", 36, 4), ("E05", 33, 1), ("S06", 12, 3), ("W01", 9, 2),
)  # fmt: skip


def make(buildings: Sequence[Building], *, now: datetime) -> None:
    """Find hazards in the first of these buildings, and tell of the past of all of them."""
    first = buildings[0]
    story = Story(owners.fallback(first), now)
    for number, (item, ago, took) in enumerate(PAST):
        _past(buildings[number % len(buildings)], item, ago, took, story)
    rooms = dict(
        db.session.execute(
            sa.select(Room.number, Room.id).where(Room.building_id == first.id)
        ).all()
    )  # fmt: skip
    for trouble in OPEN:
        picture = shot(trouble.item, story)
        hazard = _found(first, rooms.get(trouble.door), trouble, story, [picture])
        if trouble.follow:
            trouble.follow(hazard, story)


def _found(
    building: Building, room_id: int | None, trouble: Trouble, story: Story, shots: Sequence[str]
) -> Hazard:
    at = story.now - timedelta(hours=trouble.hours)
    return service.found(
        key=str(uuid5(NAMESPACE_URL, f"{building.name_zh}/{trouble.item}/{trouble.hours}")),
        building_id=building.id, room_id=room_id, item=trouble.item, text=trouble.text,
        grade=trouble.grade, found_at=at, by=story.by, photos=shots, now=at,
    )  # fmt: skip


def _past(building: Building, item: str, ago: int, took: int, story: Story) -> None:
    found = Trouble("", item, "minor", f"{item} 检查不合格", 24 * (ago + took))
    hazard = _found(building, None, found, story, ())
    moving.on_the_spot(hazard, story.deed(24 * ago, "已整改"))


def shot(name: str, story: Story, *, mended: bool = False) -> str:
    """Keep a drawn picture, and return its id."""
    image = Image.new("RGB", (640, 480), "#cfd6d4" if mended else "#d8cdbd")
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 360, 640, 480), fill="#9a8f80")
    pen.rectangle((220, 120, 420, 330), fill="#f4f1ea", outline="#5c554b", width=6)
    for x in (270, 340):
        pen.ellipse((x, 190, x + 34, 224), fill="#3c3833")
    if not mended:
        pen.line((320, 330, 250, 420, 90, 452), fill="#2d2d2d", width=9)
        pen.polygon(((470, 90), (520, 180), (420, 180)), fill="#c0392b")
    data = BytesIO()
    image.save(data, "JPEG", quality=80)
    photo_id = str(uuid5(NAMESPACE_URL, f"photo/{name}/{story.by}"))
    photos.keep(photo_id, data.getvalue(), taken_at=story.now, account_id=story.by, now=story.now)
    return photo_id
