"""Tell a file by its bytes and make it harmless: images are drawn anew, so nothing rides along."""

from dataclasses import dataclass
from io import BytesIO

import pillow_heif
from PIL import Image, ImageOps

from tracker.core.errors import Invalid
from tracker.core.i18n import gettext as _
from tracker.files import pdf

# The format of an iPhone's camera. Only the first picture counts, not what else the file holds.
pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)

LARGEST = 15 * 1024 * 1024
#: Asked of the header before anything is decoded; a phone's photograph has 12 to 50 million.
MOST_PIXELS = 60_000_000
#: Longest sides in pixels: an A4 page at 300 dpi stays as it is; a preview fits a card.
SIDE, PREVIEW_SIDE = 3600, 480
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
#: What the decoders raise for bytes that are not a picture, or not a whole one.
UNREADABLE = (
    OSError, ValueError, SyntaxError, EOFError, IndexError, RuntimeError,
    Image.DecompressionBombWarning,
)  # fmt: skip
JPEG, PDF = "image/jpeg", "application/pdf"


@dataclass(frozen=True, slots=True)
class Content:
    """What is kept of an uploaded file: its type, its bytes, a small picture of an image."""

    media_type: str
    data: bytes
    preview: bytes | None

    @property
    def suffix(self) -> str:
        """The ending of its name."""
        return ".pdf" if self.media_type == PDF else ".jpg"


def examine(data: bytes) -> Content:
    """Return what is kept of `data`; Invalid says why it is not taken and what to do."""
    if not data:
        raise Invalid(file=_("The file is empty. Choose it again."))
    if len(data) > LARGEST:
        raise Invalid(
            file=_("The file is larger than %(size)s MB. Scan it with fewer dots per inch.",
                   size=LARGEST >> 20)
        )  # fmt: skip
    if data.startswith(b"%PDF-"):
        return Content(PDF, pdf.clean(data), None)
    image = drawn(data)
    return Content(JPEG, encoded(image, 88), smaller(image, PREVIEW_SIDE))


def drawn(data: bytes, *, side: int = SIDE) -> Image.Image:
    """Return the picture in `data` upright, on white, no side longer than `side` pixels.

    Invalid says why it is not taken: no picture, cut off, too many pixels.
    """
    try:
        return _drawn(data, side)
    except Image.DecompressionBombError:
        raise _too_many_pixels() from None
    except UNREADABLE:
        raise Invalid(
            file=_("This is no readable picture or PDF. Take JPEG, PNG, WebP, HEIC or PDF.")
        ) from None


def smaller(image: Image.Image, side: int) -> bytes:
    """Return a small picture of an image, as JPEG."""
    small = image.copy()
    small.thumbnail((side, side))
    return encoded(small, 80)


def _drawn(data: bytes, side: int) -> Image.Image:
    with Image.open(BytesIO(data), formats=FORMATS) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise _too_many_pixels()
        opened.draft("RGB", (side, side))
        upright = ImageOps.exif_transpose(opened)
        if upright.has_transparency_data:
            upright = upright.convert("RGBA")
            white = Image.new("RGBA", upright.size, "white")
            upright = Image.alpha_composite(white, upright)
        image = upright.convert("RGB")
    image.thumbnail((side, side))
    return image


def encoded(image: Image.Image, quality: int) -> bytes:
    """Return an image as JPEG that holds its pixels and nothing else."""
    # A fresh image of the pixels alone: no EXIF, no place, no comment, no colour profile.
    bare = Image.frombytes("RGB", image.size, image.tobytes())
    target = BytesIO()
    bare.save(target, "JPEG", quality=quality, optimize=True)
    return target.getvalue()


def _too_many_pixels() -> Invalid:
    return Invalid(
        file=_("The picture has more than %(count)s million pixels. Make it smaller.",
               count=MOST_PIXELS // 1_000_000)
    )  # fmt: skip
