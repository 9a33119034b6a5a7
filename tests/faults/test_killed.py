"""Killed, stopped and storms: none lost, at most one more copy a kill, and that the same bytes."""

import os
import random
import signal
import time

from tests.faults.station import PATIENCE, SHORT_LEASE, extra


def test_kill_between_the_servers_store_and_our_mark_costs_one_identical_copy(station):
    """The worst moment there is: nobody can know whether the letter left."""
    station.settings |= SHORT_LEASE
    station.people(12)
    process = station.start("remind", "--today", "2026-09-10")
    station.sink.on_store = lambda count: process.kill() if count == 5 else None
    process.wait(PATIENCE)
    stored = station.sink.stored

    station.sink.on_store = lambda count: None
    station.scheduler()
    station.until(lambda: station.letters() == {"accepted": 12})

    assert stored == 5
    assert len(station.copies()) == 12
    assert extra(station.copies()) == 1


def test_kills_at_any_moment_lose_nothing(station):
    station.settings |= SHORT_LEASE
    station.people(25)
    station.sink.slow = 0.004
    random.seed(7)
    kills = 0
    for _ in range(6):
        process = station.start("remind", "--today", "2026-09-10")
        sent = station.sink.stored
        station.until(lambda before=sent, it=process: station.sink.stored > before
                      or it.poll() is not None)  # fmt: skip
        time.sleep(random.random() / 20)
        kills += process.poll() is None
        process.kill()
        process.wait(PATIENCE)

    station.scheduler()
    station.until(lambda: station.letters()["accepted"] == 25)

    assert kills > 0
    assert len(station.copies()) == 25
    assert extra(station.copies()) <= kills


def test_kill_while_planning_and_writing_leaves_all_or_nothing(station):
    """The plan is one transaction, each chunk of letters another."""
    station.settings |= SHORT_LEASE
    station.people(25)
    for delay in (0.0, 0.03, 0.06, 0.1):
        process = station.start("remind", "--today", "2026-09-10")
        station.until(
            lambda it=process: (
                bool(station.ask("SELECT id FROM planning_run")) or it.poll() is not None
            )
        )
        time.sleep(delay)
        process.kill()
        process.wait(PATIENCE)

    station.scheduler()
    station.until(lambda: station.letters()["accepted"] == 25)

    assert len(station.copies()) == 25


def test_sender_stopped_beyond_its_lease_cannot_overwrite(station):
    """SIGSTOP after the dot, another sender meanwhile, SIGCONT: two copies at most, one truth."""
    station.settings |= SHORT_LEASE
    station.people(1)
    zombie = station.start("remind", "--today", "2026-09-10")
    station.sink.on_store = lambda count: os.kill(zombie.pid, signal.SIGSTOP)
    station.until(lambda: station.sink.stored == 1)

    station.sink.on_store = lambda count: None
    station.scheduler()
    station.until(lambda: station.letters()["accepted"] == 1)
    os.kill(zombie.pid, signal.SIGCONT)
    zombie.wait(PATIENCE)

    assert list(station.copies().values()) == [2]
    assert station.letters() == {"accepted": 1}
