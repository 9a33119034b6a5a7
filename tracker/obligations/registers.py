"""The registers whose days become obligations beside those of documents, one line each.

A register is kept by a package of its own (trips, custody, inspections), which counts its days by
the rules of config/regulations that name it. Obligations know no more of it than this.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.custody import register as custody
from tracker.facts import retention
from tracker.hazards import duties
from tracker.health import due as health_due
from tracker.inspections import register as inspections
from tracker.rules.book import RuleBook
from tracker.rules.register import Rows
from tracker.whereabouts import register as trips


@dataclass(frozen=True, slots=True)
class Register:
    """What a package makes due.

    `rows(ids, book, today=…)`: the obligations of these persons (or buildings), by id, rule and
    reference; what it names no more is ended. `changed(today)`: the ids of which something is
    different by that day though nobody told anything.
    """

    name: str
    rows: Callable[..., Rows]
    changed: Callable[[date], Iterable[int]] = lambda _today: ()


OF_BUILDINGS: tuple[Register, ...] = (
    Register("hazards", duties.rows),
    Register("inspections", inspections.rows),
)
OF_PERSONS: tuple[Register, ...] = (
    Register("custody", custody.rows),
    Register("health", health_due.rows, health_due.changed),
    Register("trips", trips.rows),
    Register("retention", retention.rows, retention.changed),
)


def rows(
    registers: Sequence[Register], ids: Sequence[int], book: RuleBook, *, today: date
) -> dict[tuple[int, str, str], Any]:
    """Return what all these registers make due of these ids."""
    found: dict[tuple[int, str, str], Any] = {}
    for register in registers:
        found |= register.rows(ids, book, today=today)
    return found


def changed(registers: Sequence[Register], today: date) -> set[int]:
    """Return the ids of which time alone has changed something."""
    return {each for register in registers for each in register.changed(today)}
