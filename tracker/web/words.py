"""What the database's words are called on a page. A word that is missing shows as it is."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from tracker.cases.steps import PASSED
from tracker.hazards.duties import RECORDED
from tracker.obligations.derive import CLOSED
from tracker.reminders import ladder
from tracker.rules import standing
from tracker.web import event_words
from tracker.web.actions import ACTIONS as ACTIONS
from tracker.web.ladder_names import AUDIENCES as AUDIENCES
from tracker.web.ladder_names import LADDERS as LADDERS

KINDS = {
    "profile": _l("Particulars"), "entry": _l("Entry into China"),
    "accommodation": _l("Accommodation"), "passport": _l("Passport"), "visa": _l("Visa"),
    "work_permit": _l("Work permit"), "residence_permit": _l("Residence permit"),
    "stay_certificate": _l("Stay certificate"),
    "hmt_travel_permit": _l("Hong Kong, Macau, Taiwan travel permit"),
    "hmt_residence_card": _l("Hong Kong, Macau, Taiwan residence card"),
    "permanent_residence_card": _l("Permanent residence card"), "contract": _l("Contract"),
    "application": _l("Application"), "health_certificate": _l("Health certificate"),
    "no_criminal_record": _l("No-criminal-record certificate"), "birth": _l("Birth of a child"),
    "family_tie": _l("Family of a member of staff"),
    "settlement": _l("Decision of the office"), "person": _l("Particulars"),
    "case": _l("Case"), "custody": _l("Document in custody"), "trip": _l("Trip"),
    **event_words.KINDS,
}  # fmt: skip

FIELDS = {
    "name_zh": _l("Chinese name"), "name_en": _l("Name in the passport"),
    "nationality": _l("Nationality"), "identity": _l("Identity"), "category": _l("Category"),
    "language": _l("Language of letters"), "email": _l("E-mail"), "phone": _l("Phone"),
    "address": _l("Address"), "unit": _l("Unit"), "employee_no": _l("Staff number"),
    "sex": _l("Sex"), "born_on": _l("Date of birth"), "status": _l("Status"),
    "departed_on": _l("Left on"), "on": _l("Date"), "visa": _l("Visa class"),
    "stay_days": _l("Days of stay"), "residence_permit_required": _l("Residence permit required"),
    "moved_in_at": _l("Moved in"), "building": _l("Building"),
    "building_kind": _l("Kind of building"), "rural": _l("In the countryside"),
    "registered_on": _l("Registered on"), "room": _l("Room"), "moved_out_on": _l("Moved out on"),
    "number": _l("Number"), "issued_on": _l("Issued on"),
    "expires_on": _l("Expires on"), "received_on": _l("Received on"),
    "replaces": _l("Replaces passport"), "purpose": _l("Purpose"), "starts_on": _l("Starts on"),
    "ends_on": _l("Ends on"), "terminated_on": _l("Terminated on"), "post": _l("Post"),
    "hazard_post": _l("Post with hazards to health"),
    "procedure": _l("Procedure"), "accepted_on": _l("Accepted on"),
    "receipt_number": _l("Receipt number"), "rule_id": _l("Duty"), "fact_ref": _l("Document"),
    "outcome": _l("Outcome"), "note": _l("Note"),
    "sponsor": _l("Number of the member of staff here"), "relation": _l("Relation"),
    **event_words.FIELDS,
}  # fmt: skip

CHOICES = {
    ("identity", "foreigner"): _l("Foreigner"),
    ("identity", "hmt"): _l("Hong Kong, Macau or Taiwan resident"),
    ("identity", "permanent_resident"): _l("Permanent resident"),
    ("status", "recruiting"): _l("Recruiting"), ("status", "active"): _l("In service"),
    ("status", "on_leave"): _l("On leave"), ("status", "departed"): _l("Departed"),
    ("sex", "F"): _l("Female"), ("sex", "M"): _l("Male"), ("sex", "X"): _l("Other"),
    ("language", "zh"): _l("Chinese"), ("language", "en"): _l("English"),
    ("language", "both"): _l("Chinese and English"),
    ("building_kind", "dwelling"): _l("Dwelling"), ("building_kind", "hotel"): _l("Hotel"),
    ("procedure", "work_permit"): _l("Work permit"),
    ("procedure", "residence_permit"): _l("Residence permit"), ("procedure", "visa"): _l("Visa"),
    ("outcome", "done"): _l("Done"), ("outcome", "waived"): _l("Waived"),
    ("outcome", "not_applicable"): _l("Not applicable"),
    ("relation", "spouse"): _l("Spouse"), ("relation", "child"): _l("Child"),
    ("relation", "parent"): _l("Parent"), ("relation", "other"): _l("Other"),
    **event_words.CHOICES,
}  # fmt: skip

ROLES = {
    "admin": _l("Administrator"), "officer": _l("Officer"), "head": _l("Head"),
    "unit_secretary": _l("Unit secretary"), "inspector": _l("Inspector"),
    "auditor": _l("Auditor"), "expert": _l("Expert"),
}  # fmt: skip

#: Where an obligation stands.
STATES = {
    "open": _l("Open"), "filed": _l("Filed"), "met": _l("Done"), "settled": _l("Settled"),
    "ended": _l("Ended"), "assumed": _l("Taken as done"),
}  # fmt: skip

#: What a rule makes of a document.
DUTIES = {
    "deadline": _l("Deadline"), "window": _l("First day"), "validity": _l("Validity"),
    "authority": _l("Time of the authority"), "advice": _l("Advice"), "limit": _l("Limit"),
    "private": _l("Between you and the health desk"),
}  # fmt: skip

CONFIDENCE = {
    "V": _l("read in the law itself"), "L": _l("local practice, differs by city"),
    "K": _l("from experience, to be verified"),
    "V/L": _l("partly read in the law, partly local practice"),
    "V/K": _l("partly read in the law, partly to be verified"),
}  # fmt: skip

LETTERS = {
    "queued": _l("Waiting"), "claimed": _l("Leaving now"), "accepted": _l("Accepted"),
    "deferred": _l("Tried again later"), "refused": _l("Refused"), "unknown": _l("Unknown"),
    "held": _l("Held"), "superseded": _l("Replaced"), "cancelled": _l("Cancelled"),
}  # fmt: skip

HOLDS = {
    "server": _l("The mail server does not let us send"),
    "restored": _l("The database was restored from a backup"),
    "copied": _l("The database was moved or copied"),
    "clock": _l("Reminders were not planned for very long"),
    "manual": _l("Somebody stopped delivery"),
}  # fmt: skip

PARTS = {
    "overdue": _l("Overdue"), "this_week": _l("This week"), "next_week": _l("Next week"),
    "next_30_days": _l("Within 30 days"), "later": _l("Later"),
}  # fmt: skip

#: What a calendar shows.
HAPPENINGS = {
    "due": _l("To file"), "opens": _l("Filing opens"), "expires": _l("Document ends"),
    "letters": _l("Letters"),
}  # fmt: skip

#: What became of a reminder; that of one in a letter is the letter's (LETTERS).
REMINDERS = {
    "planned": _l("Planned, about to be written"), "held": _l("Held"), "skipped": _l("Skipped"),
    "unreachable": _l("No address"), "superseded": _l("Overtaken"), "lettered": _l("Written"),
    "told": _l("Told in person"),
    "not_yet": _l("Not due yet"), "no_window": _l("The window has no first day"),
    "quiet": _l("Quiet: it is filed"),
    "overtaken": _l("Not told: a later stage had begun"),
}  # fmt: skip


def reminder(state: str) -> str:
    """Return what to call the state of a reminder or of its letter."""
    return named(REMINDERS, state) if state in REMINDERS else named(LETTERS, state)


LETTER_TEXTS = {
    "expert.zh": _l("Letter to experts, in Chinese"),
    "expert.en": _l("Letter to experts, in English"),
    "staff.zh": _l("Letter to staff, in Chinese"), "staff.en": _l("Letter to staff, in English"),
}  # fmt: skip


def letter_text(name: str) -> str:
    """Return what to call a letter's text, whichever of its two forms."""
    return named(LETTER_TEXTS, name.removesuffix(".txt").removesuffix(".html"))


