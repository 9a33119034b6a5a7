"""Door numbers: how they are compared, and several written in one line. Pure."""

import re
import unicodedata
from collections.abc import Iterator

from tracker.core.errors import Invalid
from tracker.core.i18n import gettext as _

LONGEST = 40
#: Rooms that one line may name.
MOST = 500
_RANGE = re.compile(r"([^\d\s]*)(\d{1,6})\s*(?:-|–|—|~|～|至|到)\s*\1(\d{1,6})([^\d\s]*)")
_SEPARATORS = re.compile(r"[,;，；、\n\r\t]+")


def tidy(text: str) -> str:
    """Return a name or number as it is kept: half-width, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def folded(text: str) -> str:
    """Return a name or number as it is compared: no spaces, no case."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def expand(text: str) -> list[str]:
    """Return the numbers that "301-320, 322, 3F corridor" names, each once, in order.

    Raises Invalid for none, for too many, for a range backwards, and for a number that is too long.
    """
    found: dict[str, str] = {}
    for part in _SEPARATORS.split(text):
        for number in _numbers(tidy(part)):
            if len(number) > LONGEST:
                raise Invalid(numbers=_("A number has at most %(most)s characters.", most=LONGEST))
            found.setdefault(folded(number), number)
            if len(found) > MOST:
                raise Invalid(numbers=_("At most %(most)s rooms go in at once.", most=MOST))
    if not found:
        raise Invalid(numbers=_("Write the numbers, such as 301-320, 322."))
    return list(found.values())


def level_of(number: str) -> int | None:
    """Return the storey that a number tells of by its first digits: 3 of "302" and "B-302"."""
    digits = re.search(r"\d+", number)
    if digits is None:
        return None
    length = len(digits[0])
    if length < 3:
        return int(digits[0]) if re.fullmatch(r"\d+\s*[Ff层楼].*", number) else None
    return int(digits[0][:-2]) or None


def order(number: str) -> tuple[tuple[int, int, str], ...]:
    """Return what sorts "2" before "10"."""
    return tuple(
        (0, int(part), "") if part.isdecimal() else (1, 0, part)
        for part in re.split(r"(\d+)", folded(number))
        if part
    )


def _numbers(part: str) -> Iterator[str]:
    if not part:
        return
    named = _RANGE.fullmatch(part)
    if named is None:
        yield part
        return
    before, first, last, after = named.groups()
    if int(last) < int(first):
        raise Invalid(numbers=_("“%(range)s” runs backwards.", range=part))
    if int(last) - int(first) >= MOST:
        raise Invalid(numbers=_("At most %(most)s rooms go in at once.", most=MOST))
    for each in range(int(first), int(last) + 1):
        yield f"{before}{each:0{len(first)}}{after}"
