"""Styles, scripts and icons under addresses that change with their content; ours and packaged."""

import gzip
import hashlib
import os
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    request,
    send_from_directory,
)

from tracker.web.access import public
from tracker.web.paths import address

#: Third-party browser code comes from wheels: by name, the package and the folder inside it.
PACKAGED = {
    "bootstrap": ("flask_bootstrap", "static/bootstrap5"),
    "swagger": ("flask_swagger_ui", "dist"),
}

#: Where files come from; the last are those of the page for phones.
FILES = frozenset({"static", "assets.packaged_file", "phone.file"})
COMPRESSED = frozenset({"text/css", "text/javascript", "image/svg+xml", "application/json"})

bp = Blueprint("assets", __name__)


def init_app(app: Flask) -> None:
    """Let browsers keep files for a year: a changed file has another address."""
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 365 * 24 * 3600
    app.jinja_env.globals.update(asset=asset, packaged=packaged)
    app.after_request(_compress)
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
    folder = current_app.static_folder
    assert folder is not None
    return address("static", filename=name, v=_fingerprint(f"{folder}/{name}"))


def packaged(package: str, name: str) -> str:
    """Return the address of a file that a wheel brought, its fingerprint included."""
    version = _fingerprint(f"{_folder(package)}/{name}")
    return address("assets.packaged_file", package=package, name=name, v=version)


def _compress(response: Response) -> Response:
    """Send styles and scripts packed.

    Never pages: packed answers that mix a form's token with what was typed leak the token.
    """
    if request.endpoint not in FILES or response.status_code != 200:
        return response
    if response.mimetype not in COMPRESSED:
        return response
    response.vary.add("Accept-Encoding")
    if request.accept_encodings.quality("gzip") > 0:
        response.direct_passthrough = False
        content = response.get_data()
        response.close()
        response.set_data(_packed(content))
        response.content_encoding = "gzip"
    return response


@lru_cache(maxsize=64)
def _packed(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


@cache
def _folder(name: str) -> str:
    package, folder = PACKAGED[name]
    return str(files(package).joinpath(folder))


def _fingerprint(file: str) -> str:
    return _digest(file, os.stat(file).st_mtime_ns)  # noqa: PTH116 - asked on every page


@cache
def _digest(file: str, _changed: int) -> str:
    return hashlib.sha256(Path(file).read_bytes()).hexdigest()[:10]
