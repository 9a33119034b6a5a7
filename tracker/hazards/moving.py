"""What is done about a hazard, each with who, when, why and pictures. Flushes only.

Every function takes a hazard kept from other editors (record.for_change).
"""

from datetime import date

from tracker.core.clock import campus_day
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid
from tracker.core.i18n import gettext as _
from tracker.hazards import owners, states
from tracker.hazards.models import Hazard
from tracker.hazards.record import Deed, move, note, required

#: States in which a major hazard may not be without protection.
_GOES_ON = ("ordered", "in_progress", "done")
#: The failed re-inspection from which on a hazard is one grade worse, and the head's.
GRAVE_FAILURE = 2


def protect(hazard: Hazard, deed: Deed, *, how: str) -> None:
    """Record how people are kept safe until it is right: the deed's note says what was done."""
    states.require(hazard.state, "protect")
    if how not in states.PROTECTIONS:
        raise Invalid(how=_("Choose one of the list."))
    hazard.protection_text = required("note", deed.note, _("Say what was done."))[:500]
    hazard.protection = how
    note(hazard, "protected", deed, data={"how": how})


def report(hazard: Hazard, deed: Deed) -> None:
    """Record that a major hazard was reported to whoever must hear of it."""
    states.require(hazard.state, "report")
    if hazard.grade != "major":
        raise Conflict(state=_("Only a major hazard is reported."))
    required("note", deed.note, _("Say to whom it was reported."))
    hazard.reported_at = hazard.reported_at or deed.at
    note(hazard, "reported", deed)


def order(
    hazard: Hazard, deed: Deed, *, measure: str, deadline: date, department: str, owner_id: int,
    funds: str = "", usual: date | None = None,
) -> None:  # fmt: skip
    """Order that it be put right: how, by when, by which department and person, paid how.

    `usual`: the last day of the school's own terms; a later deadline needs the deed's note to say
    why. Conflict for a major hazard of which nobody has said how people are kept safe.
    """
    states.require(hazard.state, "order")
    require_protection(hazard)
    measure = required("measure", measure, _("Say what has to be done."))
    department = required("department", department, _("Name the department that does it."))
    if deadline < campus_day(deed.at):
        raise Invalid(deadline=_("This day has passed already."))
    if usual is not None and deadline > usual and not deed.note.strip():
        raise Invalid(note=_("This is later than the usual term. Say why."))
    owner = owners.checked(owner_id)
    hazard.measure, hazard.deadline = measure[:1000], deadline
    hazard.department, hazard.funds = department[:80], funds.strip()[:120]
    hazard.owner_id, hazard.handed_from, hazard.ordered_at = owner.id, "", deed.at
    to = "in_progress" if hazard.state == "in_progress" else "ordered"
    move(hazard, to, "ordered", deed, {
        "measure": hazard.measure, "deadline": deadline.isoformat(),
        "department": hazard.department, "owner": owner.name, "funds": hazard.funds,
    })  # fmt: skip
    db.session.expire(hazard, ["owner"])


def reassign(hazard: Hazard, deed: Deed, *, owner_id: int) -> None:
    """Give a hazard to somebody else."""
    states.require(hazard.state, "reassign")
    owner, before = owners.checked(owner_id), hazard.owner
    hazard.owner_id, hazard.handed_from = owner.id, ""
    note(hazard, "reassigned", deed,
         data={"from": before.name if before else "", "to": owner.name})  # fmt: skip
    db.session.expire(hazard, ["owner"])


def progress(hazard: Hazard, deed: Deed) -> None:
    """Record how the work goes on, as often as there is something to say."""
    states.require(hazard.state, "progress")
    if not deed.photos:
        required("note", deed.note, _("Say how it goes on, or add a picture."))
    move(hazard, "in_progress", "progress", deed)


def done(hazard: Hazard, deed: Deed) -> None:
    """Record that the work is done; it waits for a re-inspection."""
    states.require(hazard.state, "done")
    hazard.done_at = deed.at
    move(hazard, "done", "done", deed)


def on_the_spot(hazard: Hazard, deed: Deed) -> None:
    """Record that it was put right at once, before the inspectors' eyes.

    That closes it, but a major one is looked at again.
    """
    states.require(hazard.state, "on_the_spot")
    required("note", deed.note, _("Say what was done."))
    _put_right(hazard, deed)


