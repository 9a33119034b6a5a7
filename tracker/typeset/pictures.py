"""Pictures on paper: as an SVG around their bytes, which a template can hold as text."""

import base64
from io import BytesIO

from PIL import Image


def embedded(data: bytes) -> str:
    """Return a JPEG or PNG as an SVG of the same shape."""
    with Image.open(BytesIO(data), formats=("JPEG", "PNG")) as opened:
        width, height = opened.size
        kind = (opened.format or "JPEG").lower()
    coded = base64.b64encode(data).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}"><image width="{width}" height="{height}" '
        f'href="data:image/{kind};base64,{coded}"/></svg>'
    )
