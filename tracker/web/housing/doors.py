"""Codes for the doors: printed floor by floor, and where a code leads."""

from io import BytesIO

import segno
from flask import Blueprint, current_app, redirect, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.core.errors import Conflict, NotFound
from tracker.housing import queries, service
from tracker.housing.models import Building, Room
from tracker.typeset.pdf import typeset
from tracker.web import language
from tracker.web.access import OFFICE, public, roles
from tracker.web.forms import asked
from tracker.web.housing.within import BUILDING

bp = Blueprint("doors", __name__)
#: Codes that are typeset while somebody waits.
MOST = 400


@bp.get(BUILDING + "/doors.pdf")
@roles(*OFFICE)
def sheet(building_id: int) -> ResponseReturnValue:
    """Send the codes of a building's doors to be printed, or those of one floor or room."""
    found = service.building(building_id)
    level, room_id = asked("level", 5), asked("room", 10)
    storeys = queries.storeys(found.id)
    if not level and not room_id and sum(len(each.rooms) for each in storeys) > MOST:
        raise Conflict(_("So many codes take long. Print them floor by floor."))
    floors = [
        {"level": str(floor.level), "doors": doors}
        for floor in storeys
        if level in ("", str(floor.level))
        and (doors := [_door(each) for each in floor.rooms if room_id in ("", str(each.id))])
    ]
    if not floors:
        raise NotFound
    made = typeset("doors", _about(found) | {"floors": floors}, language=language.current())
    name = f"doors-{found.id}{f'-{level}' if level else ''}.pdf"
    return send_file(
        BytesIO(made), mimetype="application/pdf", as_attachment=True, download_name=name, max_age=0
    )


@bp.get("/door/<token>")
@public("a code on a door leads to the sign-in and tells nothing about the room")
def lead(token: str) -> ResponseReturnValue:
    """Lead from the code on a door to the room's form."""
    room = queries.behind(token) if len(token) <= 32 else None
    if room is None:
        raise NotFound
    return redirect(f"/phone/#/room/{room.id}", 302)


def _about(found: Building) -> dict[str, object]:
    return {"zh": found.name_zh, "en": found.name_en or "", "campus": found.campus.name_zh}


def _door(room: Room) -> dict[str, str]:
    address = f"{current_app.config['PUBLIC_URL'].rstrip('/')}/door/{room.door_token}"
    out = BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", border=2, xmldecl=False, svgns=True, nl=False
    )
    return {"number": room.number, "use": room.use, "code": out.getvalue().decode()}
