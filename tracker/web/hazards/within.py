"""Find the hazard an address names, say who may do what with it, and end a change of one."""

from datetime import date, datetime

from flask import Blueprint

from tracker import pipeline
from tracker.accounts import audit
from tracker.accounts.models import Account
from tracker.core.db import db
from tracker.core.errors import NotFound
from tracker.hazards import record, service, states
from tracker.hazards.models import Hazard
from tracker.web.access import OFFICE, READERS, viewer
from tracker.web.editing import within

bp = Blueprint("hazards", __name__)
HAZARD = "/hazards/" + within.ID.format("hazard_id")
#: Who looks at hazards, and who enters what is done about them.
LOOKERS = (*READERS, "inspector", "unit_secretary")
WRITERS = (*OFFICE, "inspector")
#: In the order in which they are offered: what leads on first.
ACTS = ("report", "order", "reinspect", "done", "sign_off", "progress", "on_the_spot", "protect",
        "reassign")  # fmt: skip
#: What whoever answers for a hazard may do with it.
OF_OWNERS = frozenset({"progress", "done"})


def hazard_of(hazard_id: int) -> Hazard:
    """Return a hazard that the reader may see; NotFound else."""
    hazard = service.get(hazard_id)
    if viewer().role == "unit_secretary" and hazard.owner_id != viewer().id:
        raise NotFound
    return hazard


def claimed(hazard_id: int, revision: int) -> Hazard:
    """Return a hazard kept from other editors; Stale if somebody changed it since `revision`."""
    hazard_of(hazard_id)
    return record.for_change(hazard_id, expected=revision)


def may(account: Account, hazard: Hazard, act: str) -> bool:
    """Tell whether an account may do something with a hazard as it is now."""
    if not states.allowed(hazard.state, act) or not _sensible(hazard, act):
        return False
    if account.role in WRITERS or (account.role == "head" and act == "sign_off"):
        return True
    return act in OF_OWNERS and hazard.owner_id == account.id


def acts_for(account: Account, hazard: Hazard) -> list[str]:
    """Return what an account may do with a hazard, what leads on first."""
    found = [act for act in ACTS if may(account, hazard, act)]
    if hazard.grade == "major" and hazard.protection is None and "protect" in found:
        found.remove("protect")
        found.insert(0, "protect")
    return found


def _sensible(hazard: Hazard, act: str) -> bool:
    """Leave out what the state allows but the hazard gives no reason for."""
    if act == "report":
        return hazard.grade == "major" and hazard.reported_at is None
    if act == "sign_off":
        return hazard.ordered_at is not None and hazard.signed_off_at is None
    if act == "order":
        return hazard.grade != "major" or hazard.protection is not None
    return True


def settle(hazard: Hazard, action: str, *, today: date, now: datetime, **details: object) -> None:
    """Bring what is due in step with the hazard, put the change on the trail, commit."""
    pipeline.refresh_buildings([hazard.building_id], today=today, now=now)
    audit.record(
        actor=audit.actor_of(viewer()), action=action, subject=hazard.ref.replace("/", ":"),
        at=now, details=details,
    )  # fmt: skip
    db.session.commit()
