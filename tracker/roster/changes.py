"""Compare a row with the facts in force: what is new, what renews, what corrects. Pure.

Empty cells change nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from tracker.core.i18n import gettext as _
from tracker.facts import kinds
from tracker.roster import check, departure
from tracker.roster.rows import Told

#: Its number stays the same over all extensions.
_LIFELONG = frozenset({"work_permit"})
_DEFAULTS = {"identity": "foreigner", "status": "active", "language": "both"}
#: A field, and why it cannot be applied.
Refused = tuple[tuple[str, str], str]


class Known(NamedTuple):
    """A version in force: its row's id, its place, its typed fields."""

    id: int
    document_no: int
    valid_from: date
    data: Mapping[str, Any]


class Change(NamedTuple):
    """One fact to write. `corrects`: withdraw `before`; else `before` ends where this begins.

    The `data` of a first document hold no empty fields.
    """

    kind: str
    data: Mapping[str, Any]
    valid_from: date
    before: Known | None = None
    corrects: bool = False

    def cells(self) -> Iterator[tuple[str, Any, Any]]:
        """Yield each field that differs: (name, old, new)."""
        old = self.before.data if self.before else {}
        for name in kinds.KINDS[self.kind].fields:
            if old.get(name) != self.data.get(name):
                yield name, old.get(name), self.data.get(name)


class Outcome(NamedTuple):
    """What a row does: its changes, or why it cannot be applied (field, message)."""

    changes: Sequence[Change] = ()
    refusals: Sequence[Refused] = ()


def of(row: Told, known: Mapping[str, Known], *, today: date) -> Outcome:
    """Return what the row changes of a person; `known` is empty for somebody new."""
    if not known and (refused := _too_little(row)):
        return Outcome(refusals=[refused])
    held = {kind: each.data for kind, each in known.items()}
    starts = _starts(row, today)
    changes: list[Change] = []
    refusals: list[Refused] = []
    for kind, told in departure.completed(row.facts, held, today=today).items():
        before = known.get(kind)
        if refused := _refused(kind, told, before, today):
            refusals.append(refused)
        elif change := _change(kind, told, before, starts, today):
            if not check.fits(kind, change.data):
                wrong = check.mistakes(kind, change.data)
                refusals += [((kind, field), message) for field, message in wrong]
            changes.append(change)
    return Outcome(refusals=refusals) if refusals else Outcome(changes)


def _too_little(row: Told) -> Refused | None:
    """A new person needs a name and a nationality."""
    if not (row.profile.get("name_zh") or row.profile.get("name_en")):
        message = _("Nobody on record has these numbers. Give the name too, to add a person.")
        return ("profile", "name_en"), message
    if not row.profile.get("nationality"):
        message = _("A new person needs a nationality. Fill the cell in, such as 法国 or FRA.")
        return ("profile", "nationality"), message
    return None


def _refused(
    kind: str, told: Mapping[str, Any], before: Known | None, today: date
) -> Refused | None:
    if kind == "contract" and before is None and not told.get("starts_on"):
        message = _("A contract needs its first day. Fill it in, or leave the last one empty.")
        return (kind, "ends_on" if "ends_on" in told else next(iter(told))), message
    if kind == "profile" and (left_on := told.get("departed_on")) and left_on > today:
        return (kind, "departed_on"), _(
            "This day lies ahead, and reminders would stop at once. Give it as the last day of "
            "the contract; import the departure when the person has left."
        )
    if stale := _stale(kind, told, before):
        return (kind, "expires_on"), stale
    return None


def _starts(row: Told, today: date) -> date:
    """Return the day since which a person has been what the first import says."""
    begun = row.facts.get("contract", {}).get("starts_on")
    return min(begun, today) if begun else today


def _change(
    kind: str, told: Mapping[str, Any], before: Known | None, starts: date, today: date
) -> Change | None:
    if before is None:
        data = {**(_DEFAULTS if kind == "profile" else {}), **told}
        data = {name: value for name, value in data.items() if value is not None}
        default = starts if kind == "profile" else today
        return Change(kind, data, kinds.begins_on(kind, data, default))
    merged = {**before.data, **told}
    if _packed(merged) == _packed(before.data):
        return None
    if kind == "profile":
        return Change(
            kind, merged, max(told.get("departed_on") or today, before.valid_from), before
        )
    if _renews(kind, told, before.data):
        return _renewal(kind, told, before, today)
    return Change(
        kind, merged, kinds.begins_on(kind, merged, before.valid_from), before, corrects=True
    )


def _renewal(kind: str, told: Mapping[str, Any], before: Known, today: date) -> Change:
    data = dict(told)
    if kind == "passport" and before.data.get("number"):
        data.setdefault("replaces", before.data["number"])
    if kind in _LIFELONG:
        data = {"number": before.data.get("number"), "category": before.data.get("category")} | data
    begins_on = max(kinds.begins_on(kind, data, today), before.valid_from)
    return Change(kind, data, begins_on, before)


def _renews(kind: str, told: Mapping[str, Any], old: Mapping[str, Any]) -> bool:
    """Tell a new document from a correction of the same one."""
    begins = kinds.KINDS[kind].begins or ""
    if kind not in _DOCUMENTS:
        return begins in told and begins in old and told[begins] != old[begins]
    if _differs(told, old, "number"):
        return True
    later = bool(
        told.get("expires_on") and old.get("expires_on") and told["expires_on"] > old["expires_on"]
    )
    return later and (kind in _LIFELONG or "number" not in told or _differs(told, old, "issued_on"))


_DOCUMENTS = frozenset(name for name, kind in kinds.KINDS.items() if "number" in kind.fields)


def _differs(told: Mapping[str, Any], old: Mapping[str, Any], name: str) -> bool:
    pair = [data.get(name) for data in (told, old)]
    if name == "number":
        pair = [kinds.normal_number(number) for number in pair]
    return None not in pair and pair[0] != pair[1]


def _stale(kind: str, told: Mapping[str, Any], before: Known | None) -> str | None:
    """A sheet that names an older document than the office holds is out of date."""
    if before is None or kind not in _DOCUMENTS or not _differs(told, before.data, "number"):
        return None
    ends, held = told.get("expires_on"), before.data.get("expires_on")
    if ends is None or held is None or ends >= held:
        return None
    return _(
        "A newer document, valid until %(held)s, is on record. Empty these cells or correct them.",
        held=held.isoformat(),
    )


def _packed(data: Mapping[str, Any]) -> Any:
    return kinds.pack(data)
