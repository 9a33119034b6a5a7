"""Addresses for monitors: is the process alive, can it do its work."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from tracker import checkup
from tracker.core import clock
from tracker.web.access import public

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@public("a monitor has no account; says nothing but that the process answers")
def alive() -> ResponseReturnValue:
    """Answer without touching the database."""
    return jsonify(status="ok")


@bp.get("/readyz")
@public("a monitor has no account; names what is wrong, nothing about people")
def ready() -> ResponseReturnValue:
    """Answer 503 and what is wrong if reminders could not do their work."""
    # A hold is a person's to release, on a page that must stay reachable.
    findings = [each for each in checkup.ready(now=clock.now()) if each.name != "hold"]
    well = all(finding.ok for finding in findings)
    checks = {each.name: "ok" if each.ok else each.detail for each in findings}
    return jsonify(ready=well, checks=checks), 200 if well else 503
