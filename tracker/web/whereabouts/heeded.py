"""What does not go together with a journey, from all that is on record; and its words."""

import hashlib
from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _

from tracker.cases.queries import passports_away
from tracker.custody import queries as custody
from tracker.facts import queries as facts
from tracker.obligations import book
from tracker.obligations import queries as obligations
from tracker.reminders import service as reminders
from tracker.web import language, pages, words
from tracker.whereabouts import clashes
from tracker.whereabouts.clashes import Clash, Elsewhere, Filing, Journey, Paper

#: What a border is crossed with.
TRAVEL = ("passport", "hmt_travel_permit")


def of(person_id: int, journey: Journey, *, today: date) -> list[Clash]:
    """Return what does not go together with a journey of a person."""
    return clashes.found(
        journey, _papers(person_id), _filings(person_id), _elsewhere(person_id), today=today
    )


def mark(found: Sequence[Clash]) -> str:
    """Name what somebody was told, so that declaring all the same is about just that."""
    return hashlib.sha256(repr(found).encode()).hexdigest()[:32] if found else ""


def told(clash: Clash) -> str:
    """Say one thing to heed, in the reader's language."""
    return str(_SENTENCES[clash.code](clash))


def _papers(person_id: int) -> list[Paper]:
    wanted = (*clashes.ENDING, "entry")
    return [
        Paper(each.kind, each.data.get("expires_on"), each.data.get("visa"))
        for each in facts.documents_of([person_id])[person_id]
        if each.kind in wanted
    ]


def _filings(person_id: int) -> list[Filing]:
    """Return what the person themself has to file; steps of cases follow from the same duties."""
    rules = book.current()
    theirs = {
        rule
        for ladder in reminders.ladders()
        if any("expert" in stage.to for stage in ladder.stages)
        for rule in ladder.rules
        if rules.has(rule) and rules.rule(rule).role == "deadline"
        and rules.rule(rule).register is None
    }  # fmt: skip
    return [
        Filing(each.rule_id, each.safe_on, each.opens_on)
        for each in obligations.of_person(person_id)
        if each.state == "open" and each.rule_id in theirs and "case/" not in each.fact_ref
    ]


def _elsewhere(person_id: int) -> Elsewhere:
    away = passports_away([person_id], book.current()).get(person_id)
    kept = custody.held([person_id], TRAVEL).get(person_id)
    return Elsewhere(away.until if away else None, kept.kind if kept else None)


def _day(day: date | None) -> str:
    return pages.plain_day(day).striptags() if day else ""


def _title(rule_id: str) -> str:
    rules = book.current()
    return rules.rule(rule_id).title[language.current()] if rules.has(rule_id) else rule_id


def _kind(clash: Clash) -> str:
    return words.named(words.KINDS, clash.about)


_SENTENCES = {
    "at_authority": lambda clash: _(
        "The passport is with the authority; the receipt stands for it until %(day)s. Without "
        "the passport nobody can leave the country, and a hotel asks for the receipt.",
        day=_day(clash.last)),
    "in_custody": lambda clash: _(
        "The office keeps this document: %(kind)s. It must be collected before leaving.",
        kind=_kind(clash)),
    "single_entry": lambda clash: _(
        "The %(letters)s visa is good for one entry and there is no residence permit yet: on "
        "leaving China it lapses, and another visa is needed to come back.", letters=clash.about),
    "ends": lambda clash: _(
        "This document ends on %(day)s, before the return: %(kind)s.",
        day=_day(clash.last), kind=_kind(clash)),
    "filing": lambda clash: _(
        "“%(title)s” has to be filed by %(day)s; after the return it is too late.",
        title=_title(clash.about), day=_day(clash.last)),
    "window": lambda clash: _(
        "“%(title)s” can be filed from %(first)s to %(last)s, and the passport is given away for "
        "it for some weeks. File before leaving, or be back in good time.",
        title=_title(clash.about), first=_day(clash.first), last=_day(clash.last)),
}  # fmt: skip
