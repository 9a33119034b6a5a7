"""A pack holds a case's papers in order, called and sized as the portal wants them."""

from datetime import UTC, date, datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
from docx import Document
from pypdf import PdfReader

from tests.factories import make_person, record
from tests.files.pictures import pdf_of, picture
from tracker.cases import checklists, opening
from tracker.core.db import db
from tracker.core.errors import Invalid
from tracker.files import service as files
from tracker.obligations import book
from tracker.packs import letter, portal, service
from tracker.packs.facts import capitals, on_record

TODAY = date(2026, 9, 10)
NOW = datetime(2026, 9, 10, 2, tzinfo=UTC)


@pytest.fixture
def case(app):
    person = make_person(name_en="MÜLLER Anna", name_zh="安娜", category="B")
    record(person, "work_permit", number="W1", issued_on=date(2025, 12, 1),
           expires_on=date(2026, 11, 30))  # fmt: skip
    record(person, "passport", number="C01X00T47", expires_on=date(2031, 2, 28))
    record(person, "contract", starts_on=date(2025, 12, 1), ends_on=date(2027, 11, 30), post="教师")
    return opening.open_case(person.id, "work_permit_extension", book.current(), by="test", at=NOW)


def hand_in(case, code, data, title):
    with files.uploading() as written:
        row = files.add(
            case.person_id, data, title=title, fact_ref=None, by="test", at=NOW, written=written
        )
        db.session.flush()
        checklists.change(
            case, book.current(), code, "checked", by="test", at=NOW, attachment_id=row.id
        )
        db.session.commit()


def opened(case):
    return ZipFile(BytesIO(service.make(case, book.current(), today=TODAY)))


def text(pdf):
    return "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


@pytest.mark.paper
def test_papers_lie_in_order_as_pdf(case):
    codes = [item.code for item in checklists.of_case(case, book.current(), today=TODAY).items]
    hand_in(case, codes[1], pdf_of(2), "contract.pdf")
    hand_in(case, codes[0], picture(), "form.jpg")

    names = opened(case).namelist()

    papers = [name for name in names if name[:2] not in {"00", "99"}]
    assert [name.split("_")[:2] for name in papers] == [["01", codes[0]], ["02", codes[1]]]
    assert {name.rpartition(".")[2] for name in papers} == {"pdf"}
    assert names[0] == "00_清单_checklist.pdf"


@pytest.mark.paper
def test_cover_names_person_papers_and_what_is_missing(case):
    cover = text(opened(case).read("00_清单_checklist.pdf"))

    assert [word in cover for word in ("MULLER ANNA 安娜", "C01X00T47", "missing", "M02")] == [
        True
    ] * 4


@pytest.mark.paper
def test_letter_is_filled_in_word_and_pdf(case):
    pack = opened(case)
    word = Document(BytesIO(pack.read("99_单位证明_employer_letter.docx")))
    paper = text(pack.read("99_单位证明_employer_letter.pdf"))

    written = "\n".join(each.text for each in word.paragraphs)
    assert "兹证明 MULLER ANNA 安娜" in written
    assert "聘期自2025年12月1日至2027年11月30日" in written
    assert "MULLER ANNA" in paper


def test_office_replaces_the_letter(case, app, tmp_path):
    own = tmp_path / "templates"
    own.mkdir()
    document = Document()
    document.add_paragraph("{{ surname }}")
    document.save(own / letter.NAME)

    with pytest.raises(Invalid, match=r"employer_letter.docx: 'surname' is undefined"):
        letter.as_word(letter.values(case, on_record(case.person_id), procedure="x", today=TODAY))


def test_portal_is_filled_in_its_order(case):
    filled = portal.filled(portal.portals()["work_permit"], on_record(case.person_id))

    assert [(each.asked.title["en"], each.value) for each in filled[:2]] == [
        ("Name as in the passport", "MULLER ANNA"), ("Chinese name", "安娜"),
    ]  # fmt: skip
    assert {each.asked.source: each.value for each in filled}["contract.starts_on"] == "2025-12-01"


@pytest.mark.parametrize(
    ("name", "plain"),
    [("MÜLLER Anna", "MULLER ANNA"), ("Đặng Thị", "DANG THI"), ("Łukasz Groß", "LUKASZ GROSS"),
     ("O'BRIEN-Søren", "O'BRIEN-SOREN")],
)  # fmt: skip
def test_names_lose_their_accents(name, plain):
    assert capitals(name) == plain
