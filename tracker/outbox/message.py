"""Build the bytes of one letter: text, HTML and a calendar file (RFC 5322, MIME). Pure.

Assembled by hand: the standard library's classes take ten to thirty times as long, and building
is the slow part of a day's run.
"""

import binascii
import re
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import format_datetime
from urllib.parse import quote

from tracker.core.errors import Invalid

_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"{_ATEXT}(?:\.{_ATEXT})*@{_LABEL}(?:\.{_LABEL})*")
# Everything that some mail program takes for the end of a line, and halves of characters.
_BREAKS = re.compile("[\x00-\x1f\x7f\x85\u2028\u2029\ud800-\udfff]")
#: Octets of text in one encoded word, so that the word stays below 75 characters.
_WORD = 45


@dataclass(frozen=True, slots=True)
class Attached:
    """A PDF that goes along, under a name in any script."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Draft:
    """One letter before it is queued; `key` makes it one letter, however often it is queued.

    `as_of`: the campus day whose numbers it tells. `since`: when it was first queued, if it takes
    the place of one that could not leave. `fault`: why it could not be written.
    """

    recipient: str
    address: str
    subject: str
    text: str
    html: str
    ics: bytes | None
    key: str
    urgent: bool = False
    as_of: date | None = None
    since: datetime | None = None
    fault: str | None = None
    files: tuple[Attached, ...] = ()


@dataclass(frozen=True, slots=True)
class Sender:
    """From whom letters come."""

    address: str
    name: str


def build(draft: Draft, sender: Sender, *, message_id: str, now: datetime) -> bytes:
    """Return the complete message with CRLF line ends.

    Invalid names the field that would break the header, and what to do about it.
    """
    if draft.fault:
        raise Invalid(draft.fault)
    boundary = f"=_{message_id.strip('<>').partition('@')[0][:40]}"
    head = (
        f"From: {mailbox(sender)}\r\nTo: {checked_address(draft.address)}\r\n"
        f"Subject: {encoded(_one_line('subject', draft.subject))}\r\n"
        f"Date: {format_datetime(now)}\r\nMessage-ID: {_one_line('message_id', message_id)}\r\n"
        "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
    )
    return head.encode("ascii") + (
        f'Content-Type: multipart/mixed; boundary="{boundary}m"\r\n\r\n--{boundary}m\r\n'
        f'Content-Type: multipart/alternative; boundary="{boundary}a"\r\n\r\n'
    ).encode() + b"".join(_parts(draft, boundary))  # fmt: skip


def checked_address(address: str) -> str:
    """Return `address` if it is one plain mail address; Invalid says what to mend."""
    if len(address) > 254 or not _ADDRESS.fullmatch(address):
        raise Invalid(
            address="This is not one plain mail address. Write it like name@example.org, without "
            "spaces, commas or a display name; letters before the @ must be ASCII."
        )
    return address


def encoded(text: str) -> str:
    """Return a header's text as ASCII: as it is, or as folded encoded words (RFC 2047)."""
    if text.isascii() and len(text) < 60 and "=?" not in text:
        return text
    words, part = [], b""
    for character in text:
        octets = character.encode()
        if len(part) + len(octets) > _WORD:
            words.append(part)
            part = b""
        part += octets
    words.append(part)
    return "\r\n ".join(f"=?utf-8?b?{_base64(word).decode().strip()}?=" for word in words)


def _parts(draft: Draft, boundary: str) -> list[bytes]:
    inner, outer = f"--{boundary}a".encode(), f"--{boundary}m".encode()
    parts = [
        inner, b"\r\nContent-Type: text/plain; charset=utf-8\r\n", _body(_utf8("text", draft.text)),
        inner, b"\r\nContent-Type: text/html; charset=utf-8\r\n", _body(_utf8("html", draft.html)),
        inner, b"--\r\n",
    ]  # fmt: skip
    if draft.ics is not None:
        parts += [
            outer,
            b"\r\nContent-Type: text/calendar; charset=utf-8; method=PUBLISH\r\n"
            b'Content-Disposition: attachment; filename="deadlines.ics"\r\n',
            _body(draft.ics),
        ]
    for each in draft.files:
        parts += [outer, _head_of(each), _body(each.content)]
    return [*parts, outer, b"--\r\n"]


def _head_of(each: Attached) -> bytes:
    """Return the headers of a file; its name as RFC 2231 writes one, which all programs read."""
    name = quote(_one_line("name", each.name), safe="")
    return (
        "\r\nContent-Type: application/pdf\r\n"
        f"Content-Disposition: attachment; filename*=UTF-8''{name}\r\n"
    ).encode("ascii")


def _body(content: bytes) -> bytes:
    # Base64 keeps every line short and every server's hands off the text.
    coded = _base64(content)
    lines = [coded[start : start + 76] for start in range(0, len(coded), 76)]
    return b"Content-Transfer-Encoding: base64\r\n\r\n" + b"\r\n".join(lines) + b"\r\n"


def _base64(content: bytes) -> bytes:
    return binascii.b2a_base64(content, newline=False)


def _utf8(field: str, text: str) -> bytes:
    """Return text as mail carries it: UTF-8 with CRLF."""
    try:
        if "\0" not in text:
            return text.replace("\n", "\r\n").encode()
    except UnicodeEncodeError:
        pass
    raise Invalid(**{field: "A name holds half a character or a NUL. Enter it again."})


def _one_line(field: str, text: str) -> str:
    if _BREAKS.search(text):
        raise Invalid(**{field: "This holds a line break or control character. Remove it."})
    return text


def mailbox(sender: Sender) -> str:
    """Return the From line's content; Invalid says what is wrong with it."""
    address = checked_address(sender.address)
    name = _one_line("sender", sender.name)
    if not name:
        return address
    if name.isascii():
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}" <{address}>'
    return f"{encoded(name)} <{address}>"
