"""What another process reads of a roster is what would be read here, and bounded in memory."""

import signal
import struct
import subprocess
import sys
from datetime import date

import pytest
from flask import Flask
from flask_babel import Babel, force_locale
from xlwt.CompoundDoc import XlsDoc

from tests.roster import large
from tests.roster.sheets import ALICE, ANNA, lines_of, roster
from tests.roster.test_bombs import FONT, STYLE, book, record
from tracker.core.errors import Invalid
from tracker.obligations.derive import Context
from tracker.obligations.newcomers import Terms
from tracker.roster import apart
from tracker.roster.apart import Wanted
from tracker.roster.apart_child import MOST_MEMORY
from tracker.roster.entering import fresh
from tracker.rules.load import load_book
from tracker.web import catalog

TODAY = date(2026, 9, 10)

RICH = struct.pack("<HBHBHH", 1, 8, 1, 65, 0, 0)  # "A" in one font from its first letter on


def rich_texts(path, size):
    """Write an old workbook of so many bytes of shared texts, of which xlrd makes 30 times more."""
    each = 8_000 // len(RICH)
    count = size // len(RICH)
    head = struct.pack("<2I", count, count)
    records = record(0xFC, head + RICH * each)
    records += record(0x3C, RICH * each) * (count // each)
    XlsDoc().save(str(path), book(FONT * 5 + STYLE * 21 + records))
    return path


@pytest.fixture
def speaking(tmp_path):
    """An application without a database that speaks both languages."""
    app = Flask("tracker")
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = catalog.compiled(tmp_path / "home")
    Babel(app)
    with app.app_context():
        yield


def everything(path):
    with apart.opened(path) as (head, chunks, _ready):
        return head, lines_of(chunks)


@pytest.mark.parametrize("language", ["en", "zh_Hans"])
def test_rows_read_apart_are_those_read_here(speaking, tmp_path, monkeypatch, language):
    wrong = ANNA | {"护照有效期": "03/04/2027"}
    path = roster(tmp_path / "roster.xlsx", ALICE, wrong)

    with force_locale(language):
        here = everything(path)
        monkeypatch.setattr(apart, "SMALL", 0)
        there = everything(path)

    assert there == here
    (_alice, (anna, nothing)) = there[1]
    (rejection,) = anna.rejections
    assert nothing is None
    assert ("这" in rejection.message) == (language == "zh_Hans")


def test_what_newcomers_bring_is_prepared_apart_as_it_would_be_here(
    speaking, tmp_path, monkeypatch
):
    monkeypatch.setattr(apart, "SMALL", 0)
    nowhere = {"姓名": "无名", "护照号码": "P0003"}
    path = roster(tmp_path / "roster.xlsx", ALICE, ANNA, nowhere)
    terms = Terms(Context(load_book(), TODAY, {"other": 30}), TODAY)

    with apart.opened(path, Wanted(terms, known=2)) as (_head, chunks, _ready):
        (chunk,) = chunks

    assert chunk.fresh == fresh(chunk.told(), terms)
    assert [each.entry is None for each in chunk.fresh] == [False, False, True]


def test_nothing_is_prepared_for_a_file_of_people_on_record(speaking, tmp_path, monkeypatch):
    monkeypatch.setattr(apart, "SMALL", 0)
    path = roster(tmp_path / "roster.xlsx", ALICE, ANNA)
    terms = Terms(Context(load_book(), TODAY, {"other": 30}), TODAY)

    with apart.opened(path, Wanted(terms, known=100)) as (_head, chunks, _ready):
        (chunk,) = chunks

    assert chunk.fresh == ()


def test_file_that_is_no_roster_is_refused_in_the_same_words(speaking, tmp_path, monkeypatch):
    path = tmp_path / "nothing.csv"
    path.write_text("nothing,at all\n1,2\n")
    with pytest.raises(Invalid) as here:
        everything(path)
    monkeypatch.setattr(apart, "SMALL", 0)

    with pytest.raises(Invalid) as there:
        everything(path)

    assert str(there.value) == str(here.value)


def test_process_ends_when_nobody_wants_its_rows_any_more(speaking, tmp_path, monkeypatch):
    started = []
    popen = subprocess.Popen
    monkeypatch.setattr(apart, "SMALL", 0)
    monkeypatch.setattr(
        apart.subprocess, "Popen", lambda *a, **k: started.append(popen(*a, **k)) or started[0]
    )
    path = tmp_path / "roster.csv"
    path.write_text("name,passport number\n" + "".join(f"A{n},P{n}\n" for n in range(3_000)))

    with apart.opened(path) as (_head, chunks, _ready):
        next(chunks)

    assert started[0].returncode == -signal.SIGKILL


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux heeds the bound")
def test_old_workbook_made_to_swell_takes_no_more_than_the_bound(tmp_path):
    path = rich_texts(tmp_path / "rich.xls", 12 << 20)

    sent, peak = large.run(
        large.environment("sqlite://", tmp_path), str(path), "translations", "en",
        module="tracker.roster.apart_child",
    )  # fmt: skip

    assert "more memory than a roster does" in sent
    assert peak < (MOST_MEMORY >> 20) + 64
