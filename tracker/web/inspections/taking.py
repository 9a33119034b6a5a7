"""A period's inspections to take along, as one archive."""

from datetime import date

from flask import Blueprint, Response, request, stream_with_context
from flask_babel import gettext as _
from marshmallow import Schema, ValidationError, fields

from tracker.core.errors import Invalid
from tracker.inspections import archive
from tracker.web.access import READERS, roles

bp = Blueprint("inspection_archive", __name__)


class _Period(Schema):
    first = fields.Date(required=True)
    last = fields.Date(required=True)


@bp.get("/inspections/archive")
@roles(*READERS)
def take() -> Response:
    """Hand out the archive of a period while it is written."""
    first, last = _period()
    answer = Response(stream_with_context(archive.pieces(first, last)), mimetype="application/zip")
    name = f"inspections-{first}-{last}.zip"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _period() -> tuple[date, date]:
    try:
        typed = _Period().load(request.args.to_dict())
    except ValidationError:
        typed = {}
    if not typed or typed["last"] < typed["first"]:
        raise Invalid(_("Give a first day, and a last day that is not before it."))
    return typed["first"], typed["last"]
