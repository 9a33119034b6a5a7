"""What the ladders that come with the program are called."""

from flask_babel import lazy_gettext as _l

#: The ladders that come with the program, and whom their stages reach.
LADDERS = {
    "filing": _l("Permits and visas to extend"), "document": _l("Documents that run out"),
    "age": _l("Age limits"), "unit": _l("Matters of the hiring unit"),
    "event": _l("After an arrival, a change or a birth"),
    "employer": _l("Duties of the university"), "hours": _l("Registration within hours"),
    "authority": _l("Waiting for the authority"), "receipt": _l("Receipts that run out"),
    "step_decide": _l("Cases: the unit decides"),
    "step_papers": _l("Cases: papers from the expert"),
    "step_unit_papers": _l("Cases: papers from the unit"),
    "step_file": _l("Cases: filing"), "step_collect": _l("Cases: collecting the document"),
    "examination": _l("Examination after entry"),
    "arrival": _l("Planned arrivals and leavings"), "loss": _l("Lost documents"),
    "room": _l("Rooms handed back"), "retention": _l("Records to delete"),
    "project": _l("Projects and honours"),
    "custody_person": _l("Documents out with their holder"),
    "custody_office": _l("Documents out with the office or others"),
    "trips": _l("Returns from trips"),
    "inspection": _l("Inspections of buildings"),
    "building_test": _l("Tests and drills in buildings"),
    "patrol": _l("Missed patrols"),
    "hazard_major": _l("Major hazards in buildings"),
    "hazard_fix": _l("Hazards to be put right"),
    "hazard_reopened": _l("Hazards whose re-inspection failed"),
    "hazard_grave": _l("Hazards that failed twice"),
    "hazard_recheck": _l("Hazards to be looked at again"),
    "hazard_sign_off": _l("Rectifications to be signed off"),
    "health_check": _l("Health checks"), "health_test": _l("Health tests every few days"),
}  # fmt: skip

AUDIENCES = {
    "expert": _l("Expert"), "unit_secretary": _l("Unit secretary"), "officer": _l("Officer"),
    "owner": _l("Whoever has to do it"), "inspector": _l("Inspector"), "head": _l("Head"),
}  # fmt: skip
