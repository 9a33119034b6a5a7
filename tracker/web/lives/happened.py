"""“Something happened”: one guided form an event, with what it stops and starts beside it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from tracker.cases import plans
from tracker.core import clock
from tracker.facts import queries, service
from tracker.facts.models import FactVersion, Person
from tracker.lives import events
from tracker.obligations import book
from tracker.web.access import OFFICE, roles
from tracker.web.editing import boxes, conflict, within
from tracker.web.editing.boxes import Box
from tracker.web.editing.sheet import Sheet, actor, changed_meanwhile, take, way_back

bp = Blueprint("happened", __name__)
Typed = Mapping[str, str]
Tell = Callable[[Person, Typed, datetime], FactVersion]
ENTRY = ("on", "visa", "stay_days", "residence_permit_required")
LODGING = ("moved_in_at", "building", "room", "address", "building_kind")


@dataclass(frozen=True, slots=True)
class Event:
    """One guided form: what it asks, field by field of each kind, and how it is told."""

    title: Any
    hint: Any
    asks: tuple[tuple[str, tuple[str, ...]], ...]
    tell: Tell
    submit: Any = ""
    #: For whom it is offered: by status.
    statuses: tuple[str, ...] = ("recruiting", "active", "on_leave")
    takes_file: bool = True

    @property
    def kind(self) -> str:
        """The kind whose schema names the form."""
        return self.asks[0][0]


def _plain(kind: str, act: Callable[..., FactVersion], *, ruled: bool = True) -> Tell:
    def tell(person: Person, typed: Typed, at: datetime) -> FactVersion:
        fields = boxes.given(kind, typed)
        rules = (book.current(),) if ruled else ()
        return act(person, fields, *rules, by=actor(), at=at)

    return tell


def _arrived(person: Person, typed: Typed, at: datetime) -> FactVersion:
    entry = boxes.given("entry", {name: typed[name] for name in ENTRY})
    lodging = boxes.given("accommodation", {name: typed[name] for name in LODGING})
    return events.arrive(person, entry, lodging, by=actor(), at=at)


def _changed(item: str, kind: str, names: tuple[str, ...]) -> Tell:
    def tell(person: Person, typed: Typed, at: datetime) -> FactVersion:
        values = boxes.given(kind, {name: typed[name] for name in names})
        return events.change(person, item, typed["on"], values, book.current(), by=actor(), at=at)

    return tell


def _change(item: str, title: Any, hint: Any, kind: str, *names: str) -> Event:
    asks = (("change", ("on",)), (kind, names))
    return Event(title, hint, asks, _changed(item, kind, names), statuses=("active", "on_leave"))


def _born(person: Person, fields: Mapping[str, Any], *, by: str, at: datetime) -> FactVersion:
    return service.record(person, "birth", fields, by=by, at=at)


EVENTS: Mapping[str, Event] = {
    "arrival": Event(
        _l("Will arrive"), _l("The day, the flight, who meets them, the room."),
        (("arrival", ("on", "flight", "port", "met_by", "lodging")),),
        _plain("arrival", events.plan_arrival, ruled=False), takes_file=False,
    ),
    "arrived": Event(
        _l("Has arrived"), _l("Starts the clocks of 24 hours and 30 days."),
        (("entry", ENTRY), ("accommodation", LODGING)), _arrived, submit=_l("Record the arrival"),
    ),
    "leaving": Event(
        _l("Is leaving"), _l("Ends the contract, and opens the cases of leaving."),
        (("leaving", ("on", "reason", "afterwards")),), _plain("leaving", events.leave),
    ),
    "birth": Event(
        _l("A child was born"), _l("To be registered within 60 days."),
        (("birth", ("on",)),), _plain("birth", _born, ruled=False),
    ),
    "loss": Event(
        _l("A document is lost"), _l("To be reported at once, then replaced."),
        (("loss", ("on", "document", "reported_on", "certificate")),),
        _plain("loss", events.lose), statuses=("recruiting", "active", "on_leave", "departed"),
    ),
    "name": _change("name", _l("Another name"), _l("As printed in the new passport."),
                    "profile", "name_en", "name_zh"),
    "nationality": _change("nationality", _l("Another nationality"),
                           _l("Means a new work permit."), "profile", "nationality"),
    "post": _change("post", _l("Another post"), _l("The contract is amended with it."),
                    "contract", "post"),
    "category": _change("category", _l("Another category"),
                        _l("A, B or C of the work permit."), "profile", "category"),
    "workplace": _change("workplace", _l("Another place of work"),
                         _l("Another campus, city or employer's site."), "change", "after"),
    "death": Event(
        _l("Has died"), _l("No letter is written to them any more."),
        (("death", ("on", "place", "family")),), _plain("death", events.die),
        submit=_l("Record the death"),
        statuses=("recruiting", "active", "on_leave", "departed"),
    ),
}  # fmt: skip


#: What the day of each kind of event is called.
DAYS = {
    "arrival": _l("Expected on"), "entry": _l("Entered China on"), "leaving": _l("Last day here"),
    "birth": _l("Born on"), "loss": _l("Noticed on"), "change": _l("Since"),
    "death": _l("Died on"),
}  # fmt: skip


@bp.get(within.PERSON + "/happened")
@roles(*OFFICE)
def choose(person_id: int) -> ResponseReturnValue:
    """Ask what has happened."""
    person = within.person(person_id)
    dead = any(version.kind == "death" for version in queries.in_force(person.id))
    offered = {
        name: event
        for name, event in EVENTS.items()
        if person.status in event.statuses and not dead
    }
    return render_template(
        "lives/happened.html", person=person, events=offered, back=way_back(person)
    )


@bp.route(within.PERSON + "/happened/<happening>", methods=["GET", "POST"])
@roles(*OFFICE)
def tell(person_id: int, happening: str) -> ResponseReturnValue:
    """Ask for what is needed, show what it changes, save it."""
    person, event = within.person(person_id), EVENTS.get(happening)
    if event is None:
        abort(404)
    sheet = Sheet(
        title=f"{event.title}", kind=event.kind, boxes=_boxes(event, person), person=person,
        submit=str(event.submit or _("Save")), takes_file=event.takes_file,
        intro="lives/_intro.html",
        extra={"event": happening, "family": _family(person.id)},
    )  # fmt: skip
    if request.method == "GET":
        sheet.typed = _known(person, happening)
        return sheet.page()
    sheet.fill()
    return take(
        sheet, lambda at: event.tell(person, sheet.typed, at), action=f"happened {happening}",
        said=_("Recorded: %(what)s.", what=event.title), stale=changed_meanwhile,
    )  # fmt: skip


def _boxes(event: Event, person: Person) -> list[Box]:
    asked = [box for kind, names in event.asks for box in boxes.boxes_of(kind, names)]
    found = [replace(box, required=False) if box.name == "moved_in_at" else box for box in asked]
    return [_for(box, event, person) for box in found]


def _for(box: Box, event: Event, person: Person) -> Box:
    """Call the day what it is here, and offer only documents that such a person holds."""
    if box.name == "on":
        return replace(box, label=str(DAYS.get(event.kind, box.label)))
    if box.name != "document":
        return box
    held = {version.kind for version in queries.in_force(person.id)}
    likely = tuple(each for each in box.choices if each[0] in held)
    return replace(box, choices=likely or box.choices)


def _known(person: Person, name: str) -> dict[str, str]:
    """Fill in what is on record, so that it is changed and not typed again."""
    today = {"on": clock.today().isoformat()}
    if name in {"arrival", "leaving"}:
        planned = [v for v in queries.in_force(person.id) if v.kind == name]
        if name == "arrival":
            planned = [found] if (found := events.planned_arrival(person.id)) else []
        return boxes.shown(name, conflict.data_of(planned[0])) if planned else {}
    if name == "arrived":
        planned_one = events.planned_arrival(person.id)
        lodging = conflict.data_of(planned_one).get("lodging") if planned_one else None
        return today | {"visa": "Z"} | ({"address": lodging} if lodging else {})
    if name == "name":
        return today | {"name_zh": person.name_zh or "", "name_en": person.name_en or ""}
    return {} if name == "death" else today


def _family(person_id: int) -> list[Person]:
    """Return who is here because of this person."""
    return [queries.person(each) for each in plans.dependants([person_id]).get(person_id, ())]
