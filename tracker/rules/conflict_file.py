"""Read the conflicts between documents that the office wants to hear of."""

from collections.abc import Collection
from pathlib import Path

from tracker.rules import strict
from tracker.rules.comparisons import COMPARISONS
from tracker.rules.conflict import ConflictRule, Side
from tracker.rules.model import RulesError
from tracker.rules.profile import CONFIDENCE
from tracker.rules.rule_file import IDENTITIES

GRADES = ("act", "plan", "check")
STATUSES = ("recruiting", "active", "on_leave")


def load_conflicts(path: Path, *, rule_ids: Collection[str]) -> tuple[ConflictRule, ...]:
    """Return the conflicts of a file; RulesError names the first mistake.

    `rule_ids`: the duties there are, which the file may name.
    """
    rules = [_rule(each, rule_ids) for each in strict.entries(strict.read(path), file=path.name)]
    ids = [rule.id for rule in rules]
    for name in ids:
        if ids.count(name) > 1:
            raise RulesError(
                file=path.name, entry=name, field="id", problem="stands twice",
                remedy="Give the second one another id.",
            )  # fmt: skip
    return tuple(rules)


def _rule(section: strict.Section, rule_ids: Collection[str]) -> ConflictRule:
    cited = section.section("source")
    applies = section.section("applies_to")
    rule = ConflictRule(
        id=section.text("id"),
        grade=section.choice("grade", GRADES),  # type: ignore[arg-type]
        title=section.words("title"),
        why=section.words("why"),
        what_to_do=section.words("what_to_do"),
        law=cited.text("law"),
        law_en=cited.text("law_en"),
        article=cited.text("article", ""),
        confidence=cited.choice("confidence", CONFIDENCE),
        checked_on=cited.day("checked_on"),
        identities=_some(applies, "identity", IDENTITIES),
        statuses=_some(applies, "status", STATUSES, default=STATUSES),
        nationalities=frozenset(applies.texts("nationality", ())),
        other_nationalities=frozenset(applies.texts("nationality_other_than", ())),
        compare=section.choice("compare", tuple(COMPARISONS)),
        first=_side(section, "first"),
        second=_side(section, "second"),
        by=_duties(section, "by", rule_ids),
        filings=_some(section, "filings", rule_ids, default=()),
        settled_by=_duties(section, "settled_by", rule_ids),
    )
    for each in (cited, applies, section):
        each.done()
    return rule


def _some(
    section: strict.Section, key: str, allowed: Collection[str],
    default: object = strict.MISSING,
) -> frozenset[str]:  # fmt: skip
    found = section.texts(key, default)
    for each in found:
        if each not in allowed:
            raise section.error(key, f"cannot be {each!r}", f"Use {', '.join(sorted(allowed))}.")
    return frozenset(found)


def _side(section: strict.Section, key: str) -> Side:
    side = section.section(key, {})
    return tuple((kind, side.texts(kind)) for kind in side.names())


def _duties(section: strict.Section, key: str, rule_ids: Collection[str]) -> dict[str, str]:
    named = section.section(key, {})
    return {kind: named.choice(kind, tuple(rule_ids)) for kind in named.names()}
