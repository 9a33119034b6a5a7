"""Mistakes in the text of a notice, in the language of who sent it."""

import re
from pathlib import Path

import pytest

from tracker.app import create_app
from tracker.core.errors import Invalid
from tracker.rules import holidays, strict
from tracker.web import notice_mistakes, words, year_form

NOTICE = """
year: 2027
source: {law: 通知, article: 一, issued_on: 2026-11-04, checked_on: 2026-11-05}
off: [{name: {zh: 元旦, en: New Year}, from: 2027-01-01, to: 2027-01-03}]
working: [2027-01-09]
"""
MISTAKES = {
    ("year: 2027", "year: 1827"): "year：不能是 1827。请写年份，例如 2027。",
    ("to: 2027-01-03", "to: 2026-12-30"): "off[1].to：早于 `from`。请把两者对调。",
    ("[2027-01-09]", "[2027-01-08]"): "working：中的 2027-01-08 不是周末。请改正日期。",
    ("working:", "workin:"): "workin：不是这里的项目。请改正拼写或删去。",
}
#: Of texts that no notice is made of.
OF_OTHER_FILES = {"Write it as [one, two].", "Write '04-05' under a year."}


@pytest.fixture
def sqlite_app(make_sqlite, tmp_path):
    return create_app({"HOME": str(tmp_path), "SQLALCHEMY_DATABASE_URI": make_sqlite()})


@pytest.mark.parametrize(("change", "told"), MISTAKES.items())
def test_a_mistake_names_its_place_and_its_cure_in_chinese(sqlite_app, change, told):
    with (
        sqlite_app.test_request_context(headers={"Accept-Language": "zh-CN"}),
        pytest.raises(Invalid) as refused,
    ):
        year_form.read(NOTICE.replace(*change), file="notice")

    assert refused.value.lines() == [told]


def test_every_remedy_the_calendar_gives_has_its_sentence():
    said = set()
    for module in (holidays, strict):
        text = Path(str(module.__file__)).read_text("utf-8")
        said |= set(re.findall(r'error\([^,]+, f?"[^"]+", "([^"]+)"\)', text))

    assert said - set(notice_mistakes.REMEDIES) - OF_OTHER_FILES == set()


def test_the_reason_of_a_letter_that_was_not_built_is_told_in_chinese(sqlite_app):
    reason = (
        "cannot be built: address: This is not one plain mail address. Write it like "
        "name@example.org, without spaces, commas or a display name; letters before the @ must "
        "be ASCII."
    )

    with sqlite_app.test_request_context(headers={"Accept-Language": "zh-CN"}):
        told = words.told(reason)

    assert told == (
        "这封信未能生成：这不是一个单纯的邮箱地址。请写成 name@example.org 的形式，不带空格、"
        "逗号或显示名，@ 前只能用英文字母等 ASCII 字符。"
    )
