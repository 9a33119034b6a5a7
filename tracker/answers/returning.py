"""The letter that puts an answer back: what is missing, and a new link to answer by. Flushes."""

from dataclasses import dataclass
from datetime import date, datetime

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import Markup

from tracker.answers import links, purposes
from tracker.answers.models import Answer
from tracker.core import i18n
from tracker.core.errors import Conflict
from tracker.outbox import queue
from tracker.outbox.message import Draft
from tracker.rules.model import Words


@dataclass(frozen=True, slots=True)
class Reader:
    """Who is written to. `language`: zh, en or both."""

    recipient: str
    address: str | None
    name: str
    language: str


@dataclass(frozen=True, slots=True)
class About:
    """What the letter is about."""

    title: Words
    safe_on: date
    reason: str


def send(answer: Answer, reader: Reader, about: About, *, at: datetime) -> None:
    """Queue the letter; it does not wait for office hours. Conflict if there is no address."""
    if not reader.address:
        raise Conflict(_("There is no address to send it to. Enter one first."))
    token = links.new_token()
    address = current_app.config["PUBLIC_URL"].rstrip("/") + links.PATH + token
    languages = ("zh", "en") if reader.language == "both" else (reader.language,)
    parts = [_part(language, reader, about, address) for language in languages]
    draft = Draft(
        recipient=reader.recipient, address=reader.address,
        subject=" / ".join(subject for subject, _lines in parts)[:300],
        text="\n\n――――――――――\n\n".join("\n\n".join(lines) for _subject, lines in parts) + "\n",
        html=str(Markup("<hr>").join(_html(lines, address) for _subject, lines in parts)),
        ics=None, key=f"answer:{answer.id}:returned", urgent=True,
    )  # fmt: skip
    letters = queue.enqueue([draft], now=at, send_after=at)
    new = links.New(
        token,
        answer.link.purpose,
        answer.person_id,
        answer.obligation_id,
        reader.recipient,
        purposes.expires_at(about.safe_on, now=at),
    )
    links.keep([(letters[draft.key], new)], now=at)


def _part(language: str, reader: Reader, about: About, address: str) -> tuple[str, list[str]]:
    """Return subject and sentences in one language."""
    with force_locale(i18n.LOCALES[language]):
        title = about.title[language]
        return _("Something is missing: %(duty)s", duty=title), [
            _("Hello %(name)s,", name=reader.name),
            _("Thank you for your answer about: %(duty)s, to be done by %(day)s.",
              duty=title, day=i18n.day_text(about.safe_on, language)),
            _("The International Office cannot use it yet:"),
            about.reason,
            _("Please answer once more with this link. It is for you alone:"),
            address,
        ]  # fmt: skip


def _html(lines: list[str], address: str) -> Markup:
    return Markup("\n").join(
        Markup('<p><a href="{0}">{0}</a></p>').format(line)
        if line == address
        else Markup("<p>{}</p>").format(line)
        for line in lines
    )
