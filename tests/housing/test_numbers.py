"""Door numbers as people write them."""

import pytest

from tracker.core.errors import Invalid
from tracker.housing.numbers import expand, level_of, order


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("301-303, 310", ["301", "302", "303", "310"]),
        ("B-098–B-101", ["B-098", "B-099", "B-100", "B-101"]),
        ("３０１至３０２室；3F corridor", ["301室", "302室", "3F corridor"]),
        ("301\n301, 302", ["301", "302"]),
        ("0-2", ["0", "1", "2"]),
    ],
)
def test_ranges_and_names_are_read(text, numbers):
    assert expand(text) == numbers


@pytest.mark.parametrize("text", ["", " , ", "320-301", "1-900", "x" * 41])
def test_what_names_no_rooms_is_refused(text):
    with pytest.raises(Invalid):
        expand(text)


@pytest.mark.parametrize(
    ("number", "level"),
    [("302", 3), ("B-1204", 12), ("3F corridor", 3), ("12", None), ("lobby", None), ("007", None)],
)
def test_storey_is_read_from_the_number(number, level):
    assert level_of(number) == level


def test_doors_sort_by_their_figures():
    assert sorted(["10", "2", "A1", "2A"], key=order) == ["2", "2A", "10", "A1"]
