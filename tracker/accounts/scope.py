"""Whose papers an account may see."""

from dataclasses import dataclass

from tracker.accounts.models import Account

#: Roles that see the whole university, and among them those that read document numbers.
WHOLE = ("admin", "officer", "head", "auditor")
NUMBERS = ("admin", "officer")


@dataclass(frozen=True, slots=True)
class Scope:
    """All persons, those of one unit, one person, or (nothing set) nobody."""

    everybody: bool = False
    unit_id: int | None = None
    person_id: int | None = None

    def covers(self, *, unit_id: int | None, person_id: int) -> bool:
        """Tell whether a person of this unit is within the scope."""
        if self.everybody:
            return True
        if self.unit_id is not None:
            return unit_id == self.unit_id
        return person_id == self.person_id


def scope_of(account: Account) -> Scope:
    """Return whom `account` may see: the office all, a secretary the unit, an expert themself."""
    if account.role in WHOLE:
        return Scope(everybody=True)
    if account.role == "unit_secretary":
        return Scope(unit_id=account.unit_id)
    if account.role == "expert":
        return Scope(person_id=account.person_id)
    return Scope()


def keeps_health(account: Account) -> bool:
    """Tell whether `account` works with health checks: an office's account, and named for it."""
    return account.health and account.role in NUMBERS and account.active


def reads_numbers(account: Account, *, person_id: int) -> bool:
    """Tell whether `account` reads the full numbers of a person's documents."""
    return account.role in NUMBERS or (account.role == "expert" and account.person_id == person_id)
