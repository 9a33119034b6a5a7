"""Labels of pictures: text in a picture does not break by itself. Pure."""

import unicodedata
from collections.abc import Iterator


def wrapped(text: str, letters: int, most: int = 2) -> tuple[str, ...]:
    """Break a label into at most so many lines of so many letters; a Chinese one counts as two."""
    lines, line = [], ""
    for piece in _pieces(text):
        if line and _length((line + piece).rstrip()) > letters:
            lines.append(line.strip())
            line = ""
        line += piece
    lines.append(line.strip())
    if len(lines) > most:
        return (*lines[: most - 1], lines[most - 1] + "…")
    return tuple(lines)


def _pieces(text: str) -> Iterator[str]:
    """Yield what may be parted: words, and single Chinese letters."""
    word = ""
    for letter in text:
        if _length(letter) == 2:
            if word:
                yield word
            word = ""
            yield letter
        else:
            word += letter
            if letter == " ":
                yield word
                word = ""
    if word:
        yield word


def _length(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)
