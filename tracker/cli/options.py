"""Options and output that commands share."""

import json
from datetime import date
from typing import Any

import click


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
