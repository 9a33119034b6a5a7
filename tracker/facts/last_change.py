"""What was last changed about a person, and its undoing. Flushes; the caller commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker.core.errors import Conflict
from tracker.core.i18n import gettext as _
from tracker.facts import queries, service
from tracker.facts.models import FactVersion, Person


@dataclass(frozen=True, slots=True)
class Change:
    """The versions that one save added and those it withdrew; all carry its instant."""

    at: datetime
    added: tuple[FactVersion, ...]
    withdrawn: tuple[FactVersion, ...]

    @property
    def by(self) -> str | None:
        """Who made it; unknown when it only withdrew something."""
        return self.added[0].recorded_by if self.added else None


def of(person_id: int) -> Change | None:
    """Return the latest change of a person; None if nothing is recorded."""
    versions = queries.history(person_id)
    instants = {moment for each in versions for moment in (each.recorded_at, each.withdrawn_at)}
    at = max((moment for moment in instants if moment is not None), default=None)
    if at is None:
        return None
    return Change(
        at,
        tuple(each for each in versions if each.recorded_at == at and each.withdrawn_at is None),
        tuple(each for each in versions if each.withdrawn_at == at),
    )


def undo(person: Person, *, expected: int, by: str, at: datetime) -> Change:
    """Undo the latest change of a person, if it is still the one of the revision `expected`.

    What it added is withdrawn, what it withdrew is recorded anew: both stay in the history, and
    an undo can be undone in its turn. Stale when something newer is recorded; Conflict when there
    is nothing before it.
    """
    service.claim_revision(person.id, expected=expected)
    change = of(person.id)
    if change is None:
        raise Conflict(_("Nothing is recorded that could be undone."))
    _refuse_beginnings(person, change)
    for version in change.withdrawn:
        _withdraw_successor(version, change.added, at)
        service.restore(version, by=by, at=at)
    corrected = {each.ref for each in change.withdrawn}
    for version in change.added:
        if version.ref not in corrected:
            service.withdraw(version, at=at)
    return change


def _refuse_beginnings(person: Person, change: Change) -> None:
    if any(each.batch_id is not None for each in (*change.added, *change.withdrawn)):
        raise Conflict(_("The last change came with an import. Undo the import instead."))
    if any(each.ref == "profile/1" and each.version == 1 for each in change.added):
        raise Conflict(
            _("Nothing stands before this: it is how the person was first recorded. "
              "Correct it instead.")
        )  # fmt: skip


def _withdraw_successor(version: FactVersion, added: Sequence[FactVersion], at: datetime) -> None:
    for successor in added:
        if successor.ref == version.ref:
            successor.withdrawn_at = at
