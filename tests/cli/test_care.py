"""doctor, backup and restore, rules check, calendar add."""

from datetime import date

import sqlalchemy as sa

from tests.factories import make_person, make_residence_permit
from tracker import pipeline
from tracker.core import clock
from tracker.core.db import db
from tracker.facts.models import Person
from tracker.obligations.models import Obligation

CASES = "tests/regulations/cases/worked_examples.yaml"


def finding(report, name):
    return next(each for each in report["checks"] if each["name"] == name)


def test_doctor_names_what_is_wrong_and_how_to_mend_it(app, said):
    report = said("doctor")

    # The PostgreSQL of the tests runs without fsync, which doctor must not let pass.
    assert not report["ok"]
    assert finding(report, "database")["ok"] is (db.engine.dialect.name == "sqlite")
    assert finding(report, "migrations")["ok"]
    assert finding(report, "mail server")["ok"]
    assert "start tracker scheduler" in finding(report, "scheduler")["detail"]
    assert "tracker account add" in finding(report, "officers")["detail"]


def test_doctor_finds_a_dead_mail_server(tracker):
    result = tracker("doctor", TRACKER_MAIL_PORT="1")

    assert result.exit_code == 1
    assert "BAD  mail server" in result.stdout


def test_doctor_finds_a_database_without_tables(tracker, tmp_path):
    uri = f"sqlite:///{tmp_path / 'empty.db'}"

    result = tracker("doctor", TRACKER_SQLALCHEMY_DATABASE_URI=uri)

    assert result.exit_code == 1
    assert "run tracker db upgrade" in result.stdout


def test_backup_comes_back_whole_and_stays_silent(app, tracker, said, tmp_path, sink):
    if db.engine.dialect.name == "postgresql":
        return _backup_needs_no_client(tracker, tmp_path)
    person = make_person()
    make_residence_permit(person)
    pipeline.refresh([person.id], today=date(2026, 9, 10), now=clock.now())
    db.session.commit()
    file = tmp_path / "copy.tracker"
    assert tracker("backup", str(file)).exit_code == 0
    db.session.execute(sa.delete(Obligation))
    db.session.execute(sa.text("DELETE FROM fact"))
    db.session.execute(sa.delete(Person))
    db.session.commit()
    db.session.remove()
    db.engine.dispose()

    refused = tracker("restore", str(file))
    done = tracker("restore", str(file), "--replace")
    outcome = said("remind", "--today", "2026-09-10")

    assert (refused.exit_code, done.exit_code) == (1, 0)
    assert file.stat().st_mode & 0o077 == 0
    assert db.session.scalars(sa.select(Person.name_en)).all() == ["MARTIN Alice"]
    assert (outcome["accepted"], outcome["held"], sink.received) == (0, 1, [])
    return None


def _backup_needs_no_client(tracker, tmp_path):
    """Without the client programs the command says what to install; with them it works."""
    result = tracker("backup", str(tmp_path / "copy"), PATH=str(tmp_path))

    assert result.exit_code == 1
    assert "Install the PostgreSQL client programs" in result.stderr


def test_restoring_something_else_is_refused_and_changes_nothing(app, tracker, tmp_path):
    if db.engine.dialect.name == "postgresql":
        return
    make_person()
    db.session.commit()
    other = tmp_path / "holiday.jpg"
    other.write_bytes(b"no database at all")

    result = tracker("restore", str(other), "--replace")

    assert result.exit_code == 1
    assert "damaged or no backup of ours" in result.stderr
    assert db.session.scalar(sa.select(sa.func.count(Person.id))) == 1


def test_rules_check_counts_and_ends_with_zero(tracker):
    result = tracker("rules", "check", CASES)

    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1] == "12 passed, 0 failed"


def test_rules_check_prints_each_difference_and_ends_with_one(tracker, tmp_path):
    file = tmp_path / "cases.yaml"
    file.write_text(
        "- case: one day off\n"
        "  person: {nationality: FRA, category: B}\n"
        "  facts: [{kind: residence_permit, expires_on: 2026-10-31}]\n"
        "  expect: {RP-EXT: {statutory: 2026-10-02, safe: 2026-09-30}}\n"
    )

    result = tracker("rules", "check", str(file))

    assert result.exit_code == 1
    assert "2026-10-01" in result.stdout
    assert result.stdout.splitlines()[-1] == "0 passed, 1 failed"


def test_rules_check_of_no_cases_is_wrong_use(tracker, tmp_path):
    file = tmp_path / "cases.yaml"
    file.write_text("- case: nothing else\n  colour: red\n")

    result = tracker("rules", "check", str(file))

    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_added_calendar_moves_the_provisional_days(app, tracker, tmp_path):
    person = make_person()
    make_residence_permit(person, number="R9", expires_on=date(2027, 3, 7))
    pipeline.refresh([person.id], today=date(2026, 11, 23), now=clock.now())
    db.session.commit()
    days = sa.select(Obligation.safe_on, Obligation.provisional).filter_by(rule_id="RP-EXT")
    before = db.session.execute(days).one()
    db.session.rollback()
    notice = tmp_path / "2027.yaml"
    notice.write_text(
        "year: 2027\n"
        "source: {law: 国务院办公厅关于2027年部分节假日安排的通知, article: 发明的,"
        " issued_on: 2026-11-20, checked_on: 2026-11-23}\n"
        "off:\n"
        "  - {name: {zh: 元旦, en: New Year}, from: 2027-01-01, to: 2027-01-03}\n"
        "  - {name: {zh: 春节, en: Spring}, from: 2027-02-04, to: 2027-02-11}\n"
        "working: [2027-01-30]\n"
    )

    result = tracker("calendar", "add", str(notice))

    assert result.exit_code == 0, result.output
    assert tuple(before) == (date(2027, 2, 4), True)
    assert tuple(db.session.execute(days).one()) == (date(2027, 2, 3), False)
