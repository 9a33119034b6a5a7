"""The invented staff come by the spreadsheet, as an office's own would; nothing of them is lost."""

from collections import Counter
from datetime import UTC, date, datetime

import sqlalchemy as sa

from tracker.core.db import db
from tracker.demo import people, roster
from tracker.facts.models import FactVersion, ImportBatch, Person

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def test_invented_people_come_by_a_roster_and_nothing_is_lost(app, tmp_path):
    invented = people.make_people(40, seed=7, today=TODAY)

    roster.take_in(invented, tmp_path, today=TODAY, now=NOW)

    told = Counter(kind for each in invented for kind, _fields in each.facts)
    kinds = db.session.execute(sa.select(FactVersion.kind, sa.func.count()).group_by("kind"))
    (batch,) = db.session.scalars(sa.select(ImportBatch))
    assert {row[0]: row[1] for row in kinds} == {**told, "profile": 40}
    assert (batch.counts["created"], batch.counts["rejected"]) == (40, 0)
    assert db.session.scalar(sa.select(sa.func.count(Person.expires_on))) == 40
