"""What the words of cases are called on a page."""

from collections.abc import Mapping
from datetime import date

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from tracker.cases.models import Case, CaseEvent
from tracker.cases.states import WAITS_FOR
from tracker.core.clock import campus_day
from tracker.facts.models import Person
from tracker.rules.book import RuleBook
from tracker.rules.model import Words
from tracker.rules.procedures.model import Procedure
from tracker.web import language
from tracker.web.words import KINDS, SENTENCES, named, told

STATES = {
    "planning": _l("Planning"), "collecting": _l("Collecting papers"),
    "internal_approval": _l("Internal approval"), "submitted": _l("Submitted"),
    "accepted": _l("Accepted by the authority"), "returned": _l("Returned for correction"),
    "granted": _l("Granted"), "collected": _l("Collected"), "rejected": _l("Rejected"),
    "withdrawn": _l("Withdrawn"),
}  # fmt: skip

#: What a move to a state is called, as something to do.
MOVES = {
    "planning": _l("Back to planning"), "collecting": _l("The unit renews: collect the papers"),
    "internal_approval": _l("The file is complete: internal approval"),
    "submitted": _l("Submitted to the authority"), "accepted": _l("Accepted, with a receipt"),
    "returned": _l("Returned for correction"), "granted": _l("Granted"),
    "collected": _l("Collected"), "rejected": _l("Rejected"), "withdrawn": _l("Withdrawn"),
}  # fmt: skip

ITEMS = {
    "missing": _l("missing"), "received": _l("received"), "checked": _l("checked"),
    "returned": _l("returned"), "waived": _l("waived"),
}  # fmt: skip

ACTORS = {
    "person": _l("the person"), "unit": _l("the unit"), "office": _l("the office"),
    "authority": _l("the authority"),
}  # fmt: skip

WAITS = {
    "unit": _l("the unit decides"), "person": _l("the person brings papers"),
    "office": _l("the office"), "authority": _l("the authority"),
}  # fmt: skip

FORMS = {
    "original": _l("original"), "copy": _l("copy"),
    "original_and_copy": _l("original and copy"), "electronic": _l("file"),
}  # fmt: skip

STATUSES = {
    "done": _l("done"), "open": _l("in time"), "late": _l("late"),
    "impossible": _l("too late already"),
}  # fmt: skip

#: What nobody can read off the documents: the office says so when it opens a case.
TOLD = {
    "degree_authenticated": _l("The degree was authenticated before and is on file"),
    "commitment": _l("Category A promises papers instead of showing them"),
    "abroad": _l("Still outside China"), "same_post": _l("The post stays the same"),
    "former_employer": _l("Comes from another employer in China"),
    "language_teacher": _l("Teaches a language"),
    "by_points_or_pay": _l("Category A by points or pay"),
    "has_dependants": _l("Family comes along"),
    "asked_for_more": _l("The authority asked for something else"),
}  # fmt: skip

#: By which day documents are of a month.
BY = {"ends": _l("Documents that end in"), "opens": _l("Windows that open in")}

#: Who changes a case besides accounts.
AUTHORS = {"window": _l("The program"), "documents": _l("The documents on record")}

SENTENCES |= {
    "the person has departed": _l("The person has departed."),
    "the new document was taken back": _l("The new document was taken back."),
}

#: Slack of fewer days than this is tight.
TIGHT = 5


def procedure(case: Case, book: RuleBook) -> str:
    """Return what a case's procedure is called."""
    found: Procedure | None = book.procedures.by_id.get(case.procedure)
    return found.title[language.current()] if found else case.procedure


def waits_for(case: Case, person: Person) -> str:
    """Return who is waited for, the unit by its name."""
    who = "" if case.closed_at else WAITS_FOR.get(case.state, "")
    if who == "unit" and person.unit:
        names = (person.unit.name_zh, person.unit.name_en)
        first, second = names if language.current() == "zh" else reversed(names)
        return first or second or ""
    return named(ACTORS, who) if who else ""


def urgency(slack: int | None) -> str:
    """Return late, soon or good: how a slack of so many days is marked."""
    if slack is None:
        return ""
    return "late" if slack < 0 else "soon" if slack < TIGHT else "good"


def author(event: CaseEvent, names: dict[str, str]) -> str:
    """Return who made a change: an account by name."""
    return names.get(event.by) or named(AUTHORS, event.by)


def why(event: CaseEvent, grounds: Mapping[str, Words]) -> str:
    """Return the reason kept with a change; a ground by its title, a document by its name."""
    kind, slash, _number = event.note.partition("/")
    if slash and kind in KINDS and event.by == "documents":
        return str(gettext("New on record: %(kind)s", kind=KINDS[kind]))
    ground = grounds.get(event.note)
    return ground[language.current()] if ground else told(event.note)


def days_in_state(case: Case, today: date) -> int:
    """Return for how many days a case has been in its state."""
    return (today - campus_day(case.state_at)).days
