"""Revision 0008 fills its columns and tables with what the services would have written."""

import flask_migrate
import sqlalchemy as sa

from tracker.core.db import db
from tracker.facts import naming

PERSON = {"nationality": "FRA", "identity": "foreigner", "language": "zh", "status": "active",
          "revision": 1, "created_at": "2026-01-01 00:00:00"}  # fmt: skip
NAMES = {1: ("马爱丽", "MARTIN Alice"), 2: ("单乐", None), 3: (None, "O'BRIEN-MÜLLER José")}


def add(connection, table, **values):
    columns, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
    connection.execute(sa.text(f"INSERT INTO {table} ({columns}) VALUES ({marks})"), values)


def needed(tokens):
    """Leave out what only begins another token: searches are beginnings, it finds nobody else."""
    begun = {(token[:length], key) for token, key in tokens for length in range(1, len(token))}
    return {(token, key) for token, key in tokens} - begun


def test_existing_people_are_found_and_sorted_as_new_ones(empty_app):
    flask_migrate.upgrade(revision="0007")
    with db.engine.begin() as connection:
        for person_id, (name_zh, name_en) in NAMES.items():
            add(connection, "person", id=person_id, name_zh=name_zh, name_en=name_en, **PERSON)
        for kind, data in (
            ("visa", '{"expires_on": "2026-01-05"}'),
            ("residence_permit", '{"issued_on": "2026-01-02", "expires_on": "2099-08-31"}'),
            ("passport", '{"expires_on": "2099-09-30"}'),
            ("accommodation", '{"moved_in_at": "2026-01-01T20:00:00+08:00", "building": "东院"}'),
        ):
            add(connection, "fact", person_id=1, kind=kind, document_no=1, version=1, data=data,
                valid_from="2026-01-02", recorded_at="2026-01-02 00:00:00",
                recorded_by="test")  # fmt: skip
        for rule, day in (("RP-EXT", "2099-07-31"), ("PP-VALID", "2098-01-01")):
            add(connection, "obligation", person_id=1, rule_id=rule, fact_ref="passport/1",
                safe_on=day, statutory_on=day, provisional=False, state="open", reason="-",
                round=1, fresh=False, changed_at="2026-01-02 00:00:00")  # fmt: skip

    flask_migrate.upgrade(revision="0008")

    with db.engine.connect() as connection:
        filled = everything(connection)
    names = {key: naming.keys(*names) for key, names in NAMES.items()}
    assert {row[0]: row[1:3] for row in filled["person"]} == {
        key: (found.sort_zh, found.sort_en) for key, found in names.items()
    }
    assert needed(set(filled["person_name"])) == {
        (token, key) for key, found in names.items() for token in found.tokens
    }
    assert [row[3:] for row in filled["person"]] == [
        ("东院", "2099-08-31"), (None, "None"), (None, "None")
    ]  # fmt: skip
    assert filled["next_deadline"] == [(1, "2099-07-31")]


def everything(connection):
    """Return the filled rows, days as text whatever the database makes of them."""
    queries = {
        "person": "SELECT id, sort_zh, sort_en, building, expires_on FROM person ORDER BY id",
        "person_name": "SELECT token, person_id FROM person_name",
        "next_deadline": "SELECT person_id, safe_on FROM next_deadline",
    }
    rows = {name: connection.execute(sa.text(query)) for name, query in queries.items()}
    return {
        name: [(*row[:-1], str(row[-1]) if "safe_on" in row._fields or "expires_on" in row._fields
                else row[-1]) for row in found]
        for name, found in rows.items()
    }  # fmt: skip
