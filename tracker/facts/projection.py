"""What `person` repeats of the facts in force, so that lists sort and find by it. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from tracker.facts import naming

#: Papers somebody at work holds all the time; a visa or stay certificate counts until there is a
#: residence permit.
LASTING = ("passport", "work_permit", "residence_permit", "hmt_travel_permit",
           "hmt_residence_card", "permanent_residence_card")  # fmt: skip
FOR_NOW = ("visa", "stay_certificate")
_SAME = ("name_zh", "name_en", "nationality", "identity", "category", "language", "email",
         "status", "born_on")  # fmt: skip
COLUMNS = (*_SAME, "sort_zh", "sort_en")


def of_profile(profile: Mapping[str, Any]) -> dict[str, Any]:
    """Return the COLUMNS of `person` that repeat a profile; its unit has an id of its own."""
    keys = naming.keys(profile.get("name_zh"), profile.get("name_en"))
    same = {name: profile.get(name) for name in _SAME}
    return same | {"sort_zh": keys.sort_zh, "sort_en": keys.sort_en}


def first_end(papers: Iterable[tuple[str, Mapping[str, Any]]]) -> date | None:
    """Return the day the first paper ends of somebody who has one of each kind: (kind, fields)."""
    ends = {kind: data.get("expires_on") for kind, data in papers}
    counted = LASTING if "residence_permit" in ends else (*LASTING, *FOR_NOW)
    return min((day for kind in counted if (day := ends.get(kind))), default=None)
