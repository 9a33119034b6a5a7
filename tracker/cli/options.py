"""Options and output that commands share."""

import json
import logging
from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

import click

from tracker.app import create_app
from tracker.core.db import db


class Day(click.ParamType[date]):
    """A date as YYYY-MM-DD."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the date, or refuse with an example."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a date; write it like 2026-11-30", param, ctx)


json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object only.")


def print_json(content: Any) -> None:
    """Print one JSON object on standard output."""
    click.echo(json.dumps(content, ensure_ascii=False, default=str))


def without_pages(command: Callable[..., None]) -> Callable[..., None]:
    """Run a command that serves nobody with an application that has no pages."""

    @wraps(command)
    def run(*arguments: Any, **options: Any) -> None:
        app = create_app(pages=False)
        with app.app_context():
            try:
                command(*arguments, **options)
            finally:
                db.session.remove()
                db.engine.dispose()

    return run


def log_to_stderr() -> None:
    """Let a process that runs for long say what it does."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
