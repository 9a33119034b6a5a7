"""doctor, backup, restore, rebuild."""

import sys
from pathlib import Path

import click
import sqlalchemy as sa
from flask import current_app
from flask.cli import with_appcontext

from tracker import checkup, pipeline
from tracker.cli.options import json_option, print_json
from tracker.core import backups, clock
from tracker.core.db import db
from tracker.facts.models import Person
from tracker.files import archive
from tracker.outbox import holds, instance


@click.command()
@json_option
@with_appcontext
def doctor(as_json: bool) -> None:
    """Check database, migrations, clock, calendars, mail server, last run, queue and disk."""
    findings = checkup.examine(now=clock.now())
    good = all(finding.ok for finding in findings)
    if as_json:
        checks = [
            {"name": finding.name, "ok": finding.ok, "detail": finding.detail}
            for finding in findings
        ]
        print_json({"ok": good, "checks": checks})
    else:
        for finding in findings:
            click.echo(f"{'ok  ' if finding.ok else 'BAD '} {finding.name:12} {finding.detail}")
    raise SystemExit(0 if good else 1)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
def backup(file: Path) -> None:
    """Write a consistent copy of the database to FILE while everything runs.

    The files of people and photos of buildings go to FILE.files.tar beside it: keep the two
    together.
    """
    backups.save(current_app.config["SQLALCHEMY_DATABASE_URI"], file)
    files = archive.beside(file)
    click.echo(f"{files}: {archive.save(files)} files and photos")
    click.echo(f"{file}: {file.stat().st_size} bytes. Keep HOME/secret_key apart from it.")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Put aside the database that is there now.")
@with_appcontext
def restore(file: Path, replace: bool) -> None:
    """Bring back a backup. Nothing is sent until a person releases the hold."""
    instance.expect_older()
    backups.load(current_app.config["SQLALCHEMY_DATABASE_URI"], file, replace=replace)
    db.engine.dispose()
    if archive.beside(file).exists():
        click.echo(f"{archive.load(archive.beside(file))} files and photos brought back")
    holds.hold("restored", f"restored from {file.name}", now=clock.now())
    db.session.commit()
    click.echo("restored; letters are held until you release them on the Delivery page")


@click.command()
@with_appcontext
def rebuild() -> None:
    """Derive all obligations anew from the facts, and plan all open cases."""
    total = db.session.scalar(sa.select(sa.func.count(Person.id))) or 0
    db.session.commit()
    with click.progressbar(length=total, label="people", file=sys.stderr) as bar:
        persons = pipeline.rebuild(
            today=clock.today(), now=clock.now(), progress=lambda done: bar.update(done - bar.pos)
        )
    click.echo(f"obligations of {persons} people are up to date")
