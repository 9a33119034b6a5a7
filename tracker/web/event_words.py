"""What the database's words for what happens to people are called (words.py has the rest)."""

from flask_babel import lazy_gettext as _l

KINDS = {
    "arrival": _l("Planned arrival"), "leaving": _l("Planned leaving"), "death": _l("Death"),
    "loss": _l("Lost document"), "change": _l("Change of particulars"),
    "retention": _l("Kept longer"), "project": _l("Expert project"), "award": _l("Honour"),
}  # fmt: skip

FIELDS = {
    "flight": _l("Flight or train"), "port": _l("Arrives at"), "met_by": _l("Met by"),
    "lodging": _l("Room reserved"), "reason": _l("Reason"), "afterwards": _l("Afterwards"),
    "ends_contract": _l("The contract on record ends with it"), "place": _l("Place"),
    "family": _l("Family to speak to"), "document": _l("Document"),
    "reported_on": _l("Reported on"), "certificate": _l("Certificate of loss"),
    "item": _l("What has changed"), "before": _l("Before"), "after": _l("Changed to"),
    "keep_until": _l("Keep until"), "why": _l("Why it is kept"), "programme": _l("Programme"),
    "person_months": _l("Person-months"), "apply_by": _l("Apply by"),
    "applied_on": _l("Applied on"), "report_by": _l("Completion papers by"),
    "award": _l("Honour"), "nominate_by": _l("Nominate by"), "nominated_on": _l("Nominated on"),
    "decided_on": _l("Decided on"), "result": _l("Result"),
}  # fmt: skip

CHOICES = {
    ("reason", "contract_end"): _l("The contract ends"),
    ("reason", "resignation"): _l("Resignation"), ("reason", "dismissal"): _l("Dismissal"),
    ("reason", "retirement"): _l("Retirement"),
    ("reason", "incapacity"): _l("Loss of legal capacity"), ("reason", "other"): _l("Other"),
    ("afterwards", "leaves_china"): _l("Leaves China"),
    ("afterwards", "stay_certificate"): _l("Stays for a while with a stay certificate"),
    ("afterwards", "new_employer"): _l("Goes to another employer in China"),
    ("afterwards", "family"): _l("Stays with family"),
    ("document", "passport"): _l("Passport"), ("document", "visa"): _l("Visa"),
    ("document", "residence_permit"): _l("Residence permit"),
    ("document", "hmt_travel_permit"): _l("Hong Kong, Macau, Taiwan travel permit"),
    ("document", "hmt_residence_card"): _l("Hong Kong, Macau, Taiwan residence card"),
    ("document", "permanent_residence_card"): _l("Permanent residence card"),
    ("item", "name"): _l("Name"), ("item", "nationality"): _l("Nationality"),
    ("item", "post"): _l("Post"), ("item", "category"): _l("Category of the work permit"),
    ("item", "workplace"): _l("Place of work"),
    ("result", "won"): _l("Awarded"), ("result", "not_won"): _l("Not awarded"),
    ("result", "withdrawn"): _l("Withdrawn"),
}  # fmt: skip
