"""The process that reads one roster and sends its rows: python -m tracker.roster.apart_child.

Arguments: the file, the folder of translations, the language of messages. Read from the standard
input: what to prepare, pickled. Sent are pickles, each after its length: the head, chunks, at the
end None; instead of any of them a text, why the file is refused.
"""

import gc
import os
import pickle
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask import Flask
from flask_babel import Babel

from tracker.core.errors import Invalid
from tracker.core.i18n import gettext as _
from tracker.roster.apart import LENGTH, Wanted
from tracker.roster.entering import fresh
from tracker.roster.tables import Roster

#: 65,536 rows of an .xls take 180 MB, 200,000 of an .xlsx 120 MB.
MOST_MEMORY = 256 << 20


def main() -> None:
    """Read, and send to the standard output of the process."""
    path, translations, locale = sys.argv[1:]
    bound_memory()
    gc.disable()  # rows make no cycles, and the process ends soon
    app = Flask("tracker")
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = translations
    Babel(app, default_locale=locale)
    with app.app_context(), os.fdopen(os.dup(1), "wb") as pipe:
        wanted = pickle.load(sys.stdin.buffer)  # noqa: S301 - from our own process
        for frame in frames(Path(path), wanted):
            sent = pickle.dumps(frame, protocol=5)
            pipe.write(LENGTH.pack(len(sent)) + sent)
            pipe.flush()


def frames(path: Path, wanted: Wanted | None) -> Iterator[Any]:
    """Yield what is sent of a roster."""
    try:
        roster = Roster(path)
        yield roster.head
        terms = wanted.terms if wanted and roster.head.total > wanted.known else None
        for chunk in roster.chunks():
            told = chunk.told()
            ready = fresh(told, terms) if terms else ()
            yield chunk.lines, pickle.dumps(told, protocol=5), ready
        yield None
    except Invalid as error:
        yield str(error)
    except MemoryError:
        yield _("The file takes more memory than a roster does. Copy the rows into a new workbook "
                "and import that.")  # fmt: skip


def bound_memory() -> None:
    """Let the system refuse more; Windows has no such bound, macOS does not heed it."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))


if __name__ == "__main__":
    main()
