"""Fill a Word template that the office wrote, and read what came of it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.exceptions import PackageNotFoundError
from docx.text.paragraph import Paragraph as WordParagraph
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from tracker.core.errors import Invalid
from tracker.core.i18n import gettext as _

_ALIGNED = {
    WD_ALIGN_PARAGRAPH.CENTER: "center", WD_ALIGN_PARAGRAPH.RIGHT: "right",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as it will be set: `align` is left, center or right; `size` in points."""

    text: str
    align: str
    bold: bool
    size: float


def fill(template: Path, values: Mapping[str, Any]) -> bytes:
    """Return the Word file made from `template`; Invalid names the template's mistake.

    A template is somebody's text, so it runs in Jinja's sandbox and every value is escaped.
    """
    target = BytesIO()
    environment = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    try:
        document = DocxTemplate(template)
        document.render(dict(values), environment, autoescape=True)
        document.save(target)
    except TemplateError as error:
        raise Invalid(
            template=_("%(file)s: %(mistake)s. Mend it there, in Word.",
                       file=template.name, mistake=error.message or type(error).__name__)
        ) from None  # fmt: skip
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError, OSError):
        raise Invalid(
            template=_("%(file)s is no Word file. Save it as .docx.", file=template.name)
        ) from None
    return target.getvalue()


def paragraphs(word: bytes) -> list[dict[str, Any]]:
    """Return the text of a Word file, paragraph by paragraph, to be set as a PDF."""
    return [asdict(_paragraph(each)) for each in Document(BytesIO(word)).paragraphs]


def _paragraph(each: WordParagraph) -> Paragraph:
    runs = [run for run in each.runs if run.text.strip()]
    sizes = [run.font.size.pt for run in runs if run.font.size]
    return Paragraph(
        each.text, _ALIGNED.get(each.alignment, "left") if each.alignment else "left",
        bool(runs) and all(run.bold for run in runs), max(sizes, default=11.0),
    )  # fmt: skip
