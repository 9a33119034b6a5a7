"""Bring the .po files up to date with the words in the program; prints what is left to translate.

python -m scripts.translations
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "tracker" / "translations"
WRITTEN = datetime(2026, 1, 1, tzinfo=UTC)
#: Besides gettext and its kin, the names our files give it.
KEYWORDS = {"_": None, "_l": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None}


def extracted() -> Catalog:
    """Return every message of the program, in the order of files and lines."""
    with (ROOT / "config" / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    catalog = Catalog(project="foreign-expert-tracker", fuzzy=False)
    found = extract_from_dir(str(ROOT), methods, options, keywords=KEYWORDS)
    for _file, _line, message, _comments, context in sorted(found, key=lambda each: each[:2]):
        catalog.add(message, context=context)
    return catalog


def update(path: Path, template: Catalog) -> list[str]:
    """Write the catalog at `path` anew: words that went are dropped; return those without one."""
    locale = path.parent.parent.name
    if path.exists():
        with path.open("rb") as file:
            catalog = read_po(file, locale=locale)
    else:
        catalog = Catalog(locale=locale, project=template.project, fuzzy=False)
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.header_comment = "# Words of the pages and messages, in simplified Chinese."
    catalog.fuzzy = False
    catalog.project, catalog.version = template.project, "1"
    catalog.msgid_bugs_address = catalog.last_translator = catalog.language_team = ""
    # The file changes when its words do, not because it was written again.
    catalog.creation_date = catalog.revision_date = WRITTEN
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=100, sort_output=True, no_location=True, omit_header=False)
    return [str(each.id) for each in catalog if each.id and not _translated(each.string)]


def _translated(string: object) -> bool:
    return all(string) if isinstance(string, tuple | list) else bool(string)


if __name__ == "__main__":
    missing = update(TRANSLATIONS / "zh_Hans" / "LC_MESSAGES" / "messages.po", extracted())
    print("\n".join(missing) or "everything is translated")
    sys.exit(1 if missing else 0)
