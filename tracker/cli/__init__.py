"""The `tracker` command. Exit codes: 0 done, 1 found something wrong, 2 wrong use."""

import gc
from importlib import import_module
from typing import Any

import click
import sqlalchemy as sa
from flask.cli import FlaskGroup

from tracker.app import create_app
from tracker.core.errors import TrackerError

#: Where each command is; read when it is asked for: most need only a part of the product.
COMMANDS = {
    "account": "accounts:account_group", "backup": "care:backup",
    "calendar": "rules:calendar_group", "cases": "cases:cases_group", "demo": "demo:demo",
    "doctor": "care:doctor", "explain": "outlook:explain", "export": "roster:export_group",
    "import": "roster:import_group", "plan": "cases:plan", "preview": "outlook:preview",
    "rebuild": "care:rebuild", "remind": "reminders:remind", "restore": "care:restore",
    "rules": "rules:rules_group", "scheduler": "scheduler:scheduler", "web": "web:web",
}  # fmt: skip


class TrackerGroup(FlaskGroup):
    """Says what a person can mend in plain lines instead of a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*COMMANDS, *super().list_commands(ctx)})

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return super().get_command(ctx, name)
        module, _, command = COMMANDS[name].partition(":")
        found: click.Command = getattr(import_module(f"tracker.cli.{module}"), command)
        return found

    def invoke(self, ctx: click.Context) -> Any:
        _spare_the_collector()
        try:
            return super().invoke(ctx)
        except TrackerError as error:
            for line in error.lines():
                click.echo(f"tracker: {line}", err=True)
            ctx.exit(1)
        except sa.exc.OperationalError as error:
            click.echo(f"tracker: database: {error.orig}; tracker doctor tells more", err=True)
            ctx.exit(1)


def _spare_the_collector() -> None:
    """What was loaded to start stays till the end: walking over it costs an import a sixth."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@click.group(
    cls=TrackerGroup, create_app=create_app, add_default_commands=False, add_version_option=False
)
def main() -> None:
    """Keeps the foreign experts of a university legal and safe.

    Exit codes: 0 done, 1 found something wrong, 2 wrong use.
    """
