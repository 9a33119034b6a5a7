"""Open a roster by what it is, whatever its name says."""

from pathlib import Path

from tracker.core.errors import Invalid
from tracker.core.i18n import gettext as _
from tracker.roster import delimited, xls, xlsx
from tracker.roster.cells import Source


def open_roster(path: Path) -> Source:
    """Return the visible sheets of an .xlsx, .xlsm, .xls or text file, to be read row by row.

    Raises Invalid for a file that is empty, damaged, locked, too large or of another kind.
    """
    with path.open("rb") as file:
        head = file.read(8)
    if not head:
        raise Invalid(_("The file is empty."))
    if head.startswith(b"PK"):
        return xlsx.open_xlsx(path)
    if head == xls.SIGNATURE:
        return xls.open_xls(path)
    if head.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8", b"\x1f\x8b", b"Rar!", b"7z")):
        raise Invalid(_("This is no table. Save the roster as .xlsx or .csv and import that."))
    return delimited.open_text(path)
