"""Pages kept in memory for as long as nothing that they show has changed.

A kept page is found by who asks for it how, and used only if its ground, the rows it was made of,
is the same now. So nobody has to tell of a change, and no page can be stale.
"""

import secrets
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any

from flask import Flask, current_app, render_template, request, session
from flask_wtf.csrf import generate_csrf

from tracker.core import clock
from tracker.web import language
from tracker.web.access import viewer

#: Letters that are kept at most, some hundred pages.
ROOM = 16_000_000
#: Stands for the token of forms, which is each answer's own. Nobody can have typed it.
TOKEN = f"token-{secrets.token_hex(16)}"


class Shelf:
    """What is kept: the longest unused goes first."""

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._used = 0
        self._pages: OrderedDict[Hashable, tuple[object, str]] = OrderedDict()
        self._lock = Lock()

    def find(self, key: Hashable, ground: object) -> str | None:
        """Return what is kept, if its ground is still this one."""
        with self._lock:
            found = self._pages.get(key)
            if found is None or found[0] != ground:
                return None
            self._pages.move_to_end(key)
            return found[1]

    def keep(self, key: Hashable, ground: object, text: str) -> None:
        """Keep a page instead of the one of the same key."""
        with self._lock:
            self._used += len(text) - len(self._pages.pop(key, (None, ""))[1])
            self._pages[key] = (ground, text)
            while self._used > self._room:
                self._used -= len(self._pages.popitem(last=False)[1][1])


def init_app(app: Flask) -> None:
    """Give `app` an empty shelf."""
    app.extensions["kept_pages"] = Shelf()


def page(
    template: str, ground: object, values: Callable[[], dict[str, Any]],
    still: Callable[[], object] | None = None,
) -> str:  # fmt: skip
    """Return the page that `template` makes of `values`, made before if `ground` is the same.

    `still` reads the ground anew, when `values` reads more than it: what somebody changes
    meanwhile is shown, but not kept.
    """
    if "_flashes" in session:  # said once
        return render_template(template, **values())
    shelf: Shelf = current_app.extensions["kept_pages"]
    key = (template, *_asked())
    text = shelf.find(key, ground)
    if text is None:
        text = render_template(template, csrf_token=lambda: TOKEN, **values())
        if still is None or still() == ground:
            shelf.keep(key, ground, text)
    return text.replace(TOKEN, generate_csrf())


def _asked() -> tuple[Hashable, ...]:
    """Return what every page depends on: who reads it, as what, in which language, on which day."""
    reader = viewer()
    return (
        reader.id, reader.role, reader.name, reader.email, reader.unit_id, reader.person_id,
        reader.health, language.current(), clock.today(), request.script_root,
        request.full_path,
    )  # fmt: skip
