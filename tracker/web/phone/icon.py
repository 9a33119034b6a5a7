"""The icon on a phone's screen: a house with a tick, drawn in the sizes phones ask for."""

import io
from functools import cache

from PIL import Image, ImageDraw

SIZES = (180, 192, 512)
#: Drawn larger and shrunk: smooth edges.
FINER = 4
GROUND, FRONT, TICK = "#1d5673", "#ffffff", "#1d5673"
#: In a square of 100; all lies within the middle four fifths that a mask leaves.
HOUSE = ((50, 22), (78, 45), (73, 45), (73, 76), (27, 76), (27, 45), (22, 45))
MARK = ((37, 57), (46, 66), (63, 47))


@cache
def png(size: int) -> bytes:
    """Return the icon as a PNG of `size` pixels."""
    scale = size * FINER / 100
    picture = Image.new("RGB", (size * FINER, size * FINER), GROUND)
    pen = ImageDraw.Draw(picture)
    pen.polygon([(x * scale, y * scale) for x, y in HOUSE], fill=FRONT)
    points = [(x * scale, y * scale) for x, y in MARK]
    pen.line(points, fill=TICK, width=round(6 * scale), joint="curve")
    for x, y in (points[0], points[-1]):
        pen.circle((x, y), 3 * scale, fill=TICK)
    content = io.BytesIO()
    picture.resize((size, size), Image.Resampling.LANCZOS).save(content, "PNG", optimize=True)
    return content.getvalue()
