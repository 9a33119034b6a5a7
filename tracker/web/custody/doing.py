"""What the custody pages share: a change done once, put on the trail, with what follows."""

from collections.abc import Iterable

from flask import request

from tracker import pipeline
from tracker.accounts import audit
from tracker.core import clock
from tracker.core.db import db
from tracker.custody.models import CustodyItem
from tracker.web.editing.sheet import actor


def form_id() -> str:
    """Return the name of the form that was sent, so that sent twice it does things once."""
    sent = request.form.get("form", "")
    return sent if len(sent) == 32 and sent.isascii() and sent.isalnum() else f"at {clock.now()}"


def settle(action: str, items: Iterable[CustodyItem], **details: object) -> None:
    """Note what was done to which documents, derive what follows, and commit."""
    items, now = list(items), clock.now()
    for person_id in sorted({item.person_id for item in items}):
        mine = [item.fact_ref for item in items if item.person_id == person_id]
        audit.record(actor=actor(), action=action, subject=f"person:{person_id}", at=now,
                     details={"documents": mine, **details})  # fmt: skip
    pipeline.refresh(sorted({item.person_id for item in items}), today=clock.today(), now=now)
    db.session.commit()
