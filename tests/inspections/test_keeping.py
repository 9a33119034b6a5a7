"""Records stay as long as their kind asks, major ones for good; a period goes into an archive."""

import json
import zipfile
from datetime import date, datetime, time, timedelta
from io import BytesIO

import openpyxl
import pytest
import sqlalchemy as sa

from tests.files.pictures import picture
from tests.inspections.phones import NOW, make_building, named, rooms_of, signature
from tracker.core.clock import CAMPUS
from tracker.core.db import db
from tracker.files import photos
from tracker.files.models import Photo
from tracker.inspections import archive, patrols, retention
from tracker.inspections.models import Inspection, InspectionOp

TODAY = date(2026, 11, 24)


def inspect(phone, building, key, kind, days_ago, *items):
    phone.clock = NOW - timedelta(days_ago)
    phone.send(
        phone.begin(building, key, kind=kind), *(phone.item(*item[:2], key, **item[2])
                                                 for item in items), phone.finish(key),
    )  # fmt: skip


def left():
    return set(db.session.scalars(sa.select(Inspection.id)))


def test_records_go_when_their_time_is_over_and_major_ones_stay(phone):
    building = make_building()
    inspect(phone, building, "old patrol", "daily", 600, ("F01", "pass", {}))
    inspect(phone, building, "new patrol", "daily", 300, ("F01", "pass", {}))
    inspect(phone, building, "old check", "monthly", 2300, ("F02", "fail", {}))
    inspect(phone, building, "check", "monthly", 600, ("F02", "fail", {}))
    inspect(phone, building, "major", "daily", 600, ("F01", "fail", {}))

    purged = retention.purge(today=TODAY)

    assert purged.kinds == {"daily": 1, "monthly": 1}
    assert left() == {named("new patrol"), named("check"), named("major")}
    told = set(db.session.scalars(sa.select(InspectionOp.inspection)))
    assert told == left()
    assert retention.purge(today=TODAY).kinds == {}


def test_photos_of_what_was_good_go_too(phone):
    building = make_building()
    for name in ("good", "bad"):
        photos.keep(named(name), picture(), taken_at=NOW, account_id=None, now=NOW)
    inspect(phone, building, "old", "daily", 600, ("F01", "pass", {"photos": [named("good")]}),
            ("F02", "fail", {"photos": [named("bad")]}))  # fmt: skip

    purged = retention.purge(today=TODAY)

    assert list(db.session.scalars(sa.select(Photo.id))) == [named("bad")]
    assert len(purged.files) == 1


def test_archive_holds_the_period_with_photos_and_signatures(phone):
    building = make_building()
    room = rooms_of(building)[0].id
    photos.keep(named("p"), picture(), taken_at=NOW, account_id=None, now=NOW)
    inspect(phone, building, "in", "joint", 3,
            ("E06", "fail", {"room": room, "note": "=1+1", "photos": [named("p"), named("q")]}),
            ("F01", "pass", {}))  # fmt: skip
    phone.send(phone.op("signature.add", inspection=named("in"), signature=named("s"),
                        side="inspector", name="李安", image=signature()))  # fmt: skip
    inspect(phone, building, "out", "joint", 90, ("F01", "pass", {}))

    pieces = list(archive.pieces(TODAY - timedelta(10), TODAY))

    with zipfile.ZipFile(BytesIO(b"".join(pieces))) as found:
        assert set(found.namelist()) == {
            f"inspections/{named('in')}.json", f"signatures/{named('s')}.png", "tests.json",
            "inspections.xlsx", f"photos/{named('p')}.jpg",
        }  # fmt: skip
        assert found.testzip() is None
        told = json.loads(found.read(f"inspections/{named('in')}.json"))
        rows = list(openpyxl.load_workbook(BytesIO(found.read("inspections.xlsx"))).active.values)
    assert [entry["item"] for entry in told["entries"]] == ["F01", "E06"]
    assert len(rows) == 3
    assert (rows[2][1], rows[2][9], rows[2][12], rows[2][14]) == (
        "东院外专楼", "E06", "fail", "=1+1"
    )  # fmt: skip


def test_archive_of_nothing_is_whole(app):
    with zipfile.ZipFile(BytesIO(b"".join(archive.pieces(TODAY, TODAY)))) as found:
        assert found.namelist() == ["tests.json", "inspections.xlsx"]


@pytest.mark.parametrize(("kind", "hour"), [("daily", 9), ("night", 1)])
def test_patrols_are_counted_by_month(phone, kind, hour):
    building = make_building()
    for day in (date(2026, 10, 30), date(2026, 10, 31), date(2026, 11, 2)):
        phone.clock = datetime.combine(day + timedelta(kind == "night"), time(hour), CAMPUS)
        key = f"{kind} {day}"
        phone.send(phone.begin(building, key, kind=kind), phone.finish(key))

    months = patrols.by_month([building.id], today=date(2026, 11, 4), kind=kind, months=3)

    assert [(each.first.month, each.done, each.asked) for each in months[building.id]] == [
        (9, 0, 0), (10, 2, 2), (11, 1, 3)
    ]  # fmt: skip
