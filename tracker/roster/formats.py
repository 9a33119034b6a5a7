"""Number formats: which say that a figure is a day, and which that it has leading zeros."""

import re
from collections.abc import Mapping

#: Built-in formats that show a date; 27-36 and 50-58 are those of Chinese and Japanese Excel.
_DATES = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
_LITERAL = re.compile(r'"[^"]*"|\\.|\[(?!h|m|s|H|M|S)[^\]]*\]|_.|\*.')

#: 0: an ordinary figure; DATE: a day; n > 0: filled up with zeros to n digits.
ORDINARY, DATE = 0, -1


def meaning(number: int, custom: Mapping[int, str]) -> int:
    """Return what format `number` makes of a figure: ORDINARY, DATE or a count of digits."""
    code = custom.get(number)
    if code is None:
        return DATE if number in _DATES else ORDINARY
    if re.fullmatch("0{2,}", code):
        return len(code)
    return DATE if re.search("[yYmMdDhHsS年月日]", _LITERAL.sub("", code)) else ORDINARY