def sign_off(hazard: Hazard, deed: Deed, *, name: str) -> None:
    """Record who of the management signed that the rectification is complete."""
    states.require(hazard.state, "sign_off")
    if hazard.signed_off_at is not None:
        raise Conflict(state=_("It is signed off already."))
    hazard.signed_off_by = required("name", name, _("Give the name of who signs."))[:120]
    hazard.signed_off_at = deed.at
    note(hazard, "signed_off", deed, data={"name": hazard.signed_off_by})


def reinspect(hazard: Hazard, deed: Deed, *, passed: bool, deadline: date | None = None) -> None:
    """Record what the re-inspection found: it is closed, or ordered anew with a new deadline.

    After the second failure it is one grade worse, and the head hears of it.
    """
    states.require(hazard.state, "reinspect")
    if passed:
        _close(hazard, "passed", deed)
        return
    required("note", deed.note, _("Say what is still wrong."))
    if deadline is not None and deadline < campus_day(deed.at):
        raise Invalid(deadline=_("This day has passed already."))
    _reopen(hazard, deed, deadline)


def seen_fixed(hazard: Hazard, deed: Deed) -> None:
    """Record that somebody saw an open hazard put right."""
    if hazard.state == "found":
        _put_right(hazard, deed)
        return
    hazard.done_at = hazard.done_at or deed.at
    _close(hazard, "passed", deed)


def seen_still(hazard: Hazard, deed: Deed) -> None:
    """Record that somebody saw it unmended; what was seen before it was done says nothing new."""
    since = hazard.closed_at or (hazard.done_at if hazard.state == "done" else None)
    if since is not None and deed.at >= since:
        _reopen(hazard, deed, None)
    else:
        note(hazard, "sighted", deed)


def regrade(hazard: Hazard, grade: str, deed: Deed, *, why: str, number: str | None = None) -> None:
    """Raise a hazard to a grade. `why`: seen, repeat (of `number`) or failed.

    One that becomes major stops where it is until people are kept safe: it is ordered anew then.
    """
    if grade == hazard.grade:
        return
    before, hazard.grade, hazard.graded_at = hazard.grade, grade, deed.at
    to = hazard.state
    if grade == "major" and hazard.protection is None and to in _GOES_ON:
        to = "found"
    data = {"from": before, "to": grade, "why": why, "number": number}
    move(hazard, to, "raised", Deed(deed.by, deed.at, deed.now), data)


def require_protection(hazard: Hazard) -> None:
    """Raise Conflict if a major hazard would go on while nobody is kept safe from it."""
    if hazard.grade == "major" and hazard.protection is None:
        raise Conflict(
            state=_("A major hazard: first record that the place is out of use, or how people "
                    "are kept safe.")
        )  # fmt: skip


def _put_right(hazard: Hazard, deed: Deed) -> None:
    hazard.done_at = deed.at
    if hazard.grade == "major":
        hazard.protection, hazard.protection_text = "interim", deed.note.strip()[:500]
        move(hazard, "done", "on_the_spot", deed)
    else:
        _close(hazard, "on_the_spot", deed)


def _close(hazard: Hazard, kind: str, deed: Deed) -> None:
    hazard.closed_at = deed.at
    data = {"lifted": hazard.protection} if hazard.protection else {}
    move(hazard, "closed", kind, deed, data)


def _reopen(hazard: Hazard, deed: Deed, deadline: date | None) -> None:
    hazard.failed += 1
    if hazard.closed and hazard.grade == "major":
        hazard.protection = None
    hazard.closed_at = hazard.done_at = hazard.signed_off_at = None
    hazard.signed_off_by, hazard.deadline, hazard.reopened_at = "", deadline, deed.at
    if hazard.owner is None or not hazard.owner.active:
        hazard.owner_id = owners.fallback(hazard.building)
    hazard.next_on = deadline or campus_day(deed.at)
    stopped = hazard.grade == "major" and hazard.protection is None
    data = {"failed": hazard.failed, "deadline": deadline and deadline.isoformat()}
    move(hazard, "found" if stopped else "ordered", "failed", deed, data)
    if hazard.failed >= GRAVE_FAILURE:
        regrade(hazard, states.raised(hazard.grade), deed, why="failed")
