"""The two long-running processes: scheduler and web."""

import logging

import click
from flask import current_app
from flask.cli import with_appcontext

from tracker import jobs


@click.command()
@with_appcontext
def scheduler() -> None:
    """Plan, write and deliver when due; one of many does the work, the others stand by."""
    _log_to_stderr()
    jobs.run_scheduler(current_app._get_current_object())  # type: ignore[attr-defined]


@click.command()
@with_appcontext
def web() -> None:
    """Serve the pages."""
    import waitress

    _log_to_stderr()
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    host, port = app.config["WEB_HOST"], app.config["WEB_PORT"]
    click.echo(f"http://{host}:{port}", err=True)
    waitress.serve(app, host=host, port=port, threads=app.config["WEB_THREADS"], ident=None)


def _log_to_stderr() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
