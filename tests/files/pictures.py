"""Small invented pictures and papers."""

from io import BytesIO

import pikepdf
from PIL import Image

PLACE = "30.5 N 114.3 E"


def picture(format: str = "JPEG", *, size: tuple[int, int] = (1200, 800), **options: object):
    """Return the bytes of a picture: left half red, right half blue."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, size[0], size[1]))
    target = BytesIO()
    image.save(target, format, **options)
    return target.getvalue()


def with_traces(*, turned: int = 1) -> bytes:
    """Return a JPEG that tells where and with what it was taken, and how to turn it."""
    exif = Image.Exif()
    exif[0x010E] = PLACE
    exif[0x0112] = turned
    return picture(exif=exif, comment=PLACE.encode())


def pdf_of(pages: int = 1, **root: object) -> bytes:
    """Return a PDF with empty A4 pages; `root` goes into its catalogue."""
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=(595, 842))
    for name, value in root.items():
        document.Root[f"/{name}"] = value
    target = BytesIO()
    document.save(target, deterministic_id=True)
    return target.getvalue()


PDF = pdf_of()
