"""Files are told by their bytes; pictures are drawn anew, without what rode along."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from tests.files.pictures import PDF, PLACE, picture, with_traces
from tracker.core.errors import Invalid
from tracker.files import content, pdf


def opened(data):
    return Image.open(BytesIO(data))


def png_of(width, height):
    """Return a PNG whose header claims a size that its few bytes do not have."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b""))
    )
    return b"\x89PNG\r\n\x1a\n" + chunks


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_pictures_become_jpeg_with_a_small_one_beside(format):
    kept = content.examine(picture(format))

    assert (kept.media_type, kept.suffix) == ("image/jpeg", ".jpg")
    assert (opened(kept.data).format, opened(kept.data).size) == ("JPEG", (1200, 800))
    assert opened(kept.preview).size == (480, 320)


def test_where_a_photograph_was_taken_is_gone():
    data = with_traces()

    kept = content.examine(data)

    assert PLACE.encode() in data
    assert [PLACE.encode() in each for each in (kept.data, kept.preview)] == [False, False]
    assert dict(opened(kept.data).getexif()) == {}


def test_what_hides_behind_a_picture_is_gone():
    kept = content.examine(picture() + b"<script>alert(1)</script>")

    assert b"<script>" not in kept.data


def test_turned_photograph_stands_upright():
    kept = content.examine(with_traces(turned=6))  # turn clockwise: left becomes top

    upright = opened(kept.data)
    assert upright.size == (800, 1200)
    red, _green, blue = upright.getpixel((400, 100))
    assert (red > 200, blue < 60) == (True, True)


def test_transparent_ground_becomes_white():
    image = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    target = BytesIO()
    image.save(target, "PNG")

    kept = content.examine(target.getvalue())

    assert opened(kept.data).getpixel((20, 20)) == (255, 255, 255)


def test_large_picture_is_brought_to_a_page_at_300_dpi():
    kept = content.examine(picture(size=(5000, 2500)))

    assert opened(kept.data).size == (3600, 1800)


def test_pdf_keeps_its_pages():
    assert content.examine(PDF) == content.Content("application/pdf", pdf.clean(PDF), None)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is empty"),
        (b"<html><script>alert(1)</script>", "no readable picture or PDF"),
        (b"GIF89a" + b"\0" * 60, "no readable picture or PDF"),
        (picture()[:2000], "no readable picture or PDF"),
        (
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
            "no readable picture",
        ),
        (b"PK\x03\x04" + b"\0" * 60, "no readable picture or PDF"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 40, "no readable picture or PDF"),
        (png_of(30000, 30000), "more than 60 million pixels"),
        (png_of(60000, 60000), "more than 60 million pixels"),
        (png_of(200, 200), "no readable picture or PDF"),
        (b"\xff" * (content.LARGEST + 1), "larger than 15 MB"),
    ],
)
def test_what_is_not_taken_says_why(app, data, why):
    with pytest.raises(Invalid) as refused:
        content.examine(data)

    assert list(refused.value.messages) == ["file"]
    assert why in str(refused.value)
