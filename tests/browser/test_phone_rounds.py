"""A joint inspection of twenty rooms on a phone that loses its signal, its session and its life."""

import random
from urllib.parse import urlsplit

import pytest

from tests.browser import ledgers
from tests.browser.handset import Handset, Line
from tests.browser.rounds import Rounds, differences
from tests.browser.served import served

pytestmark = pytest.mark.browser
ROOMS, PHOTOS = 20, 6


def test_everything_entered_arrives_once_in_order_with_its_times(
    phone_office, playwright, tmp_path
):
    with served(phone_office) as address:
        line = Line(urlsplit(address).port)
        handset = Handset(playwright, tmp_path / "phone", line.address)
        rng = random.Random(20261124)
        rounds = Rounds(handset, line, rng)
        try:
            rounds.begin()
            rooms = [room for room in rounds.rooms if room != "0"]
            assert len(rooms) == ROOMS
            photographed = set(rng.sample(rooms, PHOTOS))
            for number, room in enumerate(rooms):
                rounds.trouble()
                rounds.enter(room, photo=room in photographed)
                if number in {5, 13}:
                    rounds.kill()
                if number == 9:
                    ledgers.end_sessions(phone_office)
            rounds.finish()
            rounds.arrive()
        finally:
            handset.close()
            line.close()

    kept = ledgers.entries(phone_office)
    photos = ledgers.photos(phone_office)
    assert differences(rounds.promised, kept) == []
    assert photos == ledgers.photos_named_by(kept)
    assert len(photos) == PHOTOS
    assert handset.wrong == []