#: When a stage begins, as the boxes of the ladder editor offer it.
WHEN = {
    "known": _l("as soon as it is known"), "opens": _l("when the window opens"),
    "before": _l("days before the safe day"), "after": _l("days after the safe day"),
    "every": _l("again, every so many days"),
}  # fmt: skip


def stage(name: str, days_before: int) -> str:
    """Return what to call a stage: by its distance to the safe day where it has one."""
    if days_before > 0 and days_before < ladder.ALWAYS:
        return str(ngettext("%(num)s day before", "%(num)s days before", days_before))
    if days_before < 0:
        return str(ngettext("%(num)s day after", "%(num)s days after", -days_before))
    if days_before == 0:
        return str(gettext("on the safe day"))
    return str(WHEN["opens"] if name == "opens" else WHEN["known"])


#: Who and what the audit trail names besides accounts.
MARKS = {
    "command": _l("Command line"), "anonymous": _l("Not signed in"),
    "account:unknown": _l("unknown account"), "people": _l("list of people"),
    "system": _l("The program"), "link": _l("Answer by link"),
}  # fmt: skip

#: What a list of people can be filtered and sorted by.
DUE = {
    "overdue": _l("Overdue"), "month": _l("Still this month"), "nothing": _l("Nothing open"),
}  # fmt: skip

