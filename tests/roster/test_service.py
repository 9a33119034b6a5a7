"""Import: the dry run tells what the import does; twice is once; undo takes back exactly it."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests.factories import AT, record
from tests.roster.recorded import everything, take_in
from tests.roster.sheets import ALICE, ANNA, HEADINGS, roster, write_xlsx
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid, NotFound
from tracker.facts import batches, queries
from tracker.facts import service as facts
from tracker.facts.models import Person
from tracker.obligations.models import Obligation
from tracker.outbox.models import Letter
from tracker.roster import service
from tracker.roster.undo import undo

TODAY = date(2026, 9, 10)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "roster.xlsx"


def the_person(**by):
    return db.session.scalars(sa.select(Person).filter_by(**by)).one()


def document(person, kind):
    (found,) = [v for v in queries.in_force(person.id) if v.kind == kind]
    return found


def test_import_records_people_documents_and_deadlines(app, file):
    report = take_in(roster(file, ALICE, ANNA))

    alice = the_person(name_en="MARTIN Alice")
    extension = db.session.scalars(
        sa.select(Obligation).filter_by(person_id=alice.id, rule_id="RP-EXT")
    ).one()
    assert report.counts() == {
        "rows": 2, "created": 2, "updated": 0, "unchanged": 0, "rejected": 0
    }  # fmt: skip
    assert (alice.nationality, alice.unit.name_zh, alice.status) == ("FRA", "物理学院", "active")
    assert document(alice, "contract").data == {"starts_on": "2025-09-01", "ends_on": "2027-08-31"}
    assert (extension.safe_on, extension.state) == (date(2026, 12, 1), "open")


def test_dry_run_writes_nothing_and_tells_what_the_import_then_does(app, file):
    take_in(roster(file, ALICE))
    before = everything()
    changed = ALICE | {"居留许可有效期至": date(2027, 12, 31), "聘用单位": "数学学院"}
    bad = ANNA | {"护照有效期": "03/04/2027"}
    roster(file, changed, bad, ANNA | {"护照号码": "P3", "姓名": "安"})
    foreseen, done = [], []

    dry = service.examine(file, today=TODAY, look=foreseen.append)
    untouched = everything()
    wet = take_in(file, look=done.append)

    assert untouched == before
    assert foreseen == done
    assert (dry.counts(), dry.rejected) == (wet.counts(), wet.rejected)
    assert dry.counts() == {"rows": 3, "created": 1, "updated": 1, "unchanged": 0, "rejected": 1}
    assert [(c.kind, list(c.cells())) for c in foreseen[0].changes] == [
        ("profile", [("unit", "物理学院", "数学学院")]),
        ("residence_permit", [("expires_on", date(2026, 12, 31), date(2027, 12, 31))]),
    ]


def test_second_import_changes_nothing(app, file):
    take_in(roster(file, ALICE, ANNA))
    before = everything()

    report = take_in(file)

    assert report.counts()["unchanged"] == 2
    assert report.batch_id is None
    assert everything() == before


def test_undo_of_a_first_import_leaves_nothing(app, file):
    before = everything()
    report = take_in(roster(file, ALICE, ANNA))

    done = undo(report.batch_id, today=TODAY, now=AT)

    after = everything()
    assert (done.removed, done.restored) == (2, 0)
    assert [batch.undone_at for batch in batches.every()] == [AT]
    assert [name for name in before if after[name] != before[name]] == ["import_batch", "unit"]


def test_undo_brings_back_what_was_renewed_corrected_and_ended(app, file):
    take_in(roster(file, ALICE))
    alice = the_person(name_en="MARTIN Alice")
    before = queries.in_force(alice.id)
    told = [(v.ref, v.version, v.number, v.data) for v in before]
    changed = ALICE | {
        "居留许可有效期至": date(2027, 12, 31), "工作许可证号": "W0009", "护照有效期": "2030-06-30",
        "状态": "离职",
    }  # fmt: skip
    report = take_in(roster(file, changed))
    between = [(v.ref, v.version) for v in queries.in_force(alice.id)]

    undo(report.batch_id, today=TODAY, now=AT)

    assert between != [each[:2] for each in told]
    assert [(v.ref, v.version, v.number, v.data) for v in queries.in_force(alice.id)] == told
    assert the_person(name_en="MARTIN Alice").status == "active"


def test_undone_import_can_be_imported_again(app, file):
    report = take_in(roster(file, ALICE))
    undo(report.batch_id, today=TODAY, now=AT)

    again = take_in(file)

    assert again.counts()["created"] == 1
    assert db.session.scalar(sa.select(sa.func.count(Person.id))) == 1


def test_undo_is_refused_when_a_later_entry_builds_on_it(app, file):
    report = take_in(roster(file, ALICE))
    alice = the_person(name_en="MARTIN Alice")
    record(alice, "health_certificate", issued_on=date(2026, 9, 1))
    db.session.commit()
    before = everything()

    with pytest.raises(Conflict, match="MARTIN Alice"):
        undo(report.batch_id, today=TODAY, now=AT)

    db.session.rollback()
    assert everything() == before


def test_undo_is_refused_when_a_renewal_follows_the_imported_one(app, file):
    take_in(roster(file, ALICE))
    renewed = ALICE | {"居留许可有效期至": date(2027, 12, 31)}
    report = take_in(roster(file, renewed))
    alice = the_person(name_en="MARTIN Alice")
    record(alice, "residence_permit", issued_on=date(2027, 12, 1), expires_on=date(2028, 12, 31))
    db.session.commit()

    with pytest.raises(Conflict, match="Later entries"):
        undo(report.batch_id, today=TODAY, now=AT)


def test_undo_allows_later_entries_that_do_not_build_on_it(app, file):
    take_in(roster(file, ALICE))
    alice = the_person(name_en="MARTIN Alice")
    report = take_in(roster(file, ALICE | {"居留许可有效期至": date(2027, 12, 31)}))
    record(alice, "health_certificate", issued_on=date(2026, 9, 1))
    db.session.commit()

    undo(report.batch_id, today=TODAY, now=AT)

    assert document(alice, "residence_permit").data == {"expires_on": "2026-12-31"}


def test_undo_keeps_who_was_written_to_as_departed(app, file):
    report = take_in(roster(file, ALICE, ANNA))
    alice = the_person(name_en="MARTIN Alice")
    db.session.add(Letter(
        key="k", message_id="<k@example.org>", recipient=f"person:{alice.id}", subject="-",
        address="alice@example.org", state="accepted", priority=1, queued_at=AT, send_after=AT,
        attempts=1, unknown_outcomes=0, finished_at=AT,
    ))  # fmt: skip
    db.session.commit()

    done = undo(report.batch_id, today=TODAY, now=AT)
    ended = the_person(id=alice.id).status
    take_in(file)

    assert (done.removed, done.ended, ended) == (1, 1, "departed")
    again = the_person(name_en="MARTIN Alice")
    assert (again.id, again.status) == (alice.id, "active")
    assert document(again, "passport").number == "P0001"


def test_undoing_twice_or_nothing_is_refused(app, file):
    report = take_in(roster(file, ALICE))
    undo(report.batch_id, today=TODAY, now=AT)

    with pytest.raises(Conflict, match="undone already"):
        undo(report.batch_id, today=TODAY, now=AT)
    with pytest.raises(NotFound, match="no import 99"):
        undo(99, today=TODAY, now=AT)


def test_departure_in_the_sheet_ends_the_contract_and_the_duties(app, file):
    take_in(roster(file, ALICE))

    take_in(roster(file, ALICE | {"状态": "离职"}))

    alice = the_person(name_en="MARTIN Alice")
    extension = db.session.scalars(sa.select(Obligation).filter_by(rule_id="RP-EXT")).one()
    assert document(alice, "profile").data["departed_on"] == "2026-09-10"
    assert document(alice, "contract").data["terminated_on"] == "2026-09-10"
    assert extension.state == "ended"


def test_returning_in_the_sheet_takes_the_departure_away(app, file):
    take_in(roster(file, ALICE | {"状态": "离职"}))

    take_in(roster(file, ALICE | {"状态": "在职", "合同起止": "2026.9-2028.8"}))

    alice = the_person(name_en="MARTIN Alice")
    assert alice.status == "active"
    assert "departed_on" not in document(alice, "profile").data
    assert document(alice, "contract").ref == "contract/2"


@pytest.mark.parametrize(
    ("changed", "column", "message"),
    [
        ({"国籍": None}, "C 国籍", "needs a nationality"),
        ({"姓名": None, "英文名": None}, "B 英文名", "Give the name too"),
        ({"护照有效期": "03/04/2027"}, "E 护照有效期", "2027-03-04 or 2027-04-03"),
        ({"护照号码": 1e23}, "D 护照号码", "lost digits"),
        ({"合同起止": "2027.8-2025.9"}, "J 合同起止", "ends before it begins"),
    ],
)
def test_wrong_row_is_left_out_with_column_and_remedy(app, file, changed, column, message):
    report = take_in(roster(file, ANNA, ALICE | changed))

    (rejected,) = report.rejected
    assert (rejected.row, rejected.column) == (3, column)
    assert message in rejected.message
    assert report.counts()["created"] == 1


def test_person_named_twice_is_taken_once(app, file):
    report = take_in(roster(file, ALICE, ANNA, ALICE))

    assert report.counts()["created"] == 2
    assert [(r.row, r.message) for r in report.rejected] == [
        (4, "Row 2 is about the same person. Keep one of the two.")
    ]


def test_new_passport_of_the_same_person_is_a_renewal(app, file):
    headings = [*HEADINGS, "出生日期"]
    born = ALICE | {"出生日期": date(1980, 2, 3)}
    take_in(roster(file, born, headings=headings))

    take_in(roster(file, born | {"护照号码": "P9"}, headings=headings))

    alice = the_person(name_en="MARTIN Alice")
    passport = document(alice, "passport")
    assert (passport.ref, passport.number) == ("passport/2", "P9")
    assert passport.data["replaces"] == "P0001"


def test_same_name_with_another_passport_is_not_guessed_at(app, file):
    take_in(roster(file, ALICE))

    report = take_in(roster(file, ALICE | {"护照号码": "P9"}))

    assert [(r.row, "renewed" in r.message) for r in report.rejected] == [(2, True)]


def test_same_name_born_on_another_day_is_somebody_else(app, file):
    headings = [*HEADINGS, "出生日期"]
    take_in(roster(file, ALICE | {"出生日期": date(1980, 2, 3)}, headings=headings))

    namesake = ALICE | {"护照号码": "P9", "工作许可证号": "W9", "出生日期": date(1991, 2, 3)}
    report = take_in(roster(file, namesake, headings=headings))

    assert report.counts()["created"] == 1


def test_file_without_headings_is_refused_before_anything_is_written(app, file):
    before = everything()

    with pytest.raises(Invalid, match="No row of headings"):
        take_in(write_xlsx(file, [["just", "some"], ["other", "table"]]))

    assert everything() == before


def test_record_of_a_person_made_by_hand_is_found_by_name(app, file):
    facts.create_person(
        {"name_en": "MARTIN Alice", "nationality": "FRA"}, by="test", at=AT
    )  # fmt: skip
    db.session.commit()

    report = take_in(roster(file, ALICE))

    assert report.counts()["updated"] == 1
    assert the_person(name_en="MARTIN Alice").name_zh == "马爱丽"
