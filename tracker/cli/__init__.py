"""The `tracker` command. Exit codes: 0 done, 1 found something wrong, 2 wrong use."""

import gc
from typing import Any

import click
import sqlalchemy as sa
from flask.cli import FlaskGroup

from tracker.app import create_app
from tracker.cli import accounts, care, demo, processes, reminders, roster, rules
from tracker.core.errors import TrackerError


class TrackerGroup(FlaskGroup):
    """Says what a person can mend in plain lines instead of a traceback."""

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


for command in (
    reminders.remind, reminders.preview, reminders.explain, rules.rules_group, rules.calendar_group,
    roster.import_group, roster.export_group, accounts.account_group, processes.scheduler,
    processes.web, care.doctor, care.backup, care.restore, care.rebuild, demo.demo,
):  # fmt: skip
    main.add_command(command)
