"""What does not go together with a journey: papers that end, a passport elsewhere, a day to file.

Pure. Days are compared as they are printed: a permit is good on its last day, and so is the day of
a return; what ends on that day is no clash.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

#: Documents that somebody needs to be back lawfully, or to stay on.
ENDING = ("passport", "visa", "residence_permit", "work_permit", "stay_certificate",
          "hmt_travel_permit", "hmt_residence_card", "permanent_residence_card")  # fmt: skip
#: Visas for those who then take up a residence permit: good for one entry only.
ONE_ENTRY = ("Z", "S1", "X1", "J1")
#: Rules whose window matters to whoever is abroad meanwhile.
RENEWALS = ("RP-EXT",)


@dataclass(frozen=True, slots=True)
class Journey:
    """From where somebody is away, and from when to when, both days included."""

    scope: str
    leaves_on: date
    returns_on: date


@dataclass(frozen=True, slots=True)
class Paper:
    """A document in force. `visa`: the class of a visa, or of the one an entry was made on."""

    kind: str
    expires_on: date | None = None
    visa: str | None = None


@dataclass(frozen=True, slots=True)
class Filing:
    """A duty that is open: from when it can be filed, and the last day that is safe."""

    rule_id: str
    safe_on: date
    opens_on: date | None = None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Where a passport is. `authority_until`: the last day of the authority's receipt."""

    authority_until: date | None = None
    #: The kind of a travel document that the office or a cabinet keeps.
    kept: str | None = None


@dataclass(frozen=True, slots=True)
class Clash:
    """One thing to heed: what, about which document or duty, from and until which days."""

    code: str
    about: str = ""
    first: date | None = None
    last: date | None = None


def found(
    journey: Journey, papers: Sequence[Paper], filings: Iterable[Filing], elsewhere: Elsewhere,
    *, today: date,
) -> list[Clash]:  # fmt: skip
    """Return what does not go together with a journey, the gravest first."""
    if journey.scope == "campus":
        return [*_ending(journey, papers)]
    filings = tuple(filings)
    return [
        *_elsewhere(journey, elsewhere, today), *_single_entry(journey, papers),
        *_ending(journey, papers), *_missed(journey, filings), *_window(journey, filings),
    ]  # fmt: skip


def stored(clashes: Iterable[Clash]) -> list[dict[str, Any]]:
    """Return clashes as a row keeps them."""
    return [
        {"code": each.code, "about": each.about, "first": _iso(each.first), "last": _iso(each.last)}
        for each in clashes
    ]


def read(rows: Iterable[Mapping[str, Any]]) -> list[Clash]:
    """Return clashes as they were found."""
    return [Clash(row["code"], row["about"], _day(row["first"]), _day(row["last"])) for row in rows]


def _elsewhere(journey: Journey, elsewhere: Elsewhere, today: date) -> Iterator[Clash]:
    until = elsewhere.authority_until
    if until is not None and journey.leaves_on <= max(until, today):
        yield Clash("at_authority", last=until)
    if elsewhere.kept is not None:
        yield Clash("in_custody", elsewhere.kept)


def _single_entry(journey: Journey, papers: Sequence[Paper]) -> Iterator[Clash]:
    """A visa for one entry is used up: who leaves before the permit is issued needs another."""
    if journey.scope != "country" or any(paper.kind == "residence_permit" for paper in papers):
        return
    used = {paper.visa for paper in papers if paper.kind in ("visa", "entry") and paper.visa}
    if letters := sorted(used & set(ONE_ENTRY)):
        yield Clash("single_entry", letters[0])


def _ending(journey: Journey, papers: Sequence[Paper]) -> Iterator[Clash]:
    held = {paper.kind for paper in papers}
    for kind in ENDING:
        if kind == "visa" and "residence_permit" in held:
            continue  # a permit stands for it
        for paper in papers:
            if paper.kind == kind and paper.expires_on and paper.expires_on < journey.returns_on:
                yield Clash("ends", kind, last=paper.expires_on)


def _missed(journey: Journey, filings: Sequence[Filing]) -> Iterator[Clash]:
    for each in sorted(filings, key=lambda filing: (filing.safe_on, filing.rule_id)):
        if each.safe_on < journey.returns_on:
            yield Clash("filing", each.rule_id, last=each.safe_on)


def _window(journey: Journey, filings: Sequence[Filing]) -> Iterator[Clash]:
    """The days on which a permit can be renewed: its passport is given away for weeks then."""
    for each in filings:
        if (
            journey.scope == "country" and each.rule_id in RENEWALS and each.opens_on is not None
            and each.opens_on <= journey.returns_on <= each.safe_on
        ):  # fmt: skip
            yield Clash("window", each.rule_id, each.opens_on, each.safe_on)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
