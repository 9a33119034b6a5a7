"""The order to put a hazard right, on paper, in both languages."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tracker.core.i18n import day_text, instant_text
from tracker.files import photos, store
from tracker.files.models import Photo
from tracker.hazards import queries
from tracker.hazards.models import Hazard
from tracker.packs.facts import BLANK
from tracker.packs.office import office
from tracker.typeset import pdf, pictures

GRADES = {
    "minor": ("一般隐患", "minor"), "serious": ("较大隐患", "serious"),
    "major": ("重大隐患", "major"),
}  # fmt: skip
#: Of these kinds it is the order that the fire regulations name.
_FIRE = frozenset("EGF")
PROTECTIONS = {
    "stop_use": ("已停用", "out of use"), "gas_off": ("已断气", "gas cut off"),
    "power_off": ("已断电", "power cut off"), "interim": ("已采取防护", "people kept safe"),
}  # fmt: skip
#: Pictures on one sheet.
MOST = 3


def name_of(hazard: Hazard) -> str:
    """Return what the file is called."""
    return f"整改通知书-{hazard.number}.pdf"


def title_of(hazard: Hazard) -> tuple[str, str]:
    """Return the paper's title in both languages."""
    if hazard.kind in _FIRE:
        return "火灾隐患整改通知书", "Order to Put a Fire Hazard Right"
    return "安全隐患整改通知书", "Order to Put a Hazard Right"


def make(hazard: Hazard, *, now: datetime) -> bytes:
    """Return the notice as a PDF; Conflict if the server has no Chinese font."""
    zh, en = title_of(hazard)
    department = hazard.department or BLANK
    return pdf.typeset("hazard_notice", {
        "title": zh, "subtitle": en, "office": _office(),
        "number": f"〔{hazard.year}〕第{hazard.serial:04}号",
        "to": {"zh": department, "en": department},
        "opening": [(
            "经检查，下列部位存在安全隐患，请按本通知整改，并登记进展和完成情况。",
            "An inspection found the hazard below. Put it right as ordered here, and record "
            "progress and completion.",
        )],
        "rows": _rows(hazard), "pictures": shots(_photos(hazard)),
        "closing": [(
            "逾期未消除火灾隐患的，依照《消防法》第六十条，可处五千元以上五万元以下罚款。"
            if hazard.kind in _FIRE else "逾期不整改的，按学校安全管理规定处理。",
            "A fire hazard that is not removed by then may cost CNY 5,000 to 50,000 (Fire "
            "Protection Law art. 60)." if hazard.kind in _FIRE else
            "What is not put right by then is dealt with under the school's safety rules.",
        )],
        "outcome": _outcome(hazard, now),
    })  # fmt: skip


def _office() -> str:
    return f"{office().university['zh']} {office().name['zh']}"


def _rows(hazard: Hazard) -> list[tuple[str, str, str]]:
    grade = " ".join(GRADES[hazard.grade])
    rows = [
        ("部位", "Place", place(hazard)),
        ("隐患", "Hazard", f"{hazard.item or ''} {hazard.text}".strip()),
        ("等级", "Grade", grade + ("（重复 repeat）" if hazard.repeat_of else "")),
        ("发现时间", "Found", instant_text(hazard.found_at, "zh")),
    ]
    if hazard.protection:
        kept = " ".join(PROTECTIONS[hazard.protection])
        rows.append(("防护措施", "Kept safe by", f"{kept}：{hazard.protection_text}"))
    return [
        *rows,
        ("整改措施", "Measure", hazard.measure or BLANK),
        ("整改期限", "Deadline", day_text(hazard.deadline, "zh") if hazard.deadline else BLANK),
        ("责任部门", "Department", hazard.department or BLANK),
        ("责任人", "Responsible", hazard.owner.name if hazard.owner else BLANK),
        ("经费", "Funds", hazard.funds or BLANK),
    ]


def place(hazard: Hazard) -> str:
    """Return building and room, in both languages where there are."""
    named = hazard.building
    house = f"{named.name_zh} {named.name_en or ''}".strip()
    return f"{house} · {hazard.room.number}" if hazard.room else house


def _outcome(hazard: Hazard, now: datetime) -> str:
    if hazard.closed_at is not None:
        return f"{instant_text(hazard.closed_at, 'zh')} 复查合格 passed"
    if hazard.done_at is not None:
        return f"{instant_text(hazard.done_at, 'zh')} 报告完成 said to be done"
    return f"制表 made {instant_text(now, 'zh')}"


def _photos(hazard: Hazard) -> list[Photo]:
    wanted = queries.photos_of([hazard.id]).get(hazard.id, [])
    found = photos.arrived(wanted)
    return [found[each] for each in wanted if each in found]


def shots(rows: Sequence[Photo], most: int = MOST) -> list[Any]:
    """Return small pictures as a template takes them; one whose file is gone is left out."""
    paths = [store.preview_of(row.stored_as, under=store.PHOTOS) for row in rows[:most]]
    return [pictures.embedded(path.read_bytes()) for path in paths if path.exists()]
