"""How two documents are held against each other, by the names the regulations use. Pure."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from tracker.rules.book import RuleBook
from tracker.rules.calendar import DAY
from tracker.rules.conflict import PROFILE, Conflict, ConflictRule
from tracker.rules.evaluate import duties_of, evaluate, facts_of_person
from tracker.rules.model import Duty, Fact, Person
from tracker.rules.standing import Dossier, day_of, standing


class Papers(NamedTuple):
    """All that is held against each other: what is in force, and what was before it."""

    person: Person
    now: Dossier
    former: Dossier
    book: RuleBook


Found = Iterator[Conflict]


def ends_before(rule: ConflictRule, papers: Papers) -> Found:
    """The first ends although the second goes on."""
    seconds = papers.now.dated(rule.second)
    for first, ends in papers.now.dated(rule.first):
        for second, goes_on in seconds:
            if ends < goes_on:
                yield Conflict(rule.id, first.ref, second.ref, ends, goes_on)


def predates(rule: ConflictRule, papers: Papers) -> Found:
    """The first was made before the second, which it should carry. Passports only if replaced."""
    for first, made in papers.now.dated(rule.first):
        for second, newer in papers.now.dated(rule.second):
            first_passport = second.kind == "passport" and not _replaced(second, papers)
            if first_passport or made >= newer:
                continue
            if not _settled(rule, first, second, papers) and not _filed(first.kind, newer, papers):
                yield Conflict(rule.id, first.ref, second.ref, made, newer)


def lapsed(rule: ConflictRule, papers: Papers) -> Found:
    """The first has expired while the second still runs."""
    seconds = papers.now.running(rule.second)
    for first, expired in papers.now.dated(rule.first):
        for second, ends in seconds:
            if (ends is None or expired < ends) and not _renewal_filed(first, papers):
                yield Conflict(
                    rule.id, first.ref, second.ref, expired, ends,
                    from_on=expired + DAY, until_on=ends,
                )  # fmt: skip


def missing(rule: ConflictRule, papers: Papers) -> Found:
    """The first has begun, but of the second there is none."""
    wanted = [kind for kind, _fields in rule.second]
    if any(papers.now.of(kind) for kind in wanted):
        return
    for first, begun in papers.now.dated(rule.first):
        if not any(_filed(kind, date.min, papers) for kind in wanted):
            until = day_of(first, ("terminated_on", "ends_on"))
            yield Conflict(rule.id, first.ref, wanted[0], begun, from_on=begun, until_on=until)


def too_old_to_file(rule: ConflictRule, papers: Papers) -> Found:
    """The certificate will not be good any more on the day by which one files."""
    for certificate, issued in papers.now.dated(rule.first):
        good_until = _good_until(rule, certificate, papers)
        for duty in _to_file(rule, papers):
            filed_by = papers.book.rule(duty.rule_id).fulfilment.filed_by
            if duty.safe is None or good_until is None or good_until >= duty.safe:
                continue
            if not _filed(filed_by or "", max(issued, duty.opens or issued), papers):
                yield Conflict(
                    rule.id, certificate.ref, duty.fact_ref, good_until, duty.safe,
                    from_on=duty.opens or issued,
                )  # fmt: skip


def too_old_to_begin(rule: ConflictRule, papers: Papers) -> Found:
    """The certificate ran out before the document it was for was applied for."""
    for certificate, issued in papers.now.dated(rule.first):
        good_until = _good_until(rule, certificate, papers)
        for kind, _fields in rule.second:
            if good_until and not papers.now.of(kind) and not _filed(kind, issued, papers):
                yield Conflict(rule.id, certificate.ref, kind, good_until, from_on=good_until + DAY)


def age_within(rule: ConflictRule, papers: Papers) -> Found:
    """The age limit falls between the first and the last day of a document."""
    limit = _age_limit(rule.by["person"], papers)
    if limit is None:
        return
    beginnings = dict(rule.first)
    for fact, ends in papers.now.dated(rule.second):
        begins = day_of(fact, beginnings.get(fact.kind, ()))
        if (begins or date.min) <= limit <= ends:
            yield Conflict(rule.id, PROFILE, fact.ref, limit, ends)


def moved(rule: ConflictRule, papers: Papers) -> Found:
    """The person lives in a second place, but only the former one was registered."""
    for lodging, moved_in in papers.now.dated(rule.second):
        before = papers.former.dated(rule.first)
        if not before or day_of(lodging, ("registered_on",)) or lodging.data.get("moved_out_on"):
            continue
        former, registered = max(before, key=lambda each: each[1])
        if not _settled(rule, lodging, lodging, papers):
            yield Conflict(
                rule.id, former.ref, lodging.ref, registered, moved_in, from_on=moved_in + DAY
            )


def not_for(rule: ConflictRule, papers: Papers) -> Found:
    """The person is nobody to hold such a document."""
    for kind, fields in rule.first:
        for fact in papers.now.of(kind):
            ends = day_of(fact, fields)
            yield Conflict(rule.id, fact.ref, PROFILE, ends, until_on=ends)


def differs(rule: ConflictRule, papers: Papers) -> Found:
    """A field of the document is not what is recorded of the person."""
    for kind, fields in rule.first:
        for fact in papers.now.of(kind):
            for field in fields:
                ours, printed = getattr(papers.person, field), fact.data.get(field)
                if ours and printed and ours != printed:
                    yield Conflict(rule.id, fact.ref, PROFILE)


def always(rule: ConflictRule, _papers: Papers) -> Found:
    """The persons whom the rule concerns are the conflict."""
    yield Conflict(rule.id, PROFILE, PROFILE)


COMPARISONS: Mapping[str, Callable[[ConflictRule, Papers], Found]] = {
    compare.__name__: compare
    for compare in (
        ends_before, predates, lapsed, missing, too_old_to_file, too_old_to_begin, age_within,
        moved, not_for, differs, always,
    )
}  # fmt: skip


def _replaced(passport: Fact, papers: Papers) -> bool:
    return bool(passport.data.get("replaces") or papers.former.of("passport"))


def _settled(rule: ConflictRule, first: Fact, second: Fact, papers: Papers) -> bool:
    """Has the office put on record that the duty about `second` is done?"""
    wanted = (rule.settled_by.get(first.kind), second.ref)
    return any(
        (fact.data.get("rule_id"), fact.data.get("fact_ref")) == wanted
        for fact in papers.now.of("settlement")
    )


def _filed(procedure: str, since: date, papers: Papers) -> bool:
    """Is an application of this procedure on record, accepted on or after `since`?"""
    return any(
        fact.data.get("procedure") == procedure
        and (day_of(fact, ("accepted_on",)) or since) >= since
        for fact in papers.now.of("application")
    )


def _renewal_filed(permit: Fact, papers: Papers) -> bool:
    return _filed(permit.kind, day_of(permit, ("issued_on",)) or date.min, papers)


def _age_limit(rule_id: str, papers: Papers) -> date | None:
    for fact in facts_of_person(papers.person):
        for duty in duties_of(fact, papers.person, papers.book):
            if duty.rule_id == rule_id:
                return duty.valid_until
    return None


def _good_until(rule: ConflictRule, certificate: Fact, papers: Papers) -> date | None:
    wanted = rule.by.get(certificate.kind)
    for duty in evaluate(papers.person, (certificate,), papers.book):
        if duty.rule_id == wanted:
            return duty.valid_until
    return None


def _to_file(rule: ConflictRule, papers: Papers) -> Iterator[Duty]:
    """Yield the filings of the rule that nothing recorded has met."""
    facts = [fact for kind, _fields in rule.second for fact in papers.now.of(kind)]
    for duty in evaluate(papers.person, facts, papers.book):
        if duty.rule_id in rule.filings:
            stands = standing(duty, papers.person, papers.now, papers.book, date.max)
            if stands.state == "open":
                yield duty
