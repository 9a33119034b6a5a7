"""The mail server away, refusing, or repaired: letters wait and leave without a manual step."""

from tests import smtp_sink
from tests.smtp_sink import Sink


def test_server_that_comes_later_gets_all_letters(station, tmp_path):
    """The fixture's server stays; this one has a port on which nobody listens yet."""
    late = Sink(tmp_path / "late")
    with smtp_sink.running(late) as port:
        pass
    station.settings["MAIL_PORT"] = str(port)
    station.people(15)
    station.scheduler()
    station.until(lambda: station.letters()["deferred"] == 15)

    with smtp_sink.running(late, port):
        station.until(lambda: station.letters()["accepted"] == 15)

    assert sorted(late.addresses()) == sorted(f"p{n}@example.org" for n in range(15))


def test_server_lost_in_mid_batch_costs_no_letter_and_no_copy(station, tmp_path):
    station.sink.folder = tmp_path / "received"
    lost = Sink(tmp_path / "received")
    lost.slow = 0.01
    station.people(15)
    with smtp_sink.running(lost) as port:
        station.settings["MAIL_PORT"] = str(port)
        station.scheduler()
        station.until(lambda: lost.stored >= 5)
        lost.script["banner421"] = lost.script["mail452"] = -1
        station.until(lambda: station.letters()["deferred"] > 0)
        lost.script.clear()
        station.until(lambda: station.letters()["accepted"] == 15)

    assert list(station.copies().values()) == [1] * 15


def test_refused_login_holds_all_and_goes_on_after_the_repair(station):
    station.settings |= {"MAIL_USERNAME": "office", "MAIL_PASSWORD": "old"}
    station.sink.script["auth535"] = -1
    station.people(8)
    scheduler = station.scheduler()
    station.until(lambda: station.sink.verbs["AUTH"] > 0)
    station.until(lambda: station.hold() == ("server", "535 wrong password"))
    refused = station.letters()["refused"]

    station.sink.script.clear()
    station.until(lambda: station.letters()["accepted"] == 8)

    assert refused == 0
    assert station.hold() is None
    assert scheduler.poll() is None
    assert list(station.copies().values()) == [1] * 8


def test_wrong_sender_setting_says_so_and_loses_nothing(station):
    station.people(3)
    station.settings["MAIL_DEFAULT_SENDER"] = "国际处"
    outcome = station.remind()
    hold = station.hold()

    station.settings["MAIL_DEFAULT_SENDER"] = "office@example.org"
    station.until(lambda: station.remind()["accepted"] == 3)

    assert (outcome["planned"], outcome["accepted"], outcome["refused"]) == (3, 0, 0)
    assert hold is not None
    assert hold[1].startswith("sender of all letters: address: This is not one plain mail address")


def test_refusals_are_final_and_visible_and_waits_are_retried(station):
    station.sink.refuse = {"p1@example.org", "p4@example.org"}
    station.sink.script["rcpt451"] = 2
    station.people(6)
    station.scheduler()

    station.until(lambda: station.letters() == {"accepted": 4, "refused": 2})

    replies = station.ask("SELECT reply FROM letter WHERE state = 'refused'")
    assert replies == ["550 5.1.1 no such user"] * 2
    assert list(station.copies().values()) == [1] * 4


def test_outcomes_nobody_knows_stop_at_three_copies(station):
    station.sink.script["reset_stored"] = -1
    station.people(2)
    station.scheduler()
    station.until(lambda: station.ask("SELECT unknown_outcomes FROM letter") == [3, 3])

    assert list(station.copies().values()) == [3, 3]
    assert station.letters() == {"unknown": 2}
