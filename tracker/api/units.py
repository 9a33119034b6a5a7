"""Units: the colleges and departments that hire."""

from typing import Any

import sqlalchemy as sa
from marshmallow import Schema, fields

from tracker.accounts.scope import scope_of
from tracker.api.blueprint import Blueprint
from tracker.core.db import db
from tracker.core.errors import NotFound
from tracker.facts.models import Unit
from tracker.web.access import READERS, viewer

bp = Blueprint("units", "Colleges and departments that hire")
SECRETARIES = (*READERS, "unit_secretary")


class UnitSchema(Schema):
    """One unit."""

    component = "Unit"
    id = fields.Integer(required=True)
    name_zh = fields.String(required=True)
    name_en = fields.String(required=True, allow_none=True)


@bp.read("/units", UnitSchema(many=True), scope="people:read", to=SECRETARIES)
def list_units() -> Any:
    """List the units; a secretary sees their own."""
    scope = scope_of(viewer())
    wanted = sa.select(Unit).order_by(Unit.name_zh, Unit.id)
    if not scope.everybody:
        wanted = wanted.where(Unit.id == scope.unit_id)
    return db.session.scalars(wanted).all()


@bp.read("/units/<id:unit_id>", UnitSchema(), scope="people:read", to=SECRETARIES)
def read_unit(unit_id: int) -> Any:
    """Read one unit."""
    scope, unit = scope_of(viewer()), db.session.get(Unit, unit_id)
    if unit is None or not (scope.everybody or scope.unit_id == unit.id):
        raise NotFound
    return unit
