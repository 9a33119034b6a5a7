"""Typeset a PDF from one of our templates and plain data."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import typst

from tracker.core.errors import Conflict
from tracker.core.i18n import gettext as _

TEMPLATES = Path(__file__).parent / "templates"
#: Families that set Chinese and Latin letters alike, the best first.
CHINESE = (
    "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", "Songti SC",
    "SimSun", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei",
)  # fmt: skip


def typeset(template: str, data: Mapping[str, Any], *, language: str = "zh") -> bytes:
    """Return `template` ("checklist") as a PDF with `data`, which JSON must be able to hold.

    Texts in `data` are printed as they are, never read as markup. Conflict if the server has no
    Chinese font, because the names of people and papers would be empty boxes.
    """
    family = chinese_font()
    if family is None:
        raise Conflict(
            _("The server has no Chinese font. Install one (Debian: fonts-noto-cjk) and try again.")
        )
    inputs = {"data": json.dumps(data, ensure_ascii=False), "font": family, "lang": language}
    return bytes(
        typst.compile(
            TEMPLATES / f"{template}.typ", root=TEMPLATES, sys_inputs=inputs, font_paths=_fonts()
        )
    )


@cache
def chinese_font() -> str | None:
    """Return the best family with Chinese letters that this machine has."""
    families = set(_fonts().families())
    return next((family for family in CHINESE if family in families), None)


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=True)
