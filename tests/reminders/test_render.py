"""What a letter says, to whom, in which language."""

from datetime import UTC, date, datetime

import pytest

from tracker.reminders.render import Item, Reader, render
from tracker.rules.model import Words

TODAY = date(2026, 11, 24)


def words(text: str) -> Words:
    return Words(zh=f"{text}（中）", en=text)


def write(
    language: str, *, name_zh: str | None = "马爱丽", name_en: str | None = "MARTIN Alice",
    own: dict[str, str] | None = None,
):  # fmt: skip
    item = Item(
        uid="1", name_zh=name_zh, name_en=name_en, unit="物理学院", title=words("Extension"),
        what_to_do=words("Bring it"), penalty=words("500 yuan a day"),
        source={"zh": "法 32", "en": "Law 32"}, advice=False, safe_on=date(2026, 11, 30),
        statutory_on=date(2026, 12, 1), due_at=None, provisional=False, number_end="1234",
        expires_on=date(2026, 12, 31),
    )  # fmt: skip
    reader = Reader(name_zh, name_en, language, expert=True)
    return render(
        reader, [item], total=1, today=TODAY, now=datetime(2026, 11, 24, tzinfo=UTC), url="/",
        own=own or {},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("language", "greetings"),
    [("zh", ["马爱丽，您好："]), ("en", ["Dear MARTIN Alice,"]),
     ("both", ["马爱丽，您好：", "Dear MARTIN Alice,"])],
)  # fmt: skip
def test_each_language_greets_in_its_own_script(language, greetings):
    writing = write(language)

    lines = [line for line in writing.text.splitlines() if "您好" in line or "Dear" in line]
    assert lines == greetings
    assert all(greeting in writing.html for greeting in greetings)


def test_reader_with_one_name_is_greeted_by_it():
    assert "Dear 马爱丽," in write("en", name_en=None).text
    assert "MARTIN Alice，您好：" in write("zh", name_zh=None).text


def test_office_text_takes_the_place_of_the_programs():
    writing = write("en", own={"expert.en.txt": "Come by {{ today|day('en') }}. {{ url }}"})

    assert (writing.text, writing.faults) == ("Come by Tue 24 November 2026. /\n", ())
    assert "Dear MARTIN Alice," in writing.html


def test_office_text_that_fails_gives_way_to_the_programs():
    writing = write("en", own={"expert.en.txt": "{{ nothing }}"})

    assert writing.text == write("en").text
    assert writing.faults == (("expert.en.txt", "UndefinedError: 'nothing' is undefined"),)
