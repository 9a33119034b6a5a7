"""Worked plans: what a case of the cases file asks for, held against the planner."""

from collections.abc import Callable, Iterator
from datetime import date

from tracker.rules import strict
from tracker.rules.book import RuleBook
from tracker.rules.procedures.circumstances import Subject
from tracker.rules.procedures.parts import Request
from tracker.rules.procedures.plan import plan

#: What cases call numbers of the city.
NUMBERS = {
    "work_permit_working_days": ("work_permit_processing_days", "work_permit_processing_days_a"),
    "residence_permit_working_days": ("residence_permit_processing_days",),
    "office_working_days": ("office_review_days",),
    "unit_working_days": ("unit_decision_days",),
    "combined_working_days": ("combined_processing_days",),
    "passport_days": ("passport_renewal_days",),
}
CAP = "CAP"
#: `plan` is the latest day of a step; the cap's last day.
OF_STEP = {"plan": "latest", "earliest": "earliest", "soonest": "soonest", "limit": "limit",
           "statutory": "statutory", "opens": "opens", "slack": "slack", "status": "status",
           "critical": "critical", "provisional": "provisional", "ends": "ends",
           "unmet": "unmet"}  # fmt: skip
OF_CAP = {"plan": "day", "binding": "binding", "extend_by": "next_limit",
          "provisional": "provisional"}  # fmt: skip
NONE = "none"


def request(
    section: strict.Section, subject: Subject, book: RuleBook,
    read_subject: Callable[[strict.Section, RuleBook], Subject],
) -> Request:  # fmt: skip
    """Read the `plan` of a case; `read_subject` reads each of its `dependants`."""
    target = section.text("procedure")
    if target not in book.procedures.chains and target not in book.procedures.by_id:
        known = ", ".join(sorted({*book.procedures.chains, *book.procedures.by_id}))
        raise section.error("procedure", f"{target!r} is unknown", f"Use one of: {known}.")
    dependants = []
    for each in section.sections("dependants"):
        dependants.append(read_subject(each, book))
        each.done()
    given = {key: section.whole(key) for key in NUMBERS if section.has(key)}
    numbers = {name: days for key, days in given.items() for name in NUMBERS[key]}
    made = Request(
        subject, target, as_of=_day(section, "as_of"), by=_day(section, "by"), numbers=numbers,
        done=_days(section, "done"), not_before=_days(section, "not_before"),
        until=_day(section, "until"), dependants=tuple(dependants),
    )  # fmt: skip
    section.done()
    return made


def differences(wanted: Request, expect: strict.Section, book: RuleBook) -> Iterator[str]:
    """Yield each step that comes out other than `expect` says."""
    made = plan(wanted, book)
    names = expect.names()
    if not names:
        raise expect.error("", "is empty", "Name a step and its day.")
    for name in names:
        value = expect.take(name)
        if name == CAP:
            yield from _compare(name, made.cap, OF_CAP, value, expect)
        elif made.step(name) is None and not _is_a_step(name, book):
            yield f"{name}: there is no such step; correct the id"
        else:
            yield from _compare(name, made.step(name), OF_STEP, value, expect)


def _compare(
    name: str, found: object, fields: dict[str, str], value: object, expect: strict.Section
) -> Iterator[str]:
    if value == NONE:
        if found is not None:
            yield f"{name}: expected none, got {_shown(found, fields, ('plan',))}"
        return
    path = f"{expect.path}.{name}"
    inner = strict.Section(value, file=expect.file, entry=expect.entry, path=path)
    expected = {key: inner.take(key) for key in inner.names() if key in fields}
    inner.done()
    if found is None:
        yield f"{name}: expected {_text(expected)}, got nothing"
    elif any(_plain(getattr(found, fields[key])) != each for key, each in expected.items()):
        yield f"{name}: expected {_text(expected)}, got {_shown(found, fields, expected)}"


def _shown(found: object, fields: dict[str, str], keys: object) -> str:
    assert isinstance(keys, tuple | dict)
    return _text({key: _plain(getattr(found, fields[key])) for key in keys})


def _text(values: dict[str, object]) -> str:
    return ", ".join(f"{key} {value}" for key, value in values.items())


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _is_a_step(name: str, book: RuleBook) -> bool:
    return name.partition("@")[0] in book.steps


def _day(section: strict.Section, name: str) -> date | None:
    return section.day(name) if section.has(name) else None


def _days(section: strict.Section, name: str) -> dict[str, date]:
    inner = section.section(name, {})
    return {key: inner.day(key) for key in inner.names()}
