"""A PDF keeps its pages and loses whatever acts by itself or rides along."""

import struct
import zlib
from io import BytesIO

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from tests.files.pictures import pdf_of
from tracker.core.errors import Invalid
from tracker.files import pdf

SCRIPT = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def opened(data):
    return pikepdf.open(BytesIO(data))


def saved(document, **options):
    target = BytesIO()
    document.save(target, **options)
    return target.getvalue()


def bomb(spaces):
    """Return a small PDF whose stream of objects unpacks to so many spaces more."""
    inside = b"1 0 3 29 <</Type/Catalog/Pages 3 0 R>><</Type/Pages/Kids[5 0 R]/Count 1>>"
    packed = zlib.compress(inside + b" " * spaces, 9)
    parts = [
        b"%PDF-1.7\n",
        b"4 0 obj<</Type/ObjStm/N 2/First 9/Filter/FlateDecode/Length %d>>stream\n" % len(packed)
        + packed + b"\nendstream endobj\n",
        b"5 0 obj<</Type/Page/Parent 3 0 R/MediaBox[0 0 9 9]>>endobj\n",
    ]  # fmt: skip
    at = [len(b"".join(parts[:count])) for count in range(4)]
    entries = [(0, 0, 0), (2, 4, 0), (0, 0, 0), (2, 4, 1), (1, at[1], 0), (1, at[2], 0)]
    rows = b"".join(struct.pack(">BIH", *entry) for entry in entries)
    table = (
        b"6 0 obj<</Type/XRef/Size 6/W[1 4 2]/Root 1 0 R/Length 42>>stream\n%s\nendstream endobj\n"
    )
    return b"".join(parts) + table % rows + b"startxref\n%d\n%%%%EOF\n" % at[3]


def test_pages_are_kept():
    assert len(opened(pdf.clean(pdf_of(3))).pages) == 3


@pytest.mark.parametrize(
    "riding",
    [
        {"OpenAction": SCRIPT},
        {"AA": Dictionary(WC=SCRIPT)},
        {"Names": Dictionary(JavaScript=Dictionary(Names=Array([String("x"), SCRIPT])))},
        {"AcroForm": Dictionary(Fields=Array([]), XFA=String("<script/>"))},
        {"Names": Dictionary(EmbeddedFiles=Dictionary(Names=Array([String(EICAR.decode())])))},
    ],
)
def test_what_acts_by_itself_is_gone(riding):
    data = pdf_of(**riding)

    kept = opened(pdf.clean(data))

    assert {str(key) for key in kept.Root} == {"/Pages", "/Type"}


def test_actions_of_pages_and_notes_are_gone():
    document = pikepdf.new()
    page = document.add_blank_page()
    page.obj.AA = Dictionary(O=SCRIPT)
    note = Dictionary(Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=SCRIPT)
    page.obj.Annots = Array([document.make_indirect(note)])

    with opened(pdf.clean(saved(document))) as cleaned:
        kept = cleaned.pages[0].obj
        assert (Name.AA in kept, Name.A in kept.Annots[0]) == (False, False)


def test_what_hides_around_the_objects_is_gone():
    kept = pdf.clean(pdf_of() + b"PK\x03\x04<script>alert(1)</script>" + EICAR + b"\n%%EOF\n")

    assert [mark in kept for mark in (b"PK\x03\x04", b"<script>", b"EICAR")] == [False] * 3


def test_who_made_it_is_gone():
    document = opened(pdf_of())
    document.docinfo["/Author"] = "Alice"

    assert b"Alice" not in pdf.clean(saved(document))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"%PDF-1.7\n<html><script>alert(1)</script>", "cannot be read"),
        (b"%PDF-" + EICAR, "cannot be read"),
        (pdf_of()[:60], "cannot be read"),
        (pdf_of(0), "has no page"),
        (pdf_of(301), "has 301 pages"),
        (saved(opened(pdf_of()), encryption=pikepdf.Encryption(owner="o", user="u")), "password"),
    ],
)
def test_what_is_not_taken_says_why(app, data, why):
    with pytest.raises(Invalid) as refused:
        pdf.clean(data)

    assert why in str(refused.value)


def test_small_file_that_unpacks_to_much_is_refused(app):
    assert len(opened(pdf.clean(bomb(1000))).pages) == 1
    with pytest.raises(Invalid):
        pdf.clean(bomb(100_000_000))
