"""A signature drawn on a glass: told by its bytes, drawn anew, in black on white. Pure."""

from base64 import b64decode
from binascii import Error as NotBase64
from io import BytesIO

from PIL import Image

from tracker.files.content import UNREADABLE

#: In pixels; more is no signature.
LARGEST = (1600, 1200)
_LEAD = "data:image/png;base64,"


def drawn(data_url: str) -> bytes | None:
    """Return a signature as PNG that holds its pixels and nothing else; None if it is none."""
    if not data_url.startswith(_LEAD):
        return None
    try:
        data = b64decode(data_url.removeprefix(_LEAD), validate=True)
        with Image.open(BytesIO(data), formats=("PNG",)) as opened:
            if opened.width > LARGEST[0] or opened.height > LARGEST[1]:
                return None
            inked = opened.convert("RGBA")
    except (NotBase64, Image.DecompressionBombError, *UNREADABLE):
        return None
    paper = Image.new("RGBA", inked.size, "white")
    grey = Image.alpha_composite(paper, inked).convert("L")
    target = BytesIO()
    Image.frombytes("L", grey.size, grey.tobytes()).save(target, "PNG", optimize=True)
    return target.getvalue()
