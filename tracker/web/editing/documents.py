"""Record a document or event of any kind, correct one, take one back."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.facts import kinds, queries, service
from tracker.facts.models import FactVersion, Person
from tracker.web import words
from tracker.web.access import OFFICE, roles
from tracker.web.editing import boxes, conflict, within
from tracker.web.editing.sheet import Sheet, actor, changed_meanwhile, take, way_back

bp = Blueprint("documents", __name__)
#: Kinds a person enters on their own; particulars and decisions have forms of their own.
GROUPS = (
    (("residence_permit", "work_permit", "passport", "visa", "stay_certificate"), ("foreigner",)),
    (("hmt_residence_card", "hmt_travel_permit"), ("hmt",)),
    (("permanent_residence_card",), ("permanent_resident",)),
    (("contract", "accommodation", "entry", "application", "health_certificate",
      "no_criminal_record", "birth", "loss", "project", "award"), ()),
)  # fmt: skip
RECORDED = tuple(kind for group, _identities in GROUPS for kind in group)
#: What a renewed document usually has in common with the one before.
CARRIED = ("purpose", "category", "visa", "post")


@bp.get(within.PERSON + "/record")
@roles(*OFFICE)
def choose(person_id: int) -> ResponseReturnValue:
    """Ask what kind of document or event to record; those of the person's identity first."""
    person = within.person(person_id)
    ordered = sorted(GROUPS, key=lambda group: person.identity not in (group[1] or ("",)))
    listed = [kind for group, _identities in ordered for kind in group]
    held = {version.kind for version in queries.in_force(person.id)}
    return render_template(
        "people/kinds.html", person=person, kinds=listed, held=held, back=way_back(person)
    )


@bp.route(within.PERSON + "/record/<kind>", methods=["GET", "POST"])
@roles(*OFFICE)
def record(person_id: int, kind: str) -> ResponseReturnValue:
    """Record a new document or event."""
    person = within.person(person_id)
    if kind not in RECORDED:
        abort(404)
    sheet = Sheet(
        title=_record_title(person, kind), kind=kind, boxes=boxes.boxes_of(kind), person=person,
        submit=_("Save"), takes_file=True,
    )  # fmt: skip
    if request.method == "GET":
        sheet.typed = _carried_over(person, kind)
        return sheet.page()
    sheet.fill()
    fields = boxes.given(kind, sheet.typed)
    return take(
        sheet, lambda at: service.record(person, kind, fields, by=actor(), at=at),
        action=f"record {kind}", stale=_record_stale,
        said=_("%(kind)s recorded.", kind=words.named(words.KINDS, kind)),
    )  # fmt: skip


@bp.route(within.PERSON + "/documents/<kind>/<int(max=99999):number>", methods=["GET", "POST"])
@roles(*OFFICE)
def correct(person_id: int, kind: str, number: int) -> ResponseReturnValue:
    """Correct what was told wrongly, or complete it; the wrong version stays on record."""
    if kind == "profile":
        return redirect(url_for("person_edit.edit", person_id=person_id), 303)
    current = within.document(person_id, kind, number)
    person = within.person(person_id)
    named = words.named(words.KINDS, kind)
    sheet = Sheet(
        title=_("Correct: %(kind)s", kind=named), kind=kind, boxes=boxes.boxes_of(kind),
        person=person, submit=_("Save the correction"), takes_file=True, base=str(current.id),
        withdrawable=True,
    )  # fmt: skip
    if request.method == "GET":
        sheet.typed = boxes.shown(kind, conflict.data_of(current))
        return sheet.page()
    sheet.fill()
    if request.form.get("do") == "withdraw":
        return _withdraw(sheet, current, named)
    return _correct(sheet, current, named)


def _correct(sheet: Sheet, current: FactVersion, named: str) -> ResponseReturnValue:
    sheet.typed = conflict.resolved(sheet)
    if sheet.base != str(current.id):
        return _correct_stale(sheet)
    sheet.revision = sheet.person.revision
    fields = boxes.given(sheet.kind, sheet.typed)
    return take(
        sheet, lambda at: service.correct(current, fields, by=actor(), at=at),
        action=f"correct {sheet.kind}", stale=_correct_stale,
        said=_("%(kind)s corrected.", kind=named),
    )  # fmt: skip


def _withdraw(sheet: Sheet, current: FactVersion, named: str) -> ResponseReturnValue:
    def act(at: object) -> None:
        service.withdraw(current, at=at)  # type: ignore[arg-type]

    if sheet.base != str(current.id):
        return changed_meanwhile(sheet)
    sheet.revision, sheet.kept = sheet.person.revision, None
    return take(
        sheet, act, action=f"withdraw {sheet.kind}", stale=changed_meanwhile,
        said=_("%(kind)s taken back. It stays in the history.", kind=named),
    )  # fmt: skip


def _correct_stale(sheet: Sheet) -> ResponseReturnValue:
    """Somebody corrected the same document: choose field by field."""
    was = within.version(sheet.person.id, sheet.base)
    if was is None:
        abort(400)
    theirs = within.document(sheet.person.id, was.kind, was.document_no)
    return conflict.page(sheet, theirs, was=was, action=request.path)


def _record_stale(sheet: Sheet) -> ResponseReturnValue:
    """Somebody recorded a document of this kind meanwhile: it may well be the same one."""
    since = int(sheet.base) if sheet.base.isdecimal() else 0
    newer = [
        version
        for version in queries.in_force(sheet.person.id)
        if version.kind == sheet.kind and version.id > since and version.version == 1
    ]
    if not newer:
        return changed_meanwhile(sheet)
    theirs = newer[-1]
    return conflict.page(
        sheet, theirs, was=None, further=request.path,
        action=url_for(
            ".correct", person_id=sheet.person.id, kind=theirs.kind, number=theirs.document_no
        ),
    )  # fmt: skip


def _record_title(person: Person, kind: str) -> str:
    held = any(version.kind == kind for version in queries.in_force(person.id))
    named = words.named(words.KINDS, kind)
    if held and "number" in kinds.KINDS[kind].fields:
        return str(_("Renewed: %(kind)s", kind=named))
    return str(_("Record: %(kind)s", kind=named))


def _carried_over(person: Person, kind: str) -> dict[str, str]:
    wanted = request.args.get("procedure", "")
    typed = {"procedure": wanted} if kind == "application" and wanted in kinds.PROCEDURES else {}
    for version in queries.in_force(person.id):
        if version.kind == kind and kinds.KINDS[kind].replaces:
            before = boxes.shown(kind, conflict.data_of(version))
            typed |= {name: before[name] for name in CARRIED if name in before}
            if kind == "passport" and version.number:
                typed["replaces"] = version.number
    return typed
