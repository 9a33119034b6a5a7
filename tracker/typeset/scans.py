"""Scans as the authorities' systems take them: PDF pages, no larger than they allow."""

from io import BytesIO

from PIL import Image

A4 = (8.27, 11.69)
#: Sides in pixels and qualities tried in turn until a picture is small enough: from A4 at 300 dpi
#: to 110 dpi, below which a stamp can no longer be read.
STEPS = ((3508, 88), (2480, 82), (1754, 78), (1754, 60), (1286, 60))


def page_of(picture: bytes, *, largest: int) -> bytes:
    """Return a picture as a page of A4, of at most `largest` bytes where that can be."""
    made = b""
    with Image.open(BytesIO(picture), formats=("JPEG",)) as opened:
        for side, quality in STEPS:
            made = _page(opened, side, quality)
            if len(made) <= largest:
                break
    return made


def _page(opened: Image.Image, side: int, quality: int) -> bytes:
    image = opened.convert("RGB")
    image.thumbnail((side, side))
    wide, high = (A4[1], A4[0]) if image.width > image.height else A4
    target = BytesIO()
    resolution = max(image.width / wide, image.height / high)
    image.save(target, "PDF", resolution=resolution, quality=quality)
    return target.getvalue()
