"""Through which states a case goes, and which papers' states there are. Pure."""

from typing import Literal

State = Literal[
    "planning", "collecting", "internal_approval", "submitted", "accepted", "returned", "granted",
    "collected", "rejected", "withdrawn",
]  # fmt: skip
ItemState = Literal["missing", "received", "checked", "returned", "waived"]

STATES: tuple[State, ...] = (
    "planning", "collecting", "internal_approval", "submitted", "accepted", "returned", "granted",
    "collected", "rejected", "withdrawn",
)  # fmt: skip
ITEM_STATES: tuple[ItemState, ...] = ("missing", "received", "checked", "returned", "waived")
#: A case in one of these is over; a new one can be opened for the same document.
CLOSED: frozenset[str] = frozenset({"collected", "rejected", "withdrawn"})
#: The authority has it.
WITH_AUTHORITY: frozenset[str] = frozenset({"submitted", "accepted"})
#: What the office does beforehand; small steps may be skipped.
_OURS: tuple[State, ...] = ("planning", "collecting", "internal_approval", "submitted")
NEXT: dict[str, frozenset[str]] = {
    "planning": frozenset({*_OURS[1:], "withdrawn"}),
    "collecting": frozenset({"planning", *_OURS[2:], "withdrawn"}),
    "internal_approval": frozenset({"planning", "collecting", "submitted", "withdrawn"}),
    "submitted": frozenset({"accepted", "returned", "granted", "rejected", "withdrawn"}),
    "accepted": frozenset({"returned", "granted", "rejected", "withdrawn"}),
    "returned": frozenset({"collecting", "internal_approval", "submitted", "withdrawn"}),
    "granted": frozenset({"collected"}),
    "collected": frozenset(),
    "rejected": frozenset({"planning"}),
    "withdrawn": frozenset({"planning"}),
}
#: For whom a case waits in a state: unit, person, office, authority; nobody once it is over.
WAITS_FOR: dict[str, str] = {
    "planning": "unit", "collecting": "person", "internal_approval": "office",
    "submitted": "authority", "accepted": "authority", "returned": "office", "granted": "person",
}  # fmt: skip
#: Papers that are no longer in the way of filing.
SETTLED: frozenset[str] = frozenset({"received", "checked", "waived"})


def allowed(state: str, to: str) -> bool:
    """Say whether a case may go from one state to another."""
    return to in NEXT[state]
