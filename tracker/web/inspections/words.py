"""What the words of inspections are called on a page."""

from typing import Any

from flask_babel import lazy_gettext as _l

from tracker.inspections.faults import FAULTS as FAULTS
from tracker.inspections.kinds import catalogue as catalogue

RESULTS: dict[str, Any] = {
    "pass": _l("Pass"), "fail": _l("Fail"), "na": _l("Not applicable"),
}  # fmt: skip
SEVERITIES: dict[str, Any] = {"M": _l("Major"), "H": _l("Serious"), "L": _l("Minor")}
SIDES: dict[str, Any] = {"inspector": _l("Inspector"), "inspected": _l("Inspected side")}
VERDICTS: dict[str, Any] = {"fixed": _l("Fixed"), "still": _l("Still there")}
TYPES: dict[str, Any] = {
    "inspection.begin": _l("Beginning of an inspection"), "item.set": _l("Result of an item"),
    "hazard.review": _l("Second look at a hazard"), "signature.add": _l("Signature"),
    "inspection.finish": _l("End of an inspection"), "hazard.report": _l("Hazard"),
}  # fmt: skip
EVERY: dict[str, Any] = {
    "day": _l("every day"), "night": _l("every 2 hours at night"),
    "half_month": _l("every half month"), "month": _l("every month"),
    "quarter": _l("every quarter"), "half_year": _l("every half year"),
    "holiday": _l("before each holiday"), "term": _l("before each term"),
    "year": _l("every year"),
}  # fmt: skip
PLACES: dict[str, Any] = {
    "room": _l("In each room"), "building": _l("Once for the building"), "both": _l("Both"),
}  # fmt: skip
FEATURES: dict[str, Any] = {
    "gas": _l("Gas"), "lift": _l("Lift"), "high_rise": _l("High-rise"),
}  # fmt: skip
#: A phone's clock that is off by more seconds is told.
CLOCK = 120
