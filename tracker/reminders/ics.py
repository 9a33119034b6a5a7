"""Days as an iCalendar file (RFC 5545) that a reader's calendar takes over. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Event:
    """One all-day event; `uid` stays the same over all letters about the same obligation.

    What a feed adds: `sequence` grows and `changed_at` moves when the day does; `url` leads to
    more. `alarm`: how long before the day to ring; None for a quiet one.
    """

    uid: str
    day: date
    summary: str
    description: str
    sequence: int = 0
    changed_at: datetime | None = None
    url: str = ""
    alarm: timedelta | None = WEEK


@dataclass(frozen=True, slots=True)
class Feed:
    """What a calendar that is asked for again and again says of itself."""

    name: str
    description: str
    refresh: timedelta
    language: str


def event_uid(obligation_id: int) -> str:
    """Return what calendars know an obligation by, in letters and feeds alike."""
    return f"obligation-{obligation_id}@tracker"


def calendar(
    events: Sequence[Event], *, now: datetime | None = None, feed: Feed | None = None
) -> bytes:
    """Return a calendar of all-day events; `now` stamps those that do not know their change."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Foreign Expert Tracker//EN",
             "METHOD:PUBLISH"]  # fmt: skip
    if feed is not None:
        lines += _of_feed(feed)
    for event in events:
        lines += _event(event, event.changed_at or now)
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line.encode()) for line in lines)


def _of_feed(feed: Feed) -> list[str]:
    every = f"PT{int(feed.refresh.total_seconds() // 3600)}H"
    name, description = _escape(feed.name), _escape(feed.description)
    return [
        "CALSCALE:GREGORIAN",
        f"NAME;LANGUAGE={feed.language}:{name}",
        f"X-WR-CALNAME:{name}",
        f"DESCRIPTION;LANGUAGE={feed.language}:{description}",
        f"X-WR-CALDESC:{description}",
        "X-WR-TIMEZONE:Asia/Shanghai",
        f"REFRESH-INTERVAL;VALUE=DURATION:{every}",
        f"X-PUBLISHED-TTL:{every}",
    ]


def _event(event: Event, stamp: datetime | None) -> list[str]:
    if stamp is None:
        raise ValueError("an event needs the instant it was written or changed")
    at = f"{stamp.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return [
        "BEGIN:VEVENT",
        f"UID:{event.uid}",
        f"SEQUENCE:{event.sequence}",
        f"DTSTAMP:{at}",
        *([f"LAST-MODIFIED:{at}"] if event.changed_at else []),
        f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_escape(event.summary)}",
        f"DESCRIPTION:{_escape(event.description)}",
        *([f"URL:{event.url}"] if event.url else []),
        "TRANSP:TRANSPARENT",
        *_alarm(event),
        "END:VEVENT",
    ]


def _alarm(event: Event) -> list[str]:
    if event.alarm is None:
        return []
    return [
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{_escape(event.summary)}",
        f"TRIGGER:-P{event.alarm.days}D",
        "END:VALARM",
    ]


def _escape(text: str) -> str:
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(plain, escaped)
    return text


def _folded(line: bytes) -> bytes:
    """Return a line cut so that no part is longer than 75 octets, never inside a character."""
    parts = []
    while len(line) > 75:
        end = 75
        while line[end] & 0xC0 == 0x80:  # the middle of a character
            end -= 1
        parts.append(line[:end])
        line = b" " + line[end:]
    return b"\r\n".join([*parts, line, b""])
