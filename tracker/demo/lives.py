"""States of life of the invented staff: which documents somebody holds, and how far they run."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from tracker.core.clock import CAMPUS

Told = tuple[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Life:
    """Facts in the order they were told, and what they make different in the profile."""

    facts: tuple[Told, ...]
    profile: dict[str, Any] = field(default_factory=dict)


Live = Callable[[date, Random, str], Life]


def settled(today: date, random: Random, number: str) -> Life:
    """Everything is valid for months."""
    return Life(_employed(today, number, ends_on=today + timedelta(random.randint(150, 330))))


def renewing(today: date, random: Random, number: str) -> Life:
    """Permits end within the weeks in which one files."""
    return Life(_employed(today, number, ends_on=today + timedelta(random.randint(31, 75))))


def pressing(today: date, random: Random, number: str) -> Life:
    """The safe filing day is near or was yesterday."""
    return Life(_employed(today, number, ends_on=today + timedelta(random.randint(24, 34))))


def late(today: date, random: Random, number: str) -> Life:
    """The residence permit has ended."""
    return Life(_employed(today, number, ends_on=today - timedelta(random.randint(1, 12))))


def filed(today: date, random: Random, number: str) -> Life:
    """The extensions were filed and are being looked at."""
    accepted_on = today - timedelta(random.randint(2, 6))
    return Life(
        (
            *_employed(today, number, ends_on=today + timedelta(35)),
            ("application", {"procedure": "work_permit", "accepted_on": accepted_on}),
            ("application", {"procedure": "residence_permit", "accepted_on": accepted_on}),
        )
    )


def arrived(today: date, random: Random, number: str) -> Life:
    """Came on a Z visa some days ago and has no residence permit yet."""
    on = today - timedelta(random.randint(1, 20))
    return Life(
        (
            _passport(today, number, years=6),
            ("entry", {"on": on, "visa": "Z", "stay_days": 30}),
            (
                "accommodation",
                {"moved_in_at": _evening(on), "building": "东院外专楼", "room": _door(number)},
            ),
            ("contract", {"starts_on": on, "ends_on": on + timedelta(365)}),
        )
    )


def moved_in_today(today: date, random: Random, number: str) -> Life:
    """Moved into a house last night: the 24-hour clock runs."""
    return Life(
        (
            *_employed(today, number, ends_on=today + timedelta(random.randint(150, 330))),
            ("accommodation", {"moved_in_at": _evening(today - timedelta(1)),
                               "building": "西院外专楼", "room": f"10{int(number) % 8 + 1}"}),
        )
    )  # fmt: skip


def new_passport(today: date, random: Random, number: str) -> Life:
    """Has a new passport that the permits do not know yet."""
    received_on = today - timedelta(random.randint(1, 8))
    fields = {
        "number": f"N{number}", "issued_on": received_on - timedelta(10),
        "received_on": received_on, "expires_on": received_on + timedelta(3650),
        "replaces": f"P{number}",
    }  # fmt: skip
    employed = _employed(today, number, ends_on=today + timedelta(random.randint(150, 330)))
    return Life((*employed, ("passport", fields)))


def old_passport(today: date, random: Random, number: str) -> Life:
    """The passport falls below six months before the permits end."""
    employed = _employed(today, number, ends_on=today + timedelta(300))
    passport = dict(employed[0][1], expires_on=today + timedelta(random.randint(185, 270)))
    return Life((("passport", passport), *employed[1:]))


def leaving(today: date, random: Random, number: str) -> Life:
    """The contract was ended; permits are to be cancelled."""
    employed = _employed(today, number, ends_on=today + timedelta(200))
    ended = {"terminated_on": today - timedelta(random.randint(0, 7))}
    told = {"on": ended["terminated_on"], "reason": "resignation", "afterwards": "new_employer",
            "ends_contract": True}  # fmt: skip
    return Life(
        (*((kind, fields | ended if kind == "contract" else fields) for kind, fields in employed),
         ("leaving", told))
    )  # fmt: skip


def departed(today: date, random: Random, number: str) -> Life:
    """Left last year."""
    left_on = today - timedelta(random.randint(200, 400))
    return Life(
        (_passport(today, number, years=4),), {"status": "departed", "departed_on": left_on}
    )


def recruited(today: date, random: Random, number: str) -> Life:
    """Is still abroad; the papers for the first work permit grow old."""
    issued_on = today - timedelta(random.randint(100, 175))
    return Life(
        (
            _passport(today, number, years=7),
            ("health_certificate", {"issued_on": issued_on}),
            ("no_criminal_record", {"issued_on": issued_on}),
            (
                "arrival",
                {
                    "on": issued_on + timedelta(185),
                    "flight": "CA8206",
                    "port": "武汉天河机场",
                    "met_by": "李老师",
                },
            ),
        ),
        {"status": "recruiting"},
    )


def visiting(today: date, random: Random, number: str) -> Life:
    """A short visit whose permitted stay runs out."""
    on = today - timedelta(random.randint(15, 25))
    return Life(
        (
            _passport(today, number, years=5),
            ("entry", {"on": on, "visa": "F", "stay_days": 30}),
        )
    )


def parent(today: date, random: Random, number: str) -> Life:
    """A child was born here."""
    employed = _employed(today, number, ends_on=today + timedelta(random.randint(150, 330)))
    born = ("birth", {"on": today - timedelta(random.randint(30, 55))})
    project = {"programme": "国家外国专家项目", "number": f"G{number}", "person_months": 6,
               "starts_on": today - timedelta(200), "ends_on": today + timedelta(60)}  # fmt: skip
    award = {"award": "编钟奖", "nominate_by": today + timedelta(25)}
    return Life((*employed, born, ("project", project), ("award", award)))


def from_hong_kong(today: date, random: Random, number: str) -> Life:
    """Holds a residence card of Hong Kong, Macau and Taiwan residents; owes no permits."""
    card = _document(f"H{number}", today, ends_on=today + timedelta(random.randint(20, 400)))
    name = random.choice(("CHAN Ka Yan", "WONG Chi Ho", "LEUNG Mei Ling"))
    profile = {"identity": "hmt", "nationality": "HKG", "name_en": name}
    return Life((("hmt_residence_card", card),), profile)


def permanent(today: date, random: Random, number: str) -> Life:
    """Holds a permanent residence card."""
    card = _document(f"R{number}", today, ends_on=today + timedelta(random.randint(20, 900)))
    return Life((("permanent_residence_card", card),), {"identity": "permanent_resident"})


#: Dealt out in turn, so that a few people show them all; most are as most people are.
LIVES: tuple[Live, ...] = (
    settled, renewing, pressing, late, arrived, filed, new_passport, leaving, settled, parent,
    visiting, old_passport, from_hong_kong, permanent, recruited, settled, moved_in_today,
    departed, renewing, settled,
)  # fmt: skip


def _employed(today: date, number: str, *, ends_on: date) -> tuple[Told, ...]:
    """Return the papers of somebody at work whose permits and contract end on one day."""
    starts_on = ends_on - timedelta(364)
    return (
        _passport(today, number, years=4),
        ("contract", {"starts_on": starts_on, "ends_on": ends_on, "post": "外籍教师"}),
        ("work_permit", _document(f"W{number}", starts_on, ends_on=ends_on)),
        ("residence_permit", _document(f"L{number}", starts_on, ends_on=ends_on)),
        ("accommodation", {"moved_in_at": _evening(starts_on), "building": "东院外专楼",
                           "registered_on": starts_on, "room": _door(number)}),
        ("settlement", {"rule_id": "SI-REG-JOB", "fact_ref": "contract/1", "outcome": "done",
                        "on": starts_on + timedelta(21)}),
    )  # fmt: skip


def _door(number: str) -> str | None:
    """Return a room, two people to each; one of nine is on record without one."""
    pair = int(number) // 2
    return f"{2 + pair // 12 % 5}{1 + pair % 12:02}" if int(number) % 9 else None


def _passport(today: date, number: str, *, years: int) -> Told:
    issued_on = today - timedelta(3650 - 365 * years)
    return "passport", _document(f"P{number}", issued_on, ends_on=issued_on + timedelta(3650))


def _document(number: str, issued_on: date, *, ends_on: date) -> dict[str, Any]:
    return {"number": number, "issued_on": min(issued_on, ends_on), "expires_on": ends_on}


def _evening(day: date) -> datetime:
    return datetime.combine(day, time(20), CAMPUS)
