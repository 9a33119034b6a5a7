"""Who lives here against who is registered here: on a page, printed, taken along."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from flask import Blueprint, render_template, send_file
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from marshmallow import fields, validate

from tracker.accounts import audit
from tracker.core import clock
from tracker.core.db import db
from tracker.directory import residents, residents_sheet
from tracker.directory.residents import Resident, Wanted
from tracker.directory.tables import FORMATS, WRITERS
from tracker.housing import queries, service
from tracker.housing.models import Building
from tracker.housing.numbers import level_of
from tracker.web import forms, language
from tracker.web.access import OFFICE, READERS, roles, viewer
from tracker.web.forms import asked, page_number
from tracker.web.housing import within
from tracker.web.housing.within import BUILDING

bp = Blueprint("residents", __name__)
PAGE = 100


class TakeAlong(forms.Form):
    """Which residents, as which kind of file."""

    state = fields.String(load_default="", validate=validate.OneOf(("", *residents.STATES)))
    q = fields.String(load_default="", validate=validate.Length(max=100))
    format = fields.String(
        required=True,
        validate=validate.OneOf(sorted(FORMATS), error=_l("Choose Excel or CSV.")),
    )


@bp.get("/residents")
@roles(*READERS)
def show() -> ResponseReturnValue:
    """Show the residents of all buildings."""
    return _page(None)


@bp.get(BUILDING + "/residents")
@roles(*READERS)
def of_building(building_id: int) -> ResponseReturnValue:
    """Show the residents of one building."""
    return _page(service.building(building_id))


@bp.post("/residents/export")
@roles(*READERS)
def take_along() -> ResponseReturnValue:
    """Send the residents of all buildings as a file."""
    return _file(None)


@bp.post(BUILDING + "/residents/export")
@roles(*READERS)
def take_along_of(building_id: int) -> ResponseReturnValue:
    """Send the residents of one building as a file."""
    return _file(service.building(building_id))


@bp.get(BUILDING + "/emergency")
@roles(*READERS)
def emergency(building_id: int) -> ResponseReturnValue:
    """Show who is to be found on which floor, to be printed and kept with the keys."""
    found = service.building(building_id)
    living = [each for each in residents.listed(Wanted(found.id)) if each.state != "left"]
    numbers = residents.phones([each.person_id for each in living])
    return render_template(
        "housing/emergency.html", building=found, floors=_by_floor(living, found.id),
        phones=numbers, today=clock.today(), now=clock.now(), count=len(living),
    )  # fmt: skip


def _by_floor(living: Sequence[Resident], building_id: int) -> dict[int | None, list[Resident]]:
    """Return the residents by floor, the highest first; None for those without a room."""
    levels = {
        room.id: floor.level for floor in queries.storeys(building_id) for room in floor.rooms
    }
    found: dict[int | None, list[Resident]] = {}
    for each in living:
        place = each.lives
        level = levels.get(place.room_id or 0) if place else None
        if level is None and place and place.door:
            level = level_of(place.door)
        found.setdefault(level, []).append(each)
    return dict(sorted(found.items(), key=lambda pair: -(pair[0] if pair[0] is not None else -99)))


def _page(building: Building | None) -> str:
    wanted = _wanted(building)
    everybody = residents.listed(Wanted(wanted.building_id))
    shown = everybody if wanted == Wanted(wanted.building_id) else residents.listed(wanted)
    page, pages = page_number(), max(-(-len(shown) // PAGE), 1)
    page = min(page, pages)
    whole = asked("all") == "1"
    return render_template(
        "housing/residents.html", building=building, wanted=wanted, page=page, pages=pages,
        residents=shown if whole else shown[(page - 1) * PAGE : page * PAGE], whole=whole,
        count=len(shown), total=len(everybody), counts=residents.count(everybody),
        buildings=queries.buildings(), states=residents.STATES, today=clock.today(),
        now=clock.now(), may_change=viewer().role in OFFICE,
    )  # fmt: skip


def _wanted(building: Building | None) -> Wanted:
    state = asked("state", 20)
    return Wanted(
        building.id if building else None, state if state in residents.STATES else "", asked("q")
    )


def _file(building: Building | None) -> ResponseReturnValue:
    typed: dict[str, Any] = forms.typed(TakeAlong())
    building_id = building.id if building else None
    found = residents.listed(Wanted(building_id, typed["state"], typed["q"]))
    content = WRITERS[typed["format"]](residents_sheet.table(found, language=language.current()))
    audit.record(
        actor=within.actor(), action="list exported", at=clock.now(),
        subject=f"building:{building_id}" if building_id else "people",
        details={"format": typed["format"], "people": len(found), "state": typed["state"]},
    )  # fmt: skip
    db.session.commit()
    name = f"residents-{clock.today().isoformat()}.{typed['format']}"
    return send_file(
        BytesIO(content), mimetype=FORMATS[typed["format"]], as_attachment=True, download_name=name
    )
