"""rules check, calendar add."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from tracker import pipeline
from tracker.core import clock
from tracker.core.db import db
from tracker.facts import notices
from tracker.rules.cases import run_cases
from tracker.rules.holidays import parse_year
from tracker.rules.load import load_book
from tracker.rules.model import RulesError

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("rules")
def rules_group() -> None:
    """The law as data."""


@rules_group.command()
@click.argument("file", type=FILE)
@with_appcontext
def check(file: Path) -> None:
    """Run the worked cases of FILE and print each difference."""
    try:
        rules = load_book(
            Path(current_app.config["RULES_DIR"]),
            jurisdiction=current_app.config["JURISDICTION"],
        )
        report = run_cases(file, rules)
    except RulesError as error:
        raise click.UsageError(str(error)) from None
    for line in report.differences:
        click.echo(line)
    click.echo(f"{report.passed} passed, {report.failed} failed")
    raise SystemExit(1 if report.failed else 0)


@click.group("calendar")
def calendar_group() -> None:
    """The State Council's holidays."""


@calendar_group.command()
@click.argument("file", type=FILE)
@with_appcontext
def add(file: Path) -> None:
    """Add the year in FILE (form of config/regulations/calendar/2026.yaml) and recompute."""
    content = file.read_text("utf-8")
    try:
        year = parse_year(content, file=file.name)
    except RulesError as error:
        raise click.UsageError(str(error)) from None
    notices.record(year.year, content, by="command", at=clock.now())
    persons = pipeline.rebuild(today=clock.today(), now=clock.now())
    db.session.commit()
    click.echo(f"{year.year} added; the deadlines of {persons} people were worked out again")
