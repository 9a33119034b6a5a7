"""A joint inspection of twenty rooms on a phone that loses its signal, its session and its life."""

import random
from urllib.parse import urlsplit

import pytest

from tests.browser import ledgers
from tests.browser.handset import Handset, Line
from tests.browser.rounds import Rounds
from tests.browser.served import served

pytestmark = pytest.mark.browser
ROOMS, PHOTOS = 20, 6


def test_everything_entered_arrives_once_in_order_with_its_times(
    phone_office, playwright, tmp_path
):
    with served(phone_office) as address:
        line = Line(urlsplit(address).port)
        handset = Handset(playwright, tmp_path / "phone", line.address)
        rounds = Rounds(handset, line, random.Random(20261124))
        try:
            rounds.inspect(
                photos=PHOTOS, kills=2, end_session=lambda: ledgers.end_sessions(phone_office)
            )
        finally:
            handset.close()
            line.close()

    assert ledgers.wrong_with(phone_office, rounds.promised) == []
    assert len(ledgers.photos(phone_office)) == PHOTOS
    assert len({each.room for each in rounds.promised if each.room}) == ROOMS
    assert handset.wrong == []
