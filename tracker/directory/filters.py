"""What a list of people is asked for, read from an address and written back to one. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from urllib.parse import parse_qsl, urlencode

from tracker.facts import kinds

CATEGORIES = ("A", "B", "C", "none")
DUE = ("overdue", "month", "nothing")
SORTS = ("name", "unit", "nationality", "next", "expiry")
CHOICES = {
    "category": CATEGORIES, "status": (*kinds.STATUSES, "all"), "identity": kinds.IDENTITIES,
    "due": DUE, "sort": (*SORTS, *(f"-{name}" for name in SORTS)),
}  # fmt: skip
LONGEST = 100


@dataclass(frozen=True, slots=True)
class Filter:
    """A list's conditions and order; empty means all. A sort that begins with "-" runs down."""

    q: str = ""
    unit: str = ""
    nationality: str = ""
    category: str = ""
    #: Empty: everybody but the departed, unless somebody is looked for by name.
    status: str = ""
    identity: str = ""
    building: str = ""
    due: str = ""
    sort: str = ""

    @property
    def narrowed(self) -> int:
        """Count the conditions beyond name, unit, status and what is due."""
        return sum(map(bool, (self.nationality, self.category, self.identity, self.building)))

    def query(self, *, named: bool = True) -> str:
        """Return the filter as the query of an address; without the search when not `named`."""
        pairs = {name: value for name, value in asdict(self).items() if value}
        if not named:
            pairs.pop("q", None)
        return urlencode(pairs)


def of(given: Mapping[str, str]) -> Filter:
    """Return the filter that parameters ask for; what makes no sense asks for nothing."""
    values = {name: given.get(name, "").strip()[:LONGEST] for name in Filter.__slots__}
    for name, choices in CHOICES.items():
        if values[name] not in choices:
            values[name] = ""
    unit, nationality = values["unit"], values["nationality"].upper()
    values["unit"] = unit if unit.isascii() and unit.isdecimal() and len(unit) < 10 else ""
    values["nationality"] = nationality if nationality.isalpha() and len(nationality) == 3 else ""
    return Filter(**values)


def parse(query: str) -> Filter:
    """Return the filter of the query of an address."""
    return of(dict(parse_qsl(query)))
