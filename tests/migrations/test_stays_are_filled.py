"""Revision 0020 derives the stays of people on record as the service would."""

import flask_migrate
import sqlalchemy as sa

from tests.migrations.test_people_found_by_index import PERSON, add
from tracker.core.db import db
from tracker.housing import stays


def test_existing_lodgings_become_stays(empty_app):
    flask_migrate.upgrade(revision="0019")
    with db.engine.begin() as connection:
        add(connection, "person", id=1, **PERSON)
        add(connection, "person", id=2, **PERSON | {"status": "departed"})
        told = (
            (1, 1, '{"moved_in_at": "2026-01-01T20:00:00+08:00", "building": "东院",'
                   ' "registered_on": "2026-01-02"}', "2026-03-01"),
            (1, 2, '{"moved_in_at": "2026-03-01T20:00:00+08:00", "building": "西院"}', None),
            (2, 1, '{"moved_in_at": "2026-01-01T20:00:00+08:00"}', None),
        )  # fmt: skip
        for person_id, number, data, valid_to in told:
            add(connection, "fact", person_id=person_id, kind="accommodation", version=1,
                document_no=number, data=data, valid_from="2026-01-01", valid_to=valid_to,
                recorded_at="2026-01-02 00:00:00", recorded_by="test")  # fmt: skip

    flask_migrate.upgrade(revision="0020")

    filled = everything()
    flask_migrate.upgrade()
    stays.project([1, 2])
    db.session.commit()
    assert filled == everything()
    assert [row[-2:] for row in filled] == [(False, True), (True, False), (False, False)]


def everything():
    """Return the rows without where the places are: no building is on record yet."""
    with db.engine.connect() as connection:
        rows = connection.execute(sa.text(
            "SELECT person_id, document_no, place, door, moved_in_at, ended_on, registered_on,"
            " lives, registered FROM stay ORDER BY person_id, document_no"
        )).all()  # fmt: skip
    return [(*row[:4], str(row[4])[:19], str(row[5]), str(row[6]), bool(row[7]), bool(row[8]))
            for row in rows]  # fmt: skip
