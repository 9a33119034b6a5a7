"""Letters about one hazard: to whoever has to put it right, and to those who live near it.

Each in its reader's language, through the one outbox. The same letter to the same reader is one
letter, however often it is sent. Flushes only.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from flask_babel import force_locale
from markupsafe import Markup

from tracker.core.i18n import LOCALES, day_text
from tracker.core.i18n import gettext as _
from tracker.hazards.models import Hazard
from tracker.hazards.record import Deed, note
from tracker.housing import queries as housing
from tracker.outbox import queue
from tracker.outbox.message import Attached, Draft
from tracker.packs import hazard_notice
from tracker.packs.office import office

#: To whom: who answers for it, those on its floor, those in its building.
AUDIENCES = ("owner", "floor", "building")
#: Recipient as the outbox names one, name, address, language.
Reader = tuple[str, str, str | None, str]


@dataclass(frozen=True, slots=True)
class Letter:
    """What one reader is written; `address` is None for somebody who has none."""

    recipient: str
    name: str
    address: str | None
    language: str
    subject: str
    text: str


def letters(hazard: Hazard, to: str, *, more: str = "") -> list[Letter]:
    """Return the letters to an audience; `more`: what the office adds, as it is."""
    readers = _owner(hazard) if to == "owner" else _residents(hazard, floor=to == "floor")
    return [_letter(hazard, to, reader, more.strip()) for reader in readers]


def send(
    hazard: Hazard, to: str, written: Sequence[Letter], deed: Deed, *, send_after: datetime
) -> int:
    """Queue letters that were not sent yet, put on the hazard who gets one; return how many.

    A letter about a major hazard leaves at once. The order itself goes along to its owner.
    """
    sheets = []
    if to == "owner":
        sheets = [Attached(hazard_notice.name_of(hazard), hazard_notice.make(hazard, now=deed.now))]
    drafts = [_draft(each, hazard, sheets) for each in written if each.address]
    known = queue.known(drafts)
    new = [each for each in drafts if each.key not in known]
    if not new:
        return 0
    queue.enqueue(new, now=deed.now, send_after=send_after)
    reached = {each.recipient for each in new}
    note(hazard, "notified", deed, data={
        "audience": to, "to": [each.name for each in written if each.recipient in reached],
        "without_address": [each.name for each in written if not each.address],
    })  # fmt: skip
    return len(new)


def _owner(hazard: Hazard) -> list[Reader]:
    owner = hazard.owner
    if owner is None:
        return []
    return [(f"account:{owner.id}", owner.name, owner.email, owner.language)]


def _residents(hazard: Hazard, *, floor: bool) -> list[Reader]:
    on = hazard.room.floor_id if floor and hazard.room is not None else None
    return [
        (f"person:{stay.person_id}", stay.person.name, stay.person.email, stay.person.language)
        for stay in housing.residents(hazard.building_id)
        if on is None or (stay.room is not None and stay.room.floor_id == on)
    ]  # fmt: skip


def _letter(hazard: Hazard, to: str, reader: Reader, more: str) -> Letter:
    recipient, name, address, spoken = reader
    subjects, texts = [], []
    for language in ("zh", "en") if spoken == "both" else (spoken,):
        with force_locale(LOCALES[language]):
            subjects.append(_subject(hazard, to, language))
            body = _to_owner(hazard, language) if to == "owner" else _to_resident(hazard, language)
            whole = [_("Hello %(name)s,", name=name), *body, more, _signed(language)]
        texts.append("\n\n".join(part for part in whole if part))
    text = "\n\n――――――――――\n\n".join(texts)
    return Letter(recipient, name, address, spoken, " / ".join(subjects), text + "\n")


def _subject(hazard: Hazard, to: str, language: str) -> str:
    if to == "owner":
        return _("Order to put a hazard right: %(number)s", number=hazard.number)
    return _("A hazard in your building: %(place)s", place=_place(hazard, language))


def _place(hazard: Hazard, language: str) -> str:
    named = hazard.building
    house = (named.name_en if language == "en" else None) or named.name_zh
    return f"{house} {hazard.room.number}" if hazard.room is not None else house


def _to_owner(hazard: Hazard, language: str) -> list[str]:
    url = str(current_app.config["PUBLIC_URL"]).rstrip("/")
    return [
        _("You are to put this hazard right. The order is attached."),
        f"{_place(hazard, language)}: {hazard.text}", *_work(hazard, language),
        _("Record progress and completion here:"), f"{url}/hazards/{hazard.id}",
    ]  # fmt: skip


def _to_resident(hazard: Hazard, language: str) -> list[str]:
    kept = {
        "stop_use": _("Please do not use this place until the office says that it is safe."),
        "gas_off": _("The gas is cut off for your safety. Please do not try to open it."),
        "power_off": _("The power is cut off there for your safety. Please leave it off."),
        "interim": _("Please follow what the staff on the spot ask of you."),
    }
    advice = [kept[hazard.protection]] if hazard.protection else []
    return [
        _("An inspection found a hazard in the building where you live:"),
        f"{_place(hazard, language)}: {hazard.text}", *advice, *_work(hazard, language),
        _("Please let the workers in, and tell us at once if you see a danger."),
    ]  # fmt: skip


def _work(hazard: Hazard, language: str) -> list[str]:
    if not hazard.measure:
        return []
    if hazard.deadline is None:
        return [_("What is done: %(measure)s.", measure=hazard.measure)]
    day = day_text(hazard.deadline, language)
    return [_("What is done: %(measure)s, by %(day)s.", measure=hazard.measure, day=day)]


def _signed(language: str) -> str:
    house = office()
    return " ".join(
        part for part in (house.university[language], house.name[language], house.telephone) if part
    )  # fmt: skip


def _draft(each: Letter, hazard: Hazard, sheets: Sequence[Attached]) -> Draft:
    said = hashlib.sha256(f"{each.address}\n{each.subject}\n{each.text}".encode()).hexdigest()
    lines = [Markup("<p>{}</p>").format(text) for text in each.text.strip().split("\n\n")]
    return Draft(
        recipient=each.recipient, address=each.address or "", subject=each.subject[:300],
        text=each.text, html=str(Markup("\n").join(lines)), ics=None,
        urgent=hazard.grade == "major",
        key=f"hazard:{hazard.number}:{each.recipient}:{said[:32]}",
        files=tuple(sheets),
    )  # fmt: skip
