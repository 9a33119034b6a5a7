"""What a schema refuses is said in whole sentences."""

import pytest

from tests.factories import AT, make_person
from tracker.core.errors import Invalid
from tracker.facts import service


@pytest.mark.parametrize(
    ("kind", "fields", "said"),
    [
        ("entry", {}, {"on": ["This is needed."]}),
        ("entry", {"on": "1.9.2026"}, {"on": ["Write the day like 2026-11-30."]}),
        ("entry", {"on": "2026-09-01", "stay_days": "many"},
         {"stay_days": ["Write a whole number, such as 30."]}),
        ("entry", {"on": "2026-09-01", "stay_days": 9999},
         {"stay_days": ["Write a number from 1 to 3650."]}),
        ("accommodation", {"moved_in_at": "noon"},
         {"moved_in_at": ["Write day and hour like 2026-11-30 14:30."]}),
        ("passport", {"number": "1" * 41}, {"number": ["At most 40 characters fit."]}),
        ("passport", {"number": "1", "issued_on": "2026-09-02", "expires_on": "2026-09-01"},
         {"expires_on": ["This is before 2026-09-02, the day it begins."]}),
        ("application", {"procedure": "parking", "accepted_on": "2026-09-01"},
         {"procedure": ["Choose one of the list."]}),
        ("profile", {"name_en": "A", "nationality": "Atlantis"},
         {"nationality": [
             "At most 3 characters fit.",
             "Give a country, by name from the list or by its three letters, such as FRA."]}),
        ("profile", {"name_en": "A", "nationality": "FRA", "email": "alice"},
         {"email": ["Write one address, such as alice@example.org."]}),
    ],
)  # fmt: skip
def test_mistake_is_told_in_words(app, kind, fields, said):
    person = make_person()

    with pytest.raises(Invalid) as refused:
        service.record(person, kind, fields, by="test", at=AT)

    assert refused.value.messages == said
