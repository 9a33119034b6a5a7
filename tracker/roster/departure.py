"""What a row that says 离职 ends: the person's time here, and a contract that would run longer."""

from collections.abc import Mapping
from datetime import date
from typing import Any

Facts = Mapping[str, Mapping[str, Any]]


def completed(told: Facts, held: Facts, *, today: date) -> Facts:
    """Return what a row tells together with what follows from a departure; both by kind."""
    profile, before = told.get("profile", {}), held.get("profile", {})
    status = profile.get("status") or ("departed" if profile.get("departed_on") else None)
    if status != "departed":
        if status and before.get("departed_on"):  # somebody has come back
            return {**told, "profile": {**profile, "departed_on": None}}
        return told
    profile = {**profile, "status": "departed"}
    if before.get("status") == "departed":
        return {**told, "profile": profile}
    contract = _contract(told.get("contract", {}), held.get("contract", {}))
    left_on = profile.setdefault("departed_on", _last_day(contract, today))
    completed = {**told, "profile": profile}
    if _runs_on(contract, left_on):
        completed["contract"] = {**told.get("contract", {}), "terminated_on": left_on}
    return completed


def _contract(told: Mapping[str, Any], held: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the contract that holds once the row is applied."""
    if told.get("starts_on", held.get("starts_on")) != held.get("starts_on"):
        return told
    return {**held, **told}


def _last_day(contract: Mapping[str, Any], today: date) -> date:
    """Return the day somebody left who is only said to have left."""
    days = (contract.get("terminated_on"), contract.get("ends_on"))
    known: list[date] = [day for day in days if day]
    return min([*known, today])


def _runs_on(contract: Mapping[str, Any], left_on: date) -> bool:
    starts_on, ends_on = contract.get("starts_on"), contract.get("ends_on")
    if starts_on is None or starts_on > left_on or contract.get("terminated_on"):
        return False
    return ends_on is None or ends_on > left_on
