"""remind."""

from dataclasses import asdict
from datetime import date

import click

from tracker import pipeline
from tracker.cli.options import Day, json_option, print_json, without_pages
from tracker.core import clock


@click.command()
@click.option("--today", type=Day(), help="Plan as if it were this day.")
@click.option("--dry-run", is_flag=True, help="Only count; plan and send nothing.")
@json_option
@without_pages
def remind(today: date | None, dry_run: bool, as_json: bool) -> None:
    """Plan and deliver once, at once, whatever the hour."""
    outcome = pipeline.remind(today=today or clock.today(), now=clock.now(), dry_run=dry_run)
    if as_json:
        print_json(asdict(outcome))
    else:
        click.echo(", ".join(f"{count} {name}" for name, count in asdict(outcome).items()))
