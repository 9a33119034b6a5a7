"""Expert projects and honours, gathered from the documents of those who take part in them.

A project is told of each of its people: rows of one programme and number are one project.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from tracker.accounts.scope import Scope
from tracker.core.db import db
from tracker.core.errors import Invalid, NotFound
from tracker.core.i18n import gettext as _
from tracker.facts import kinds, queries, service
from tracker.facts.models import FactVersion, Person
from tracker.obligations.queries import visible

#: What all people of a project have in common; the person-months are each one's own.
SHARED = ("programme", "number", "starts_on", "ends_on", "apply_by", "applied_on", "report_by",
          "reported_on")  # fmt: skip
MOST = 2000


@dataclass(frozen=True, slots=True)
class Part:
    """One person's part in a project, or an honour somebody is nominated for."""

    id: int
    ref: str
    person: Person
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Project:
    """A project with its people; `data` is what they have in common, by the newest of them."""

    id: int
    data: Mapping[str, Any]
    parts: tuple[Part, ...]

    @property
    def person_months(self) -> int:
        """All person-months together."""
        return sum(part.data.get("person_months", 0) for part in self.parts)

    def runs_in(self, year: int) -> bool:
        """Tell whether it runs in a year, or is applied for in it."""
        days = [self.data[name] for name in ("starts_on", "ends_on", "apply_by")
                if name in self.data]  # fmt: skip
        return not days or min(days).year <= year <= max(days).year


@dataclass(frozen=True, slots=True)
class Sum:
    """What a programme comes to: projects, people taking part, person-months."""

    programme: str
    projects: int
    people: int
    person_months: int


def projects(scope: Scope, *, year: int | None = None) -> list[Project]:
    """Return the projects within the scope, those that end last first."""
    found = grouped(_parts("project", scope))
    wanted = [each for each in found if year is None or each.runs_in(year)]
    last = date.min
    return sorted(wanted, key=lambda each: (each.data.get("ends_on", last), each.id), reverse=True)


def honours(scope: Scope) -> list[Part]:
    """Return the nominations within the scope: what is still to be sent first, by day."""
    found = _parts("award", scope)
    return sorted(
        found,
        key=lambda part: (
            bool(part.data.get("nominated_on") or part.data.get("result")),
            part.data.get("nominate_by", date.max), part.id,
        ),
    )  # fmt: skip


def one(project_id: int, scope: Scope) -> Project:
    """Return the project of which a part has this number; NotFound if there is none."""
    for project in projects(scope):
        if any(part.id == project_id for part in project.parts):
            return project
    raise NotFound(_("There is no such project."))


def grouped(parts: Sequence[Part]) -> list[Project]:
    """Return the projects that these parts make up. Pure."""
    by_key: dict[tuple[str, str], list[Part]] = {}
    for part in parts:
        number = str(part.data.get("number", ""))
        # Without a number nobody knows whether two of a programme are one.
        key = (part.data["programme"], number or f"#{part.id}")
        by_key.setdefault(key, []).append(part)
    return [
        Project(own[0].id, {name: own[-1].data[name] for name in SHARED if name in own[-1].data},
                tuple(own))
        for own in by_key.values()
    ]  # fmt: skip


def sums(found: Iterable[Project]) -> list[Sum]:
    """Return what each programme comes to. Pure."""
    by_programme: dict[str, list[Project]] = {}
    for project in found:
        by_programme.setdefault(str(project.data["programme"]), []).append(project)
    return [
        Sum(name, len(own), len({part.person.id for each in own for part in each.parts}),
            sum(each.person_months for each in own))
        for name, own in sorted(by_programme.items())
    ]  # fmt: skip


def people_named(lines: str) -> list[Person]:
    """Return whom lines name, by staff number or exact name; Invalid names those nobody has."""
    found, wrong = [], []
    for line in filter(None, (each.strip() for each in lines.splitlines())):
        ids = queries.numbered("profile", [kinds.normal_number(line) or ""])
        same = [queries.person(each) for some in ids.values() for each in sorted(some)]
        same = same or queries.called(line, line)
        if len(same) == 1:
            found.append(same[0])
        else:
            wrong.append(line)
    if wrong:
        raise Invalid(people=_("Nobody, or more than one, is called: %(names)s. Give the staff "
                               "number.", names="; ".join(wrong)))  # fmt: skip
    return list(dict.fromkeys(found))


def tell(
    project: Project | None, shared: Mapping[str, Any], people: Sequence[Person], *, by: str,
    at: datetime,
) -> list[int]:  # fmt: skip
    """Record a project, or change what its people have in common; add people. Flushes.

    Returns whose documents changed.
    """
    service.validated("project", shared)
    parts = project.parts if project else ()
    if not parts and not people:
        raise Invalid(people=_("Name at least one person who takes part."))
    for part in parts:
        version = queries.version(part.id)
        own = {"person_months": part.data.get("person_months")}
        fields = dict(shared) | own
        if version is not None and service.validated("project", fields) != dict(part.data):
            service.correct(version, fields, by=by, at=at)
    known = {part.person.id for part in parts}
    new = [person for person in people if person.id not in known]
    for person in new:
        service.record(person, "project", shared, by=by, at=at)
    return sorted({*known, *(person.id for person in new)})


def _parts(kind: str, scope: Scope) -> list[Part]:
    rows = db.session.execute(
        sa.select(FactVersion, Person)
        .join(Person, Person.id == FactVersion.person_id)
        .where(
            FactVersion.kind == kind, FactVersion.withdrawn_at.is_(None),
            FactVersion.valid_to.is_(None), visible(scope),
        )
        .order_by(FactVersion.id)
        .limit(MOST)
    )  # fmt: skip
    return [
        Part(version.id, version.ref, person,
             kinds.unpack(version.kind, version.number, version.data))
        for version, person in rows
    ]  # fmt: skip
