"""The few marks a notice's text may have, as safe HTML and as the plain text of a letter. Pure.

Headings (#), lists (- or 1.), **bold**, *emphasis*, [words](address). Everything else is text:
nothing of what was typed reaches a page unescaped, and links lead to the web or to a mailbox only.
"""

import re
from collections.abc import Iterator

from markupsafe import Markup, escape

_BLOCKS = re.compile(r"\n\s*\n")
_BULLET, _NUMBER = re.compile(r"\s*[-*•]\s+"), re.compile(r"\s*\d{1,3}[.)、]\s*")
_LINK = re.compile(r"\[([^\[\]\n]{1,300})\]\(([^()\s]{1,500})\)")
_STRONG, _EMPHASIS = re.compile(r"\*\*(.+?)\*\*"), re.compile(r"(?<![\w*])\*([^*\n]+?)\*(?![\w*])")
_ALLOWED = re.compile(r"(https?://[^\s<>\"']+|mailto:[^\s<>\"'@]+@[^\s<>\"'@]+)\Z", re.IGNORECASE)


def html(text: str) -> Markup:
    """Return the text as HTML."""
    return Markup("\n").join(_block(block) for block in _blocks(text))


def plain(text: str) -> str:
    """Return the text without its marks; a link keeps its address."""
    text = _LINK.sub(lambda found: f"{found[1]} ({found[2]})", text.replace("\r\n", "\n"))
    text = _EMPHASIS.sub(r"\1", _STRONG.sub(r"\1", text))
    return re.sub(r"(?m)^#{1,3}\s*", "", text).strip()


def summary(text: str, *, longest: int = 160) -> str:
    """Return the beginning of the text, for lists and feeds."""
    flat = re.sub(r"\s+", " ", plain(text))
    return flat if len(flat) <= longest else f"{flat[: longest - 1].rstrip()}…"


def _blocks(text: str) -> Iterator[list[str]]:
    for block in _BLOCKS.split(text.replace("\r\n", "\n").strip()):
        lines = block.splitlines()
        while lines and lines[0].lstrip().startswith("#"):
            yield [lines.pop(0)]
        if lines:
            yield lines


def _block(lines: list[str]) -> Markup:
    first = lines[0].lstrip()
    if first.startswith("#"):
        return Markup("<h3>{}</h3>").format(_inline(first.lstrip("#").strip()))
    for mark, tag in ((_BULLET, "ul"), (_NUMBER, "ol")):
        if all(mark.match(line) for line in lines):
            items = Markup("").join(
                Markup("<li>{}</li>").format(_inline(mark.sub("", line, count=1))) for line in lines
            )
            return Markup("<{0}>{1}</{0}>").format(Markup(tag), items)  # noqa: S704 - ours
    return Markup("<p>{}</p>").format(Markup("<br>").join(_inline(line) for line in lines))


def _inline(text: str) -> Markup:
    parts, at = [], 0
    for found in _LINK.finditer(text):
        parts.append(_marked(text[at : found.start()]))
        parts.append(_link(found[1], found[2]))
        at = found.end()
    return Markup("").join([*parts, _marked(text[at:])])


def _link(words: str, address: str) -> Markup:
    if not _ALLOWED.match(address):
        return _marked(f"{words} ({address})")
    return Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(address, _marked(words))


def _marked(text: str) -> Markup:
    escaped = str(escape(text))
    marked = _STRONG.sub(r"<strong>\1</strong>", escaped)
    return Markup(_EMPHASIS.sub(r"<em>\1</em>", marked))  # noqa: S704 - escaped just above
