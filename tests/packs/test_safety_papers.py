"""The papers of inspections and hazards hold what is on record, in both scripts."""

from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from tests.hazards.places import AT, deed, find, make_house, order
from tests.inspections.phones import Phone, make_building, make_inspector, named, signature
from tracker.core.db import db
from tracker.hazards import moving
from tracker.inspections.models import Inspection
from tracker.packs import hazard_notice, inspection_record


def words(pdf):
    return "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages)


@pytest.mark.paper
def test_notice_says_what_where_by_when_and_by_whom(app):
    house = make_house()
    hazard = find(house, "major", item="G01", text="燃气软管老化")
    moving.protect(hazard, deed("总阀已关"), how="gas_off")
    order(hazard, house, deadline=date(2026, 3, 6), funds="维修费 800 元")

    made = hazard_notice.make(hazard, now=AT)

    said = words(made)
    for each in (
        "火灾隐患整改通知书", "〔2026〕第0001号", "东院外专楼EastHouse·302", "G01燃气软管老化",
        "重大隐患major", "已断气gascutoff：总阀已关", "更换", "2026年3月6日（周五）",
        "后保处", "officer", "维修费800元", "签发人Issuedby",
    ):  # fmt: skip
        assert each in said, each
    assert len(PdfReader(BytesIO(made)).pages) == 1


@pytest.mark.paper
def test_record_names_what_failed_its_hazard_and_who_signed(app):
    building, inspector = make_building(gas=True), make_inspector()
    phone = Phone(inspector.id)
    phone.send(
        phone.begin(building), phone.item("F01", "fail", note="疏散门上锁"),
        phone.item("F04", "pass"),
        phone.op("signature.add", inspection=named("one"), signature=named("signature"),
                 side="inspected", name="王管家", department="logistics", image=signature()),
        phone.finish(note="整体良好", accompanied_by="王管家"),
    )  # fmt: skip
    inspection = db.session.query(Inspection).one()

    said = words(inspection_record.make(inspection))

    for each in (
        "安全检查记录", "疏散门上锁", "2026-0001", "合格pass", "不合格fail", "王管家", "整体良好",
        "李安",
    ):  # fmt: skip
        assert each in said, each
