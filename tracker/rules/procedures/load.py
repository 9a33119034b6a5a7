"""Read config/procedures; the first mistake names file, entry, field and remedy."""

from collections.abc import Collection, Iterator
from pathlib import Path

from tracker.rules import strict
from tracker.rules.model import RulesError
from tracker.rules.procedures.entry import parse_material, parse_procedure
from tracker.rules.procedures.model import Chain, Material, Procedure, Procedures, Time
from tracker.rules.rule_file import CITY

PROCEDURES = Path(__file__).resolve().parents[3] / "config" / "procedures"
MATERIALS, CHAINS = "materials.yaml", "chains.yaml"


def load_procedures(
    directory: Path, *, rule_ids: Collection[str], numbers: Collection[str],
    counters: Collection[str],
) -> Procedures:  # fmt: skip
    """Read a directory of procedures.

    `rule_ids`, `numbers`, `counters`: what the regulations and the city have, to refer to.
    """
    papers = _papers(directory / MATERIALS)
    by_id: dict[str, Procedure] = {}
    for path in sorted(directory.glob("*.yaml")):
        if path.name in (MATERIALS, CHAINS):
            continue
        for section in strict.entries(strict.read(path), file=path.name):
            made = parse_procedure(section, papers)
            if made.id in by_id:
                raise _error(path.name, made.id, "id", "is there twice", "Give it another id.")
            by_id[made.id] = made
            _check(made, path.name, rule_ids, numbers, counters)
    _check_together(by_id)
    return Procedures(by_id, _chains(directory / CHAINS, by_id))


def _papers(path: Path) -> dict[str, Material]:
    found: dict[str, Material] = {}
    for section in strict.entries(strict.read(path), file=path.name):
        made = parse_material(section)
        if made.code in found:
            raise _error(path.name, made.code, "id", "is there twice", "Give it another code.")
        found[made.code] = made
    return found


def _chains(path: Path, by_id: Collection[str]) -> dict[str, Chain]:
    chains = {}
    for section in strict.entries(strict.read(path), file=path.name):
        chain = Chain(
            section.text("id"), section.words("title"), section.texts("procedures"),
            section.texts("dependants", ()),
        )  # fmt: skip
        section.done()
        for each in (*chain.procedures, *chain.dependants):
            if each not in by_id:
                raise _unknown(path.name, chain.id, "procedures", each, by_id)
        chains[chain.id] = chain
    return chains


def _check(
    made: Procedure, file: str, rule_ids: Collection[str], numbers: Collection[str],
    counters: Collection[str],
) -> None:  # fmt: skip
    """Refuse a rule, a number or a counter that does not exist."""
    named = [made.opens_rule, made.opens_case, made.receipt_rule]
    named += [step.limit.rule_id for step in made.steps if step.limit]
    for rule_id in named:
        if rule_id is not None and rule_id not in rule_ids:
            raise _unknown(file, made.id, "limit", rule_id, rule_ids)
    for number in _numbers(made):
        if number not in numbers:
            raise _error(
                file, made.id, "steps", f"uses city.{number}, which the city lacks",
                "Add it to the jurisdiction.",
            )  # fmt: skip
    if made.counter is not None and made.counter not in counters:
        raise _unknown(file, made.id, "counter", made.counter, counters)


def _check_together(by_id: dict[str, Procedure]) -> None:
    seen: dict[str, str] = {}
    for made in by_id.values():
        for other in [need.procedure for need in made.needs] + [made.fallback or made.id]:
            if other not in by_id:
                raise _unknown("procedures", made.id, "needs", other, by_id)
        for step in made.steps:
            if seen.setdefault(step.id, made.id) != made.id:
                raise _error(
                    "procedures", made.id, f"steps.{step.id}",
                    f"is a step of {seen[step.id]} too", "Give it another id.",
                )  # fmt: skip
    _refuse_circle(by_id)


def _refuse_circle(by_id: dict[str, Procedure]) -> None:
    """Refuse procedures that wait for each other: there would be no first day."""
    done: set[str] = set()

    def visit(name: str, above: tuple[str, ...]) -> None:
        if name in above:
            raise _error("procedures", name, "needs", "waits for itself", "Break the circle.")
        if name not in done:
            for need in by_id[name].needs:
                visit(need.procedure, (*above, name))
            done.add(name)

    for name in by_id:
        visit(name, ())


def _numbers(made: Procedure) -> Iterator[str]:
    times = [step.takes for step in made.steps]
    times += [material.lead for material in made.materials if material.lead]
    for time in times:
        yield from _named(time)
    tests = [test for material in made.materials for each in material.when for test in each]
    yield from (test.name.removeprefix(CITY) for test in tests if test.name.startswith(CITY))
    yield from (need.combined for need in made.needs if need.combined)


def _named(time: Time) -> Iterator[str]:
    yield from (each for each in (time.days, *time.categories.values()) if isinstance(each, str))


def _unknown(file: str, entry: str, field: str, name: str, known: Collection[str]) -> RulesError:
    return _error(file, entry, field, f"names {name!r}, which does not exist",
                  f"Use one of: {', '.join(sorted(known))}.")  # fmt: skip


def _error(file: str, entry: str, field: str, problem: str, remedy: str) -> RulesError:
    return RulesError(file=file, entry=entry, field=field, problem=problem, remedy=remedy)
