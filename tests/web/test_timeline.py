"""Where documents and deadlines are placed in the picture."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from tracker.web.labels import wrapped
from tracker.web.picture import NARROW, WIDE, Clash, Due, Span
from tracker.web.timeline import lay_out, period

TODAY = date(2026, 11, 24)
PERMIT = Span("work_permit", "work_permit/2", date(2026, 6, 1), date(2027, 5, 31))
FORMER = Span("work_permit", "work_permit/1", date(2025, 6, 1), date(2026, 5, 31), former=True)
PASSPORT = Span("passport", "passport/1", date(2020, 1, 1), date(2030, 1, 1))
DUE = Due("work_permit/2", "Extension", date(2027, 3, 2), date(2027, 4, 30), date(2027, 5, 1))


def picture(*spans, dues=(), clashes=(), frame=WIDE):
    return lay_out(spans, dues, clashes, today=TODAY, frame=frame)


def looks(row):
    return [bar.look for bar in row.bars]


def test_period_is_of_whole_months_around_today_at_least():
    assert period([], [], TODAY) == (date(2026, 9, 1), date(2027, 6, 1))


def test_period_reaches_over_what_is_in_force_but_not_over_a_passport_of_ten_years():
    assert period([PERMIT, PASSPORT, FORMER], [], TODAY) == (date(2026, 6, 1), date(2027, 6, 1))
    long = Span("contract", "contract/1", date(2026, 1, 1), date(2030, 12, 31))
    assert period([long], [], TODAY) == (date(2026, 1, 1), date(2027, 6, 1))


def test_due_days_widen_the_period():
    late = Due("x/1", "Old", None, date(2025, 12, 5), date(2025, 12, 6))
    far = Due("x/1", "Far", None, date(2028, 3, 5), date(2028, 3, 6))

    assert period([], [late, far], TODAY) == (date(2025, 12, 1), date(2028, 4, 1))


@pytest.mark.parametrize("frame", [WIDE, NARROW])
def test_days_lie_between_the_edges_in_proportion(frame):
    drawn = picture(PERMIT, frame=frame)

    bar = drawn.rows[0].bars[0]
    assert (drawn.left, drawn.right) == (frame.left, frame.width - frame.right)
    assert (bar.x, bar.x + bar.width) == (drawn.left, drawn.right)
    share = (drawn.today - drawn.left) / (drawn.right - drawn.left)
    assert share == pytest.approx(176 / 365, abs=0.001)


def test_what_goes_beyond_the_picture_is_open_at_that_side():
    bar = picture(PERMIT, PASSPORT).rows[1].bars[0]

    assert (bar.open_left, bar.open_right) == (True, True)


def test_document_without_an_end_goes_on():
    bar = picture(Span("accommodation", "accommodation/1", date(2026, 10, 1), None)).rows[0].bars[0]

    assert (bar.open_left, bar.open_right, bar.look) == (False, True, "now")


@pytest.mark.parametrize(
    ("first", "last", "look"),
    [(-10, 0, "now"), (-10, -1, "ended"), (0, 9, "now"), (1, 9, "coming")],
)
def test_look_tells_the_state(first, last, look):
    span = Span("visa", "visa/1", TODAY + timedelta(first), TODAY + timedelta(last))

    assert looks(picture(span).rows[0]) == [look]


def test_versions_share_a_line_the_former_one_behind_and_thinner():
    row = picture(PERMIT, FORMER, PASSPORT).rows[0]

    assert looks(row) == ["now"]
    row = picture(PERMIT, Span("work_permit", "work_permit/1", date(2026, 6, 1),
                               date(2026, 9, 1), former=True)).rows[0]  # fmt: skip
    assert looks(row) == ["former", "now"]
    assert row.bars[0].height < row.bars[1].height
    assert row.until == date(2027, 5, 31)


def test_what_is_due_stands_below_its_document_with_its_days():
    rows = picture(PERMIT, PASSPORT, dues=[DUE]).rows

    assert [row.kind or row.due.title for row in rows] == ["work_permit", "Extension", "passport"]
    marks = {mark.shape: mark.x for mark in rows[1].marks}
    assert marks["opens"] < marks["safe"] < marks["statutory"]
    assert looks(rows[1]) == ["window", "last"]
    assert (rows[1].bars[0].x, rows[1].bars[1].x) == (marks["opens"], marks["safe"])


def test_what_is_due_for_no_document_stands_last():
    age = Due("person", "Age", None, date(2027, 1, 5), date(2027, 1, 5))

    rows = picture(PERMIT, dues=[age]).rows

    assert [row.due.title if row.due else row.kind for row in rows] == ["work_permit", "Age"]


def test_late_is_drawn_from_the_missed_day_until_today():
    late = Due("work_permit/2", "Late", None, date(2026, 10, 1), date(2026, 10, 1), late=True)

    drawn = picture(PERMIT, dues=[late])

    bar = drawn.rows[1].bars[0]
    assert (bar.look, round(bar.x + bar.width, 1)) == ("late", drawn.today)


def test_conflicts_of_one_day_do_not_cover_each_other():
    same = date(2027, 1, 1)

    marks = picture(
        PERMIT, clashes=[Clash(1, PERMIT.ref, same), Clash(2, PERMIT.ref, same),
                         Clash(2, PERMIT.ref, same), Clash(3, PERMIT.ref, date(2031, 1, 1))]
    ).rows[0].marks  # fmt: skip

    assert [mark.number for mark in marks] == [1, 2]
    assert marks[0].x - marks[1].x == 18


def test_axis_has_room_for_its_labels_and_names_each_year_once():
    for frame in (WIDE, NARROW):
        ticks = picture(Span("contract", "contract/1", date(2025, 9, 1), date(2030, 1, 1)), PERMIT,
                        dues=[DUE], frame=frame).ticks  # fmt: skip
        gaps = [after.x - before.x for before, after in pairwise(ticks)]
        assert min(gaps) >= 40
        assert [tick.month.year for tick in ticks if tick.year] == [2025, 2026, 2027]


def test_picture_is_as_high_as_its_rows():
    one, three = picture(PERMIT), picture(PERMIT, PASSPORT, dues=[DUE])

    assert three.height - one.height == 2 * WIDE.row


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Extension", ("Extension",)),
        ("Extension of the permit", ("Extension of", "the permit")),
        ("One two three four five six seven", ("One two three", "four five six…")),
        ("居留证件延期", ("居留证件延期",)),
        ("港澳台居民居住证到期", ("港澳台居民居", "住证到期")),
    ],
)
def test_labels_break_between_words_and_chinese_letters(text, lines):
    assert wrapped(text, 13) == lines


def test_narrow_labels_have_one_line():
    due = Due("work_permit/2", "A long title that does not fit into the line", None,
              date(2027, 1, 5), date(2027, 1, 5))  # fmt: skip

    row = picture(PERMIT, dues=[due], frame=NARROW).rows[1]

    assert row.lines == ("A long title that does not fit…",)
