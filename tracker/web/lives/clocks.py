"""The clocks strip of a person: what a coming or a leaving has started, and how far it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from tracker.lives import moving
from tracker.lives.moving import Clock
from tracker.web.dossier import Duty


@dataclass(frozen=True, slots=True)
class Strip:
    """A row of clocks under one heading."""

    title: str
    clocks: tuple[Clock, ...]


def strips(duties: Sequence[Duty], today: date) -> list[Strip]:
    """Return the strips that still matter: something is open, or was until lately."""
    rows: list[Any] = [each.row for each in duties]
    leaving = [row for row in rows if _of_leaving(row)]
    found = [
        Strip(_("Arrival"), moving.clocks_of(rows, moving.ARRIVING, today=today)),
        Strip(_("Leaving"), moving.clocks_of(leaving, moving.LEAVING, today=today)),
    ]
    return [each for each in found if _matters(each.clocks, today)]


def _of_leaving(row: Any) -> bool:
    """A change of the residence permit belongs here only when leaving has caused it."""
    return bool(row.rule_id != "RP-CHANGE") or str(row.fact_ref).startswith("leaving/")


def _matters(clocks: Sequence[Clock], today: date) -> bool:
    if len(clocks) < 2:  # one clock alone stands among what is due anyway
        return False
    return any(each.state != "done" or each.safe_on >= today - moving.RECENT for each in clocks)
