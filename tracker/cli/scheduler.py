"""scheduler."""

import click
from flask import current_app

from tracker import jobs
from tracker.cli.options import log_to_stderr, without_pages


@click.command()
@without_pages
def scheduler() -> None:
    """Plan, write and deliver when due; one of many does the work, the others stand by."""
    log_to_stderr()
    jobs.run_scheduler(current_app._get_current_object())  # type: ignore[attr-defined]
