"""Words: from what is due to the subject, text, HTML and calendar of one letter. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template, select_autoescape

from tracker.core.i18n import day_text, instant_text
from tracker.reminders import wording
from tracker.reminders.ics import Event, calendar
from tracker.rules.model import Words

#: A digest names so many; the board has the rest.
MOST = 100
_PRIVATE = Words("一项个人事项", "A personal matter")
NOTHING_OWN: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing due, as a letter tells it."""

    uid: str
    name_zh: str | None
    name_en: str | None
    unit: str | None
    title: Words
    what_to_do: Words
    penalty: Words
    source: Mapping[str, str]
    advice: bool
    safe_on: date
    statutory_on: date
    due_at: datetime | None
    provisional: bool
    number_end: str | None
    expires_on: date | None
    #: Of the obligation: it grows when the dates change.
    round: int = 1
    #: Where the reader answers about it, without signing in.
    link: str | None = None
    #: Between the person and who keeps the register: the subject, which others read, is silent.
    private: bool = False

    def name(self, language: str) -> str:
        """Return the person's name, that of the reader's script first."""
        names = (self.name_zh, self.name_en)
        return " ".join(name for name in (names if language == "zh" else names[::-1]) if name)


@dataclass(frozen=True, slots=True)
class Reader:
    """To whom a letter goes: an expert, or staff who get a digest about others."""

    name_zh: str | None
    name_en: str | None
    language: str  # zh, en or both
    expert: bool

    def name(self, language: str) -> str:
        """Return how to greet the reader in a language; the other script where there is none."""
        first, second = self.name_zh, self.name_en
        if language == "en":
            first, second = second, first
        return first or second or ""


@dataclass(frozen=True, slots=True)
class Writing:
    """What a letter says."""

    subject: str
    text: str
    html: str
    ics: bytes
    #: The office's texts that could not be used, with the reason; the program's were instead.
    faults: tuple[tuple[str, str], ...] = ()


def render(
    reader: Reader, items: Sequence[Item], *, total: int, today: date, now: datetime, url: str,
    own: Mapping[str, str] = NOTHING_OWN, answers: int = 0,
) -> Writing:  # fmt: skip
    """Write one letter about `items` (of `total`), with the numbers of `today`.

    `own`: the texts of the office by name, in the place of the program's (wording.NAMES).
    `answers`: how many answers by link wait for the reader.
    """
    faults: list[tuple[str, str]] = []
    languages = ("zh", "en") if reader.language == "both" else (reader.language,)
    sections = [
        {"language": language, "items": items, "more": total - len(items), "reader": reader,
         "today": today, "url": url, "answers": answers,
         "links": sum(item.link is not None for item in items)}
        for language in languages
    ]  # fmt: skip
    kind = "expert" if reader.expert else "staff"
    text = "\n\n――――――――――\n\n".join(
        _written(f"{kind}.{section['language']}.txt", section, own, faults).strip()
        for section in sections
    )
    parts = [_written(f"{kind}.{s['language']}.html", s, own, faults) for s in sections]
    html = _template("page.html").render(parts=parts, language=languages[0])
    subject = " / ".join(_subject(items, total, language, today) for language in languages)
    events = [_event(item, languages, url) for item in items]
    return Writing(subject[:300], text + "\n", html, calendar(events, now=now), tuple(faults))


def days_left(item: Item, today: date) -> int:
    """Return the days from today to the safe day; negative once it has passed."""
    return (item.safe_on - today).days


def _subject(items: Sequence[Item], total: int, language: str, today: date) -> str:
    first = min(items, key=lambda item: (item.private, item.safe_on))
    left = days_left(first, today)
    title = (_PRIVATE if first.private else first.title)[language]
    if language == "zh":
        when = f"最迟{first.safe_on.month}月{first.safe_on.day}日"
        when += f"，还有{left}天" if left > 0 else "，就是今天" if left == 0 else "，已过"
        return f"{title}（{when}）" + (f"等{total}项" if total > 1 else "")
    when = f"by {first.safe_on.day} {first.safe_on:%B}"
    when += f", {left} days left" if left > 1 else ", 1 day left" if left == 1 else (
        ", today" if left == 0 else ", past due")  # fmt: skip
    return f"{title} ({when})" + (f" and {total - 1} more" if total > 1 else "")


def _event(item: Item, languages: Sequence[str], url: str) -> Event:
    summary = " / ".join(f"{item.title[language]}" for language in languages)
    who = item.name(languages[0])
    what = "\n".join(item.what_to_do[language] for language in languages)
    return Event(
        item.uid, item.safe_on, f"{summary} – {who}", f"{what}\n{url}", sequence=item.round - 1
    )


def _written(
    name: str, section: Mapping[str, Any], own: Mapping[str, str], faults: list[tuple[str, str]]
) -> str:
    """Write a part with the office's text, or with the program's where that one fails."""
    if name in own:
        try:
            return wording.compiled(name, own[name]).render(section)
        except Exception as error:
            faults.append((name, f"{type(error).__name__}: {error}"))
    return _template(name).render(section)


def shipped(name: str) -> str:
    """Return the text that the program brings."""
    return files("tracker.reminders").joinpath("letters", name).read_text("utf-8")


@cache
def _template(name: str) -> Template:
    return _environment().get_template(name)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("tracker.reminders", "letters"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    filters: dict[str, Any] = {
        "day": day_text, "instant": instant_text, "days_left": days_left,
    }  # fmt: skip
    environment.filters |= filters
    return environment
