"""Two editors of one document: mine, theirs and as it was, field by field; then one is saved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from tracker.core.errors import Invalid
from tracker.facts import kinds, queries, service
from tracker.facts.models import FactVersion
from tracker.web.editing import boxes, within
from tracker.web.editing.boxes import Box
from tracker.web.editing.saved import who
from tracker.web.editing.sheet import Sheet

PICK = "pick-"


@dataclass(frozen=True, slots=True)
class Difference:
    """A field on which the versions differ; values are typed, None where empty.

    `picked`: what is chosen beforehand, "" where both changed it and only a person can tell.
    """

    box: Box
    mine: Any
    theirs: Any
    was: Any
    picked: str


def differences(
    fields: Sequence[Box], mine: Mapping[str, Any], theirs: Mapping[str, Any],
    was: Mapping[str, Any],
) -> list[Difference]:  # fmt: skip
    """Return the fields that are not the same in all three."""
    found = []
    for box in fields:
        values = mine.get(box.name), theirs.get(box.name), was.get(box.name)
        if values[0] != values[1] or values[1] != values[2]:
            found.append(Difference(box, *values, _picked(*values)))
    return found


def resolved(sheet: Sheet) -> dict[str, str]:
    """Return what is in the boxes after the picks of a conflict page, if there are any."""
    typed = dict(sheet.typed)
    sources = {"theirs": sheet.base, "was": request.form.get("was", "")}
    for box in sheet.boxes:
        source = sources.get(request.form.get(PICK + box.name, ""))
        if source is not None:
            version = within.version(sheet.person.id, source)
            typed[box.name] = _shown(version).get(box.name, "") if version else ""
    return typed


def page(
    sheet: Sheet, theirs: FactVersion, *, was: FactVersion | None, action: str, further: str = "",
    more: Mapping[str, str] | None = None,
) -> ResponseReturnValue:  # fmt: skip
    """Ask which of the values to keep.

    `action`: where the choice goes. `further`: where mine goes when it is another document.
    `more`: what else the form held.
    """
    sheet.person = queries.person(sheet.person.id)
    sheet.revision = sheet.person.revision
    try:
        mine = service.validated(sheet.kind, boxes.given(sheet.kind, sheet.typed))
    except Invalid as error:
        sheet.errors = error.messages
        return sheet.page(), error.status
    found = differences(sheet.boxes, mine, data_of(theirs), data_of(was))
    shown = sheet.page(
        "people/conflict.html", differences=found, theirs=theirs, was=was, action=action,
        further=further, who=who(theirs.recorded_by), more=more or {},
    )  # fmt: skip
    return shown, 409


def data_of(version: FactVersion | None) -> dict[str, Any]:
    """Return the typed fields of a version; none of no version."""
    return kinds.unpack(version.kind, version.number, version.data) if version else {}


def _picked(mine: Any, theirs: Any, was: Any) -> str:
    if mine == was:
        return "theirs"
    return "mine" if theirs in (was, mine) else ""


def _shown(version: FactVersion) -> dict[str, str]:
    return boxes.shown(version.kind, data_of(version))
