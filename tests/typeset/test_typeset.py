"""What is printed holds the words it was given, in both scripts, and nothing else."""

from io import BytesIO

import pikepdf
import pytest
from docx import Document
from PIL import Image
from pypdf import PdfReader

from tracker.core.errors import Invalid
from tracker.typeset import scans, word
from tracker.typeset.pdf import typeset


def letter(*paragraphs, align="left", bold=False, size=11):
    return {
        "title": "在职证明",
        "paragraphs": [
            {"text": text, "align": align, "bold": bold, "size": size} for text in paragraphs
        ],
    }


def words(pdf):
    return "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def template(tmp_path, *paragraphs):
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    path = tmp_path / "letter.docx"
    document.save(path)
    return path


@pytest.mark.paper
def test_both_scripts_are_set(app):
    made = words(typeset("letter", letter("兹证明 MÜLLER Anna 系我校教师。")))

    assert made.split() == ["兹证明", "MÜLLER", "Anna", "系我校教师。"]


@pytest.mark.paper
def test_markup_in_a_name_is_printed_as_it_is(app):
    made = words(typeset("letter", letter('#panic("x") *b* $x$ #read("/etc/passwd")')))

    assert made.split() == ['#panic("x")', "*b*", "$x$", '#read("/etc/passwd")']


def test_template_is_filled_and_escaped(tmp_path):
    path = template(tmp_path, "兹证明 {{ name }} 在我校工作。")

    made = word.fill(path, {"name": "A & B <x>"})

    assert word.paragraphs(made)[0]["text"] == "兹证明 A & B <x> 在我校工作。"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{{ nobody }}", "'nobody' is undefined"),
        ("{{ name }", "unexpected '}'"),
        ("{{ name.__class__.__mro__ }}", "unsafe"),
    ],
)
def test_mistake_in_a_template_is_named(app, tmp_path, text, why):
    path = template(tmp_path, text)

    with pytest.raises(Invalid) as refused:
        word.fill(path, {"name": "Anna"})

    assert "letter.docx: " in str(refused.value)
    assert why in str(refused.value)


def test_what_is_no_word_file_is_refused(app, tmp_path):
    path = tmp_path / "letter.docx"
    path.write_bytes(b"hello")

    with pytest.raises(Invalid, match=r"no Word file. Save it as .docx"):
        word.fill(path, {})


def test_picture_becomes_a_page_that_is_small_enough():
    noise = Image.effect_noise((3000, 2000), 90).convert("RGB")
    target = BytesIO()
    noise.save(target, "JPEG", quality=95)

    made = scans.page_of(target.getvalue(), largest=1_000_000)

    with pikepdf.open(BytesIO(made)) as opened:
        wide, high = (float(side) / 72 for side in opened.pages[0].mediabox[2:])
    assert len(made) <= 1_000_000 < len(target.getvalue())
    assert (round(wide, 1), high <= 8.3) == (11.7, True)
