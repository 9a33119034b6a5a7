"""An obligation taken into hand: filed with the authority, done, waived, or not applicable."""

from datetime import datetime

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.core import clock
from tracker.core.errors import Invalid
from tracker.facts import service
from tracker.facts.models import FactVersion
from tracker.obligations import book
from tracker.obligations.models import Obligation
from tracker.rules.model import Rule
from tracker.web import language
from tracker.web.access import OFFICE, roles
from tracker.web.editing import boxes, within
from tracker.web.editing.effects import PENDING
from tracker.web.editing.sheet import Sheet, actor, changed_meanwhile, take

bp = Blueprint("duties", __name__)
DUTY = within.PERSON + "/duties/" + within.ID.format("obligation_id")


@bp.route(DUTY + "/settle", methods=["GET", "POST"])
@roles(*OFFICE)
def settle(person_id: int, obligation_id: int) -> ResponseReturnValue:
    """Record that nothing needs to be done any more, and why."""
    duty, rule = _pending(person_id, obligation_id)
    sheet = Sheet(
        title=_("Settle: %(duty)s", duty=rule.title[language.current()]), kind="settlement",
        boxes=boxes.boxes_of("settlement", ("outcome", "on", "note")), submit=_("Settle"),
        person=within.person(person_id), takes_file=True, intro="people/_settling.html",
    )  # fmt: skip
    if request.method == "GET":
        sheet.typed = {"outcome": "done", "on": clock.today().isoformat()}
        return sheet.page()
    sheet.fill()
    fields = boxes.given("settlement", sheet.typed)
    about = {"rule_id": duty.rule_id, "fact_ref": duty.fact_ref}

    def act(at: datetime) -> FactVersion:
        if fields["outcome"] in ("waived", "not_applicable") and not fields["note"]:
            raise Invalid(note=_("Say on what ground, so that an audit understands it."))
        return service.record(sheet.person, "settlement", fields | about, by=actor(), at=at)

    return take(sheet, act, action=f"settle {rule.id}", said=_("Settled."), stale=changed_meanwhile)


@bp.route(DUTY + "/filed", methods=["GET", "POST"])
@roles(*OFFICE)
def filed(person_id: int, obligation_id: int) -> ResponseReturnValue:
    """Record that the application was accepted, with its receipt; reminders are quiet then."""
    _duty, rule = _pending(person_id, obligation_id)
    procedure = rule.fulfilment.filed_by
    if procedure is None:
        abort(404)
    sheet = Sheet(
        title=_("Filed: %(duty)s", duty=rule.title[language.current()]), kind="application",
        boxes=boxes.boxes_of("application", ("accepted_on", "receipt_number")),
        person=within.person(person_id), submit=_("Save"), takes_file=True,
    )  # fmt: skip
    if request.method == "GET":
        sheet.typed = {"accepted_on": clock.today().isoformat()}
        return sheet.page()
    sheet.fill()
    fields = boxes.given("application", sheet.typed) | {"procedure": procedure}
    return take(
        sheet, lambda at: service.record(sheet.person, "application", fields, by=actor(), at=at),
        action="record application", said=_("Application recorded."), stale=changed_meanwhile,
    )  # fmt: skip


def _pending(person_id: int, obligation_id: int) -> tuple[Obligation, Rule]:
    duty = within.duty(person_id, obligation_id)
    rules = book.current()
    if not rules.has(duty.rule_id) or (duty.state not in PENDING and request.method == "GET"):
        abort(404)
    return duty, rules.rule(duty.rule_id)
