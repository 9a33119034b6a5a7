"""Somebody whose papers agree, and what is found when some of them change."""

from datetime import date, datetime

from tracker.rules.conflicts import find
from tracker.rules.counting import CAMPUS
from tracker.rules.model import Fact, Person
from tracker.rules.standing import Dossier

#: What a person has whose papers agree: all issued for one term of employment.
TERM = {"issued_on": "2026-01-10", "expires_on": "2027-01-09"}
AGREEING = {
    "passport/1": {"number": "P1", "issued_on": "2020-01-01", "expires_on": "2030-01-01"},
    "contract/1": {"starts_on": "2026-01-10", "ends_on": "2027-01-09"},
    "work_permit/1": dict(TERM, category="B"),
    "residence_permit/1": TERM,
    "accommodation/1": {"moved_in_at": "2026-01-10T20:00", "registered_on": "2026-01-10"},
}
NEW_PASSPORT = {"passport/2": {"received_on": "2026-03-02", "expires_on": "2036-03-01",
                               "replaces": "P1"}}  # fmt: skip
BARE = dict.fromkeys(AGREEING)


def fact(ref: str, fields: dict[str, object]) -> Fact:
    typed = {name: _typed(name, value) for name, value in fields.items()}
    return Fact(ref, ref.partition("/")[0], typed)


def _typed(name: str, value: object) -> object:
    if name.endswith("_at"):
        return datetime.fromisoformat(str(value)).replace(tzinfo=CAMPUS)
    is_day = name.endswith("_on") or name == "on"
    return date.fromisoformat(str(value)) if is_day else value


def found(book, changes=None, former=None, **person):
    """Find the conflicts of somebody whose agreeing papers `changes` replace; None removes one."""
    papers = {ref: each for ref, each in (AGREEING | (changes or {})).items() if each}
    subject = {"nationality": "FRA", "category": "B", "born_on": date(1980, 5, 4)} | person
    return find(
        Person(**subject), Dossier(fact(ref, each) for ref, each in papers.items()),
        [fact(ref, each) for ref, each in (former or {}).items()], book,
    )  # fmt: skip


def pairs(conflicts):
    return [(each.rule_id, each.first_ref, each.second_ref) for each in conflicts]


def names(conflicts):
    return {each.rule_id for each in conflicts}
