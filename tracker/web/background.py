"""Do long work beside the requests, in a thread of this process that the database can watch."""

import logging
import secrets
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Flask, current_app
from flask_babel import force_locale

from tracker import work
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import TrackerError
from tracker.core.i18n import gettext as _
from tracker.web import language

log = logging.getLogger(__name__)
Progress = Callable[[int, int], None]
Work = Callable[[Progress], dict[str, Any]]
#: Progress is written down at most so often.
_REPORT_EVERY = 0.7


def start(task_id: int, do: Work) -> None:
    """Do the work of a task that is committed; its words are in the language of this request.

    `do` is called in its own context with a function to report progress, and returns the result.
    It commits by itself; a TrackerError it raises is told to whoever waits.
    """
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    arguments = (app, task_id, do, language.babel_locale())
    threading.Thread(target=_run, args=arguments, name=f"task-{task_id}", daemon=True).start()


def _run(app: Flask, task_id: int, do: Work, locale: str) -> None:
    stopped = threading.Event()
    heart = threading.Thread(target=_beat, args=(app, task_id, stopped), daemon=True)
    heart.start()
    with app.app_context(), force_locale(locale):
        try:
            result = do(_Reporter(task_id))
            db.session.rollback()
            work.finish(task_id, result, at=clock.now())
        except TrackerError as error:
            db.session.rollback()
            work.fail(task_id, "\n".join(error.lines()), at=clock.now())
        except Exception:
            db.session.rollback()
            reference = secrets.token_hex(4)
            log.exception("task %s failed, reference %s", task_id, reference)
            work.fail(task_id, _unexpected(reference), at=clock.now())
        finally:
            stopped.set()
        heart.join()
        db.session.commit()


def _beat(app: Flask, task_id: int, stopped: threading.Event) -> None:
    while not stopped.wait(work.BEAT.total_seconds()):
        with app.app_context():
            try:
                work.beat(task_id, at=clock.now())
                db.session.commit()
            except Exception:
                db.session.rollback()
                log.warning("task %s could not beat", task_id, exc_info=True)


def _unexpected(reference: str) -> str:
    return _(
        "Something went wrong on our side. Try again; if it happens twice, give the administrator "
        "the number %(reference)s.", reference=reference,
    )  # fmt: skip


class _Reporter:
    """Writes progress down, in a transaction of its own between two of the work's."""

    def __init__(self, task_id: int) -> None:
        self._task_id = task_id
        self._told_at: datetime | None = None

    def __call__(self, done: int, total: int) -> None:
        now = clock.now()
        if self._told_at and (now - self._told_at).total_seconds() < _REPORT_EVERY:
            return
        self._told_at = now
        work.report(self._task_id, done=done, total=max(done, total), at=now)
        db.session.commit()
