"""Make a PDF harmless: the pages stay, whatever acts by itself or rides along goes."""

from io import BytesIO
from typing import Any

import pikepdf

from tracker.core.errors import Invalid
from tracker.core.i18n import gettext as _

MOST_PAGES = 300
#: What a part of the file that describes the others may unpack to, in bytes.
UNPACKED = 64 * 1024 * 1024
pikepdf.settings.set_qpdf_limits(flate_max_memory=UNPACKED, run_length_max_memory=UNPACKED)
#: What a document, a page or a note may do by itself when it is opened, shown or pressed.
ACTING = ("/AA", "/A", "/OpenAction", "/JS", "/JavaScript")
#: What rides along with the pages: forms with scripts, other files, where and by whom it was made.
RIDING = ("/AcroForm", "/AF", "/Names", "/Metadata", "/PieceInfo", "/Collection", "/Requirements")


def clean(data: bytes) -> bytes:
    """Return the pages of a PDF, written anew; Invalid says why it is not taken.

    Bytes before, between and after the objects, in which another format may hide, are not kept.
    """
    try:
        with pikepdf.open(BytesIO(data)) as document:
            _bounded(document)
            _strip(document.Root)
            for page in document.pages:
                _strip(page.obj)
                for note in page.obj.get("/Annots", []):
                    _strip(note)
            del document.docinfo
            target = BytesIO()
            document.remove_unreferenced_resources()
            document.save(target, deterministic_id=True)
    except pikepdf.PasswordError:
        raise Invalid(
            file=_("This PDF asks for a password. Save it without one and choose that.")
        ) from None
    except (pikepdf.PdfError, ValueError, TypeError, RuntimeError):
        raise Invalid(
            file=_("This PDF cannot be read. Print it to a PDF again and choose that.")
        ) from None
    return target.getvalue()


def _bounded(document: pikepdf.Pdf) -> None:
    count = len(document.pages)
    if not count:
        raise Invalid(file=_("This PDF has no page. Save it again and choose that."))
    if count > MOST_PAGES:
        raise Invalid(
            file=_("This PDF has %(count)s pages. Give the part asked for, %(most)s at most.",
                   count=count, most=MOST_PAGES)
        )  # fmt: skip


def _strip(owner: Any) -> None:
    if isinstance(owner, pikepdf.Dictionary):
        for name in (*ACTING, *RIDING):
            if name in owner:
                del owner[name]
