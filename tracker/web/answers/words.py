"""How answers are called: as they are offered, and as the office reads them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from tracker.answers import said
from tracker.answers.models import Answer
from tracker.web import words
from tracker.web.editing.boxes import Box


@dataclass(frozen=True, slots=True)
class Offer:
    """An answer as it is offered: the line to tap, what it means, the button that sends it."""

    label: Any
    hint: Any
    submit: Any


OFFERS = {
    "filed": Offer(_l("I have filed it"), _l("The day, and the number of the receipt."),
                   _l("Send the answer")),
    "permit": Offer(_l("I have the new document"), _l("Its number and days, and a photo of it."),
                    _l("Send the answer")),
    "paper": Offer(_l("Send a paper"), _l("Photos or scans the office asked for."),
                   _l("Send the answer")),
    "leaving": Offer(_l("I am leaving"), _l("The day on which you leave the university."),
                     _l("Send the answer")),
    "not_me": Offer(_l("This is not me"), _l("The letter reached the wrong person."),
                    _l("This is not me")),
    "renew": Offer(_l("Renew"), _l("This person stays; say until when."), _l("Renew")),
    "back": Offer(_l("I am back"), _l("The day on which you were back."), _l("I am back")),
    "later": Offer(_l("I come back later"), _l("The new day of your return."),
                   _l("Send the answer")),
    "not_renew": Offer(_l("Not renew"), _l("This person does not stay."), _l("Not renew")),
}  # fmt: skip
#: What was said, to the office.
KINDS = {
    "filed": _l("Says it is filed"), "permit": _l("Has the new document"),
    "paper": _l("Sent a paper"), "leaving": _l("Is leaving"),
    "not_me": _l("Is somebody else"), "renew": _l("The unit renews"),
    "not_renew": _l("The unit does not renew"), "back": _l("Is back"),
    "later": _l("Comes back later"),
}  # fmt: skip
#: The button by which the office takes it over.
TAKE = {
    "filed": _l("Record the application"), "permit": _l("Record the document"),
    "paper": _l("The papers are good"), "leaving": _l("Record the day"),
    "not_me": _l("Change the address"), "renew": _l("Take note"), "not_renew": _l("Take note"),
    "back": _l("Take note"), "later": _l("Take note"),
}  # fmt: skip
VERDICTS = {
    "taken": _l("Taken over"), "returned": _l("Put back"), "closed": _l("Closed"),
}  # fmt: skip
_LABELS = {
    "accepted_on": _l("Filed on"), "departed_on": _l("Leaving on"), "until": _l("Renew until"),
    "returned_on": _l("Back on"), "returns_on": _l("Back on"),
}  # fmt: skip
_DAYS = ("accepted_on", "departed_on", "until", "issued_on", "expires_on", "returned_on",
         "returns_on")  # fmt: skip
_HINTS = {
    "number": _l("Exactly as printed."), "receipt_number": _l("As printed on the receipt."),
}  # fmt: skip
_OPTIONAL = ("receipt_number",)


def label(name: str) -> str:
    """Return what a box of an answer is called."""
    return str(_LABELS.get(name) or words.named(words.FIELDS, name))


def boxes(kind: str) -> list[Box]:
    """Return the boxes of an answer."""
    return [
        Box(name, label(name), "date" if name in _DAYS else "text", name not in _OPTIONAL,
            hint=str(_HINTS.get(name, "")), longest=None if name in _DAYS else 40)
        for name in said.BOXES[kind]
    ]  # fmt: skip


def lines(answer: Answer) -> list[tuple[str, Any]]:
    """Return what was said as label and value; days as days."""
    return [
        (label(name), said.day(answer.said, name) if name in _DAYS else answer.said[name])
        for name in said.BOXES[answer.kind]
        if name in answer.said
    ]


def day(answer: Answer, name: str) -> date | None:
    """Return a day that was said."""
    return said.day(answer.said, name)


def kind(answer: Answer) -> str:
    """Return what an answer says, in a few words."""
    if answer.kind == "permit" and answer.document:
        return str(_("Has the new %(kind)s", kind=words.named(words.KINDS, answer.document)))
    return words.named(KINDS, answer.kind)


#: What somebody said by link, in the middle of a sentence.
ANSWERED = {
    "paper": _l("sent a paper"), "permit": _l("has the new document"), "filed": _l("has filed it"),
    "leaving": _l("is leaving"), "not_me": _l("is somebody else"), "renew": _l("the unit renews"),
    "not_renew": _l("the unit does not renew"), "back": _l("is back"),
    "later": _l("comes back later"),
}  # fmt: skip


def quiet(word: Any, day: str) -> str:
    """Say why reminders are quiet after an answer by link, and until which day, if one ends it."""
    what = words.named(ANSWERED, word.reason)
    if not day:
        return str(_("No letters to this address: an answer by link waits (%(what)s).",
                     what=what))  # fmt: skip
    return str(_("Quiet until %(day)s: an answer by link waits (%(what)s).",
                 day=day, what=what))  # fmt: skip
