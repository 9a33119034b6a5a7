"""An office with a building to inspect, and what its server keeps of what phones sent."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask import Flask

from tests import seeds
from tests.browser.rounds import Promised, differences
from tests.inspections.phones import make_building
from tracker.accounts import service
from tracker.core import clock
from tracker.core.db import db
from tracker.files.models import Photo
from tracker.inspections.models import InspectionOp


def open_office(app: Flask, *, rooms: int = 20) -> None:
    """Record an account of each role and a building with gas and rooms 101, 102, …"""
    with app.app_context():
        seeds.make_accounts(at=clock.now())
        make_building(rooms=rooms, gas=True)
        db.session.commit()
        db.session.remove()


def entries(app: Flask) -> list[dict[str, Any]]:
    """Return the entries of all phones in the order they were made."""
    with app.app_context():
        rows = db.session.scalars(sa.select(InspectionOp).order_by(InspectionOp.seq)).all()
        told = [
            {"type": row.type, "at": row.device_at, "data": row.data, "fault": row.fault}
            for row in rows
        ]
        db.session.remove()
    return told


def photos(app: Flask) -> list[str]:
    """Return the ids of the photos that arrived."""
    with app.app_context():
        found = sorted(db.session.scalars(sa.select(Photo.id)))
        db.session.remove()
    return found


def photos_named_by(kept: Sequence[dict[str, Any]]) -> list[str]:
    """Return the ids of the photos that entries name."""
    return sorted({photo for op in kept for photo in op["data"].get("photos", [])})


def wrong_with(app: Flask, promised: Sequence[Promised]) -> list[str]:
    """Return how what the server keeps differs from what a phone's screen promised."""
    kept = entries(app)
    wrong = [*differences(promised, kept), *(op["fault"] for op in kept if op["fault"])]
    if photos(app) != photos_named_by(kept):
        wrong.append("the photos are not those that the entries name")
    return wrong


def end_sessions(app: Flask, role: str = "inspector") -> None:
    """End the sessions of an account on the server."""
    with app.app_context():
        service.end_sessions(service.get(f"{role}@example.org"))
        db.session.commit()
        db.session.remove()
