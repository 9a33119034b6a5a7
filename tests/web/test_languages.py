"""Both languages say everything, and the right one is chosen."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from config import settings
from scripts import translations
from tracker.reminders import ladder_file
from tracker.rules import standing
from tracker.web import catalog, words

PLACEHOLDER = re.compile(r"%\((\w+)\)s")
CHINESE = catalog.TRANSLATIONS / "zh_Hans" / "LC_MESSAGES" / "messages.po"


def _chinese():
    with CHINESE.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def _forms(text) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def test_every_word_is_extracted_and_translated():
    wanted = {_forms(message.id) for message in translations.extracted() if message.id}

    translated = {_forms(m.id) for m in _chinese() if m.id and all(_forms(m.string))}

    assert wanted - translated == set(), "run python -m scripts.translations, then translate"
    assert translated - wanted == set(), "run python -m scripts.translations"


def test_no_translation_is_a_guess():
    assert [message.id for message in _chinese() if message.fuzzy] == []


def test_translations_keep_the_placeholders():
    wrong = [
        message.id
        for message in _chinese()
        if message.id
        and {*PLACEHOLDER.findall(_forms(message.id)[-1])}
        != {*PLACEHOLDER.findall(_forms(message.string)[0])}
    ]

    assert wrong == []


def test_every_reason_of_a_standing_has_words():
    sentences = {value for name, value in vars(standing).items()
                 if name.isupper() and isinstance(value, str)}  # fmt: skip
    sentences |= set(standing.SETTLED.values())

    assert sentences - set(words.SENTENCES) == set()


def test_every_ladder_that_comes_along_has_a_name():
    ladders = ladder_file.load(Path(settings.ROOT) / "config" / "reminder_plan.yaml")

    assert {each.id for each in ladders} - set(words.LADDERS) == set()


@pytest.mark.parametrize(
    ("asked", "language"),
    [("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"), ("en-GB,en;q=0.9", "en"), ("zh-TW", "zh-Hans"),
     ("fr", "zh-Hans"), ("", "zh-Hans"), ("fr,en;q=0.5", "en")],
)  # fmt: skip
def test_browser_language_decides_until_one_is_picked(app, asked, language):
    client = app.test_client()
    page = client.get("/setup", headers={"Accept-Language": asked}).get_data(as_text=True)

    assert f'<html lang="{language}">' in page


@pytest.mark.parametrize(("picked", "language"), [("en", "en"), ("zh", "zh-Hans")])
def test_picked_language_stays(app, picked, language):
    client = app.test_client()

    answer = client.get(f"/language/{picked}?next=/setup")
    page = client.get("/setup", headers={"Accept-Language": "fr"}).get_data(as_text=True)

    assert answer.headers["Location"] == "/setup"
    assert f'<html lang="{language}">' in page


def test_compiled_translations_follow_the_source(tmp_path, monkeypatch):
    monkeypatch.setattr(catalog, "TRANSLATIONS", tmp_path)
    source = tmp_path / "zh_Hans" / "LC_MESSAGES" / "messages.po"
    source.parent.mkdir(parents=True)
    source.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n')
    catalog.compiled(tmp_path)
    first = source.with_suffix(".mo").read_bytes()

    source.write_text(source.read_text() + '\nmsgid "yes"\nmsgstr "是"\n')
    later = source.with_suffix(".mo").stat().st_mtime + 5
    import os

    os.utime(source, (later, later))
    catalog.compiled(tmp_path)

    assert source.with_suffix(".mo").read_bytes() != first
