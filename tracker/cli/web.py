"""web."""

import click
import waitress
from flask import current_app
from flask.cli import with_appcontext

from tracker.cli.options import log_to_stderr


@click.command()
@with_appcontext
def web() -> None:
    """Serve the pages."""
    log_to_stderr()
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    host, port = app.config["WEB_HOST"], app.config["WEB_PORT"]
    click.echo(f"http://{host}:{port}", err=True)
    waitress.serve(app, host=host, port=port, threads=app.config["WEB_THREADS"], ident=None)
