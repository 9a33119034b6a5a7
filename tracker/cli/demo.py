"""demo."""

from pathlib import Path

import click

from tracker.app import create_app
from tracker.demo import run


@click.command()
@click.option("--home", type=click.Path(file_okay=False, path_type=Path), metavar="FOLDER",
              help="A new or empty folder; a temporary one when not given.")  # fmt: skip
@click.option(
    "--port", type=click.IntRange(1, 65535), help="Of the pages; a free one if not given."
)
@click.option("--people", type=click.IntRange(1, 20_000), default=120, show_default=True)
@click.option("--check", is_flag=True, help="Do it all, see that it works, and end.")
def demo(home: Path | None, port: int | None, people: int, check: bool) -> None:
    """Play the main job on invented staff: a fresh database, real letters, web and scheduler."""
    run.run(
        make_app=create_app, home=home, port=port, count=people, check=check, tell=click.echo
    )  # fmt: skip
