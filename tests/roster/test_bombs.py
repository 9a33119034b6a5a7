"""Files made to swell are refused before they do."""

import os
import struct
import subprocess
import sys
import time
import zipfile

import pytest
from xlwt.CompoundDoc import XlsDoc

from tests.architecture.tree import ROOT
from tests.roster.sheets import write_xlsx

#: Reads a roster and prints what came of it and by how many MB the process grew.
READ = """
import resource, sys
from pathlib import Path
from flask import Flask
from flask_babel import Babel
from tracker.core.errors import Invalid
from tracker.roster.tables import Roster
app = Flask("x"); Babel(app)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
with app.app_context():
    try:
        print(sum(len(chunk) for chunk in Roster(Path(sys.argv[1])).chunks(1000)), "rows")
    except Invalid as error:
        print(error)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def read(path):
    """Return (what came of it, MB, seconds) of reading a file in a process of its own."""
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", READ, path], cwd=ROOT, capture_output=True, text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)}, check=True, timeout=120,
    )  # fmt: skip
    *told, grown = done.stdout.splitlines()
    return "\n".join(told), int(grown), time.monotonic() - started


def repacked(source, target, **parts):
    """Copy a workbook with some of its parts replaced: the content, or pieces of it."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = parts.get(name.rpartition("/")[2].partition(".")[0], [old.read(name)])
            with new.open(name, "w") as part:
                for piece in content:
                    part.write(piece)
    return target


def book(records, sheet=b""):
    """Return the stream of an old workbook with these records before its one sheet."""
    start = record(0x809, struct.pack("<4H2I", 0x600, 5, 0x0DBB, 0x07CC, 0, 6)) + records
    entry = record(0x85, struct.pack("<IBB", 0, 0, 0) + b"\x01\0s")
    at = len(start) + len(entry) + 4
    entry = record(0x85, struct.pack("<IBB", at, 0, 0) + b"\x01\0s")
    bof = record(0x809, struct.pack("<4H2I", 0x600, 0x10, 0x0DBB, 0x07CC, 0, 6))
    return start + entry + record(0x0A) + bof + sheet + record(0x0A)


def record(kind, content=b""):
    return struct.pack("<2H", kind, len(content)) + content


FONT = record(0x31, struct.pack("<5H6B", 200, 0, 0, 400, 0, 0, 0, 0, 0, 1, 0) + b"A")
STYLE = record(0xE0, b"\0" * 20)


@pytest.fixture
def plain(tmp_path):
    return write_xlsx(tmp_path / "plain.xlsx", [["姓名", "国籍"], ["马爱丽", "法国"]])


def test_zip_that_swells_is_refused_unopened(tmp_path, plain):
    bomb = repacked(plain, tmp_path / "bomb.xlsx", sheet1=(b" " * (1 << 20) for _ in range(400)))

    told, grown, seconds = read(bomb)

    assert "would swell to 400 MB" in told
    assert bomb.stat().st_size < 1 << 20
    assert (grown < 32, seconds < 20) == (True, True)


def test_entities_are_refused(tmp_path, plain):
    laughs = [b'<!DOCTYPE w [<!ENTITY a "ha">', *(
        f'<!ENTITY {b} "{f"&{a};" * 10}">'.encode()
        for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    ), b"]><worksheet>&i;</worksheet>"]  # fmt: skip

    told, grown, _ = read(repacked(plain, tmp_path / "laughs.xlsx", sheet1=laughs))

    assert "damaged" in told
    assert grown < 32


def test_outside_entity_is_refused(tmp_path, plain):
    outside = [
        b'<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/hostname">]><worksheet>&a;</worksheet>'
    ]

    told, _, _ = read(repacked(plain, tmp_path / "outside.xlsx", sheet1=outside))

    assert "damaged" in told


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        (b'<row r="1"><c r="XFE1"><v>1</v></c></row>', "more columns"),
        (b'<row r="1"><c r="A1" t="inlineStr"><is><t>' + b"x" * 100_000 + b"</t></is></c></row>",
         "more text than a cell can"),
        (b'<row r="1"><c r="A1" t="s"><v>99999999</v></c></row>', "damaged"),
        (b'<row r="1"><c r="A1"><v>one</v></c></row>', "damaged"),
        (b'<row r="one"><c r="A1"><v>1</v></c></row>', "damaged"),
        (b"<row><c", "damaged"),
    ],
)  # fmt: skip
def test_sheet_that_no_program_writes_is_refused(tmp_path, plain, cells, told):
    sheet = [b"<worksheet><sheetData>", cells, b"</sheetData></worksheet>"]

    found, grown, _ = read(repacked(plain, tmp_path / "odd.xlsx", sheet1=sheet))

    assert told in found
    assert grown < 32


def test_masses_of_merged_cells_are_refused(tmp_path, plain):
    merges = (b'<mergeCell ref="A1:A1048576"/>' * 1000 for _ in range(200))
    sheet = [b"<worksheet><sheetData/><mergeCells>", *merges, b"</mergeCells></worksheet>"]

    told, grown, _ = read(repacked(plain, tmp_path / "merged.xlsx", sheet1=sheet))

    assert "more merged cells" in told
    assert grown < 64


@pytest.mark.parametrize(
    ("stream", "told", "most"),
    [
        (book(FONT * 5 + STYLE * 200_000), "styles and drawings", 32),
        (book(FONT * 200_000 + STYLE * 21), "styles and drawings", 32),
        (book(FONT * 5 + STYLE * 21,
              record(0x200, struct.pack("<IIHHH", 0, 65_536, 0, 256, 0))
              + record(0x203, struct.pack("<3Hd", 65_535, 255, 0, 1.0))), "No row of headings", 64),
        (book(FONT * 5 + STYLE * 21,
              b"".join(record(0x203, struct.pack("<3Hd", row, 255, 0, 1.0))
                       for row in range(0, 65_536, 2))), "No row of headings", 160),
        (book(FONT * 5 + STYLE * 21,
              record(0xE5, struct.pack("<H", 1000) + struct.pack("<4H", 0, 65_535, 0, 255) * 1000)
              * 200), "more merged cells", 32),
        (book(record(0x2F, b"\0" * 6)), "locked with a password", 32),
        (b"not a record at all" * 500, "damaged", 32),
    ],
    ids=["styles", "fonts", "dimensions", "far cells", "merges", "password", "garbage"],
)  # fmt: skip
def test_old_workbook_that_swells_or_is_locked_is_refused(tmp_path, stream, told, most):
    path = tmp_path / "bomb.xls"
    XlsDoc().save(str(path), stream)

    found, grown, seconds = read(path)

    assert told in found
    assert (grown <= most, seconds < 30) == (True, True), (grown, seconds)


def test_new_workbook_with_a_password_is_recognised(tmp_path):
    path = tmp_path / "locked.xlsx"
    name = "EncryptedPackage".encode("utf-16-le")
    XlsDoc().save(str(path), name + b"\0" * 5000)

    assert "locked with a password" in read(path)[0]


def test_old_workbook_above_its_size_is_refused_unread(tmp_path):
    path = tmp_path / "large.xls"
    with path.open("wb") as file:
        file.write(bytes.fromhex("d0cf11e0a1b11ae1"))
        file.truncate(30 << 20)

    told, grown, _ = read(path)

    assert "too large for the old format" in told
    assert grown < 16
