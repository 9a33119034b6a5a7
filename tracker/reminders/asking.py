"""The links by which readers of a letter answer: made while it is written, kept once it is new."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tracker.answers import links, purposes, queries
from tracker.answers.links import New
from tracker.reminders.recipients import Mailbox
from tracker.rules.model import Rule


@dataclass(slots=True)
class Links:
    """The links of all letters of a composing, by letter. `real`: else only where they stand."""

    url: str
    now: datetime
    real: bool
    #: Steps by which a unit decides (purposes.deciding).
    steps: frozenset[str] = frozenset()
    made: dict[str, list[New]] = field(default_factory=dict)
    _decided: frozenset[int] | None = None

    def of(self, key: str, box: Mailbox, row: Any, rule: Rule) -> str | None:
        """Return the address at which the reader of a letter answers about one duty in it.

        A unit is asked once about a person, however many of their papers end.
        """
        mine = self.made.setdefault(key, [])
        purpose = self._purpose(box, row, rule)
        if purpose is None or (
            purpose == "unit" and any(each.person_id == row.person_id for each in mine)
        ):
            return None
        token = links.new_token() if self.real else ""
        ends = purposes.expires_at(row.safe_on, now=self.now)
        mine.append(New(token, purpose, row.person_id, row.obligation_id, box.recipient, ends))
        path = links.PATH + token if self.real else links.HIDDEN
        return self.url.rstrip("/") + path

    def forget(self, key: str) -> None:
        """Make nothing of the links of a letter that could not be written."""
        self.made.pop(key, None)

    def keep(self, letters: Mapping[str, int], *, known: Collection[str]) -> None:
        """Keep the links of letters by key; a letter that was `known` has its own."""
        new = (
            (letters[key], each)
            for key, found in self.made.items()
            if key not in known
            for each in found
        )
        links.keep(new, now=self.now)

    def _purpose(self, box: Mailbox, row: Any, rule: Rule) -> str | None:
        if rule.role == "private":
            return None
        if box.reader.expert:
            return "expert"
        unit = box.role == "unit_secretary"
        if unit and purposes.asks_unit(rule, row.fact_ref, steps=self.steps):
            return None if row.person_id in self._have_decided() else "unit"
        return None

    def _have_decided(self) -> frozenset[int]:
        """Return of whom their unit need not be asked, read once for all letters."""
        if self._decided is None:
            self._decided = queries.decided_since(self.now - purposes.DECIDED_FOR)
        return self._decided
