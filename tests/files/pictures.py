"""Small invented pictures and papers."""

from io import BytesIO

from PIL import Image

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
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
