"""A building's page over real HTTP: many rooms, residents in most of them, years of findings.

Beside it the same server's page of a building with one room: what size alone costs.
"""

import argparse
import statistics
import time
from datetime import timedelta
from itertools import islice

import sqlalchemy as sa

from scripts.benchmarks.ground import fresh_app
from scripts.benchmarks.pages import PASSWORD, Asker, recorded, served
from tracker.accounts import service as accounts
from tracker.accounts.models import Account
from tracker.core import clock
from tracker.core.db import db
from tracker.core.inserting import insert_rows
from tracker.housing import service
from tracker.housing.models import Building, Room

FLOORS, OPEN = 20, 300
ROUNDS = 15
GRADES = ("minor", "serious", "major")


def main() -> None:
    """Print what the pages take for one kind of database."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("rooms", type=int, nargs="?", default=2_000)
    arguments.add_argument("findings", type=int, nargs="?", default=100_000)
    arguments.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    options = arguments.parse_args()
    with fresh_app(options.database) as app:
        small, large = fill(options.rooms, options.findings)
        with served(app, {}) as ask:
            few = timed(ask, f"/buildings/{small}")
            for path in ("", "/residents"):
                address = f"/buildings/{large}{path}"
                with recorded() as said:
                    size = len(ask(address))
                taken = timed(ask, address)
                print(
                    f"building{path} of {options.rooms:,} rooms, {options.findings:,} findings: "
                    f"{len(said)} statements, {size:,} bytes, {taken * 1000:.0f} ms; "
                    f"a building of one room {few * 1000:.0f} ms",
                    flush=True,
                )


def timed(ask: Asker, path: str) -> float:
    """Return the median seconds of one request."""
    taken = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        ask(path)
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def fill(rooms: int, findings: int) -> tuple[int, int]:
    """Make a building of one room, and a large one with residents and findings; return both."""
    keeper = accounts.create_account(
        email="bench@example.org", name="Bench", role="officer", language="en", at=clock.now(),
        password=PASSWORD,
    )  # fmt: skip
    small = service.add_building(name_zh="小楼", campus="东院", keeper_id=keeper.id)
    service.add_rooms(small, ["101"], level=1)
    large = service.add_building(name_zh="大楼", campus="东院", keeper_id=keeper.id)
    each = rooms // FLOORS
    for level in range(1, FLOORS + 1):
        doors = [f"{level}{number:03}" for number in range(1, each + 1)]
        service.add_rooms(large, doors, level=level, beds=2)
    ids = list(db.session.scalars(sa.select(Room.id).filter_by(building_id=large.id)))
    move_in(large, ids)
    find(large, ids, findings, keeper)
    db.session.commit()
    db.session.execute(sa.text("ANALYZE"))
    db.session.commit()
    made = small.id, large.id
    db.session.remove()
    return made


def move_in(building: Building, rooms: list[int]) -> None:
    """Let somebody live in three of four rooms, most of them registered."""
    at, day = "2026-01-01 00:00:00", "2026-01-01"
    people, stays = [], []
    for number, room_id in enumerate(islice(rooms, len(rooms) * 3 // 4), start=1):
        people.append((number, f"N{number}", f"n{number}", f"n{number}", "FRA", "foreigner", "en",
                       "active", 1, at))  # fmt: skip
        known = number % 10 > 0
        stays.append((number, 1, "大楼", None, building.id, room_id, at, None,
                      day if known else None, True, known))  # fmt: skip
    insert_rows("person", ("id", "name_en", "sort_zh", "sort_en", "nationality", "identity",
                "language", "status", "revision", "created_at"), people)  # fmt: skip
    insert_rows("stay", ("person_id", "document_no", "place", "door", "building_id", "room_id",
                "moved_in_at", "ended_on", "registered_on", "lives", "registered"),
                stays)  # fmt: skip


def find(building: Building, rooms: list[int], findings: int, keeper: Account) -> None:
    """Record hazards of years: nearly all of them closed."""
    now, today = clock.now(), clock.today()
    rows = []
    for number in range(1, findings + 1):
        is_open = number > findings - OPEN
        found = (now - timedelta(days=findings - number) / 100).strftime("%Y-%m-%d %H:%M:%S")
        rows.append((number, f"key-{number}", 2020, number, building.id,
                     rooms[number * 7 % len(rooms)], "E06", "E", "Socket", GRADES[number % 3],
                     found, "found" if is_open else "closed", found, found, 0, keeper.id, "",
                     (today + timedelta(number % 9 - 3)).isoformat() if is_open else None, "", "",
                     "", "", None if is_open else found, "", 1))  # fmt: skip
    insert_rows("hazard", ("id", "key", "year", "serial", "building_id", "room_id", "item", "kind",
                "text", "grade", "graded_at", "state", "state_at", "found_at", "failed", "owner_id",
                "handed_from", "next_on", "protection_text", "measure", "department", "funds",
                "closed_at", "signed_off_by", "revision"), rows)  # fmt: skip


if __name__ == "__main__":
    main()
