"""Styles, scripts and icons under addresses that change with their content; ours and packaged."""

import hashlib
from functools import cache
from importlib.resources import files
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, send_from_directory, url_for
from flask_compress import Compress

from tracker.web.access import public

#: Third-party browser code comes from wheels: by name, the package and the folder inside it.
PACKAGED = {"bootstrap": ("flask_bootstrap", "static/bootstrap5")}

bp = Blueprint("assets", __name__)


def init_app(app: Flask) -> None:
    """Let browsers keep files for a year: a changed file has another address."""
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 365 * 24 * 3600
    app.jinja_env.globals.update(asset=asset, packaged=packaged)
    # Never pages: compressed answers that mix a form's token with what was typed leak the token.
    app.config["COMPRESS_MIMETYPES"] = ["text/css", "text/javascript", "image/svg+xml"]
    Compress(app)
    app.register_blueprint(bp)


@bp.get("/packaged/<package>/<path:name>")
@public("packaged styles and scripts hold nothing personal")
def packaged_file(package: str, name: str) -> Response:
    """Send a file that a wheel brought."""
    if package not in PACKAGED:
        abort(404)
    return send_from_directory(_folder(package), name)


def asset(name: str) -> str:
    """Return the address of one of our static files, its fingerprint included."""
    assert current_app.static_folder is not None
    path = Path(current_app.static_folder) / name
    return url_for("static", filename=name, v=_fingerprint(path, path.stat().st_mtime_ns))


def packaged(package: str, name: str) -> str:
    """Return the address of a file that a wheel brought, its fingerprint included."""
    path = Path(_folder(package)) / name
    version = _fingerprint(path, path.stat().st_mtime_ns)
    return url_for("assets.packaged_file", package=package, name=name, v=version)


def _folder(name: str) -> str:
    package, folder = PACKAGED[name]
    return str(files(package).joinpath(folder))


@cache
def _fingerprint(path: Path, _changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]