SORTS = {
    "name": _l("By name"), "unit": _l("By unit"), "nationality": _l("By nationality"),
    "next": _l("Next to file first"), "expiry": _l("First to end first"),
}  # fmt: skip

#: How urgent a conflict between documents is.
GRADES = {"act": _l("Settle now"), "plan": _l("Plan ahead"), "check": _l("Check the record")}

#: What the two days of a conflict are, by how they were compared.
CONFLICT_DAYS = {
    "ends_before": (_l("until"), _l("until")), "predates": (_l("of"), _l("since")),
    "lapsed": (_l("until"), _l("until")), "missing": (_l("since"), _l("none is recorded")),
    "too_old_to_file": (_l("good until"), _l("to be filed by")),
    "too_old_to_begin": (_l("good until"), _l("none is recorded")),
    "age_within": (_l("age limit on"), _l("until")),
    "moved": (_l("registered on"), _l("moved in on")), "not_for": (_l("until"), ""),
    "differs": ("", ""), "always": ("", ""),
}  # fmt: skip

#: Sentences that lower stages write in English, by what they write.
SENTENCES: dict[str, Any] = {
    standing.OPEN: _l("Nothing recorded settles this yet."),
    standing.MET: _l("A later document fulfils it."),
    standing.DEPARTED: _l("The person has departed."),
    standing.VOLUNTARY: _l("The day has passed and the card is voluntary."),
    standing.FILED: _l("The application is with the authority."),
    PASSED: _l("The case has passed this step."),
    standing.TIME_PASSED: _l("The processing time has passed without a new permit."),
    standing.SETTLED["done"]: _l("Marked as done."),
    standing.SETTLED["waived"]: _l("Waived by the office."),
    standing.SETTLED["not_applicable"]: _l("Marked as not applicable."),
    "past when the roster was imported": _l("It was past when the roster was imported."),
    CLOSED: _l("The case is closed."),
    RECORDED: _l("What was due is on record."),
    "a newer document or correction replaced it": _l("A newer document or correction replaced it."),
    "held by the office": _l("Held by the office."),
    "skipped by the office": _l("Skipped by the office."),
    "answered by link": _l("An answer by link came before it left."),
    "told again with newer numbers": _l("Told again with newer numbers."),
    "the facts changed": _l("The facts changed before it left."),
    "the sender stopped before the server's answer": _l(
        "The sender stopped before the server's answer."
    ),
    "held at the first import, until somebody has looked at the letters": _l(
        "Held at the first import, until somebody has looked at the letters."
    ),
    "address: This is not one plain mail address. Write it like name@example.org, without "
    "spaces, commas or a display name; letters before the @ must be ASCII.": _l(
        "This is not one plain mail address. Write it like name@example.org, without spaces, "
        "commas or a display name; letters before the @ must be ASCII."
    ),
    "this database was moved or copied from another installation": _l(
        "This database was moved or copied from another installation."
    ),
}


def named(table: Mapping[Any, Any], word: Any) -> str:
    """Return what a word of the database is called; the word itself if nobody named it."""
    return str(table.get(word, word))


#: Leads the reason of a letter that could not even be built.
_UNBUILT = "cannot be built: "


def told(sentence: str | None) -> str:
    """Return a stored English sentence in the reader's language; others stay as they are."""
    if sentence and sentence.startswith(_UNBUILT):
        why = told(sentence.removeprefix(_UNBUILT))
        return str(gettext("This letter cannot be built: %(why)s", why=why))
    return str(SENTENCES.get(sentence or "", sentence or ""))


def audiences(names: Iterable[str]) -> str:
    """Return whom a letter is for, as a list."""
    return str(gettext(", ")).join(named(AUDIENCES, name) for name in names)


def yes_or_no(value: bool) -> str:
    """Return a flag as a word."""
    return str(gettext("yes") if value else gettext("no"))
