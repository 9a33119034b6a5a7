"""The steps of procedures as rules: so that whatever tells of a duty can tell of a step."""

from collections.abc import Iterator
from datetime import date

from tracker.rules.model import Count, Rule, Words
from tracker.rules.procedures.model import Procedure, Procedures, Step

NO_PENALTY = Words(
    "无；这是内部计划的日期，法定期限见相应规则。",
    "None; a day of our own plan, the law's limit is a rule of its own.",
)
#: No kind of fact starts a step: its days come from the plan of an open case.
ALWAYS = (date(2013, 7, 1), date.max)


def rules_of(procedures: Procedures) -> Iterator[Rule]:
    """Yield a rule for each step; the count is the time until the next one."""
    for procedure in procedures.by_id.values():
        for step in procedure.steps:
            yield _rule(procedure, step)


def _rule(procedure: Procedure, step: Step) -> Rule:
    days = step.takes.days if isinstance(step.takes.days, int) else 0
    return Rule(
        id=step.id, role="deadline", title=step.title, what_to_do=step.what_to_do,
        penalty=procedure.if_late if step.does == "file" else NO_PENALTY,
        law=step.source.law.zh, law_en=step.source.law.en, article=step.source.article,
        confidence=step.source.confidence, checked_on=step.source.checked_on,
        in_force_from=ALWAYS[0], in_force_until=ALWAYS[1], identities=procedure.identities,
        triggers={}, count=Count("before", days, step.takes.unit),
    )  # fmt: skip
