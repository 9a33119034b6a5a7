"""Accounts by hand: add, list, deactivate, set a password."""

import sys

import click
from flask.cli import with_appcontext

from tracker.accounts import audit, service
from tracker.accounts.models import ROLES, Account
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import NotFound
from tracker.core.i18n import LANGUAGES
from tracker.facts import queries


@click.group("account")
def account_group() -> None:
    """Who may sign in, as what."""


@account_group.command()
@click.argument("email")
@click.option("--name", required=True, help="What to call the person.")
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--unit", help="Name of the unit; needed for a unit secretary.")
@click.option("--person", type=int, help="Number of the person; needed for an expert.")
@click.option("--language", type=click.Choice(LANGUAGES), default="zh", show_default=True)
@click.option("--password-stdin", is_flag=True, help="Read a password from standard input.")
@click.option("--no-password", is_flag=True, help="Only receives letters, cannot sign in.")
@with_appcontext
def add(
    email: str, name: str, role: str, unit: str | None, person: int | None, language: str,
    password_stdin: bool, no_password: bool,
) -> None:  # fmt: skip
    """Make an account for EMAIL."""
    password = None if no_password else _password(from_stdin=password_stdin)
    account = service.create_account(
        email=email, name=name, role=role, unit_id=_unit_id(unit), language=language,
        person_id=queries.person(person).id if person else None, password=password,
        at=clock.now(),
    )  # fmt: skip
    _note("account added", account, role=role)
    click.echo(f"{account.email} is now {role}")


@account_group.command("list")
@with_appcontext
def list_() -> None:
    """Print all accounts."""
    for account in service.everyone():
        marks = [] if account.active else ["deactivated"]
        marks += [] if account.password_hash else ["no password"]
        click.echo("\t".join([account.email, account.role, account.name, ", ".join(marks)]))


@account_group.command()
@click.argument("email")
@with_appcontext
def deactivate(email: str) -> None:
    """Keep EMAIL from signing in and from receiving letters."""
    account = service.get(email)
    service.deactivate(account)
    _note("account deactivated", account)
    click.echo(f"{account.email} can no longer sign in")


@account_group.command("set-password")
@click.argument("email")
@click.option("--stdin", "from_stdin", is_flag=True, help="Read it from standard input.")
@with_appcontext
def set_password(email: str, from_stdin: bool) -> None:
    """Give EMAIL a new password; all its sessions end."""
    account = service.get(email)
    service.set_password(account, _password(from_stdin=from_stdin))
    _note("password set", account)
    click.echo(f"{account.email} has a new password")


def _password(*, from_stdin: bool) -> str:
    """Read a password where no process list or shell history shows it."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))


def _unit_id(name: str | None) -> int | None:
    if name is None:
        return None
    unit = queries.unit_named(name)
    if unit is None:
        raise NotFound(unit=f"There is no unit called {name!r}. Import a roster that names it.")
    return unit.id


def _note(action: str, account: Account, **details: str) -> None:
    audit.record(
        actor="command", action=action, subject=audit.actor_of(account), at=clock.now(),
        details=details,
    )  # fmt: skip
    db.session.commit()
