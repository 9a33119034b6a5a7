"""Settings: defaults, then one file, then the environment (TRACKER_<NAME>)."""

import os
import secrets
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Config

ROOT = Path(__file__).resolve().parent.parent

#: Name, default and meaning of every setting; the README's table is checked against it.
SETTINGS: dict[str, tuple[Any, str]] = {
    "HOME": (str(ROOT / "var"), "folder of the database, keys and uploads"),
    "SQLALCHEMY_DATABASE_URI": (None, "database; SQLite in HOME when not set"),
    "SECRET_KEY": (None, "signs sessions; made in HOME on first start when not set"),
    "PUBLIC_URL": ("http://127.0.0.1:8000", "address that letters and links show"),
    "TRUSTED_HOSTS": (None, "host names the pages answer to, as a JSON list"),
    "JURISDICTION": ("wuhan", "city profile in config/jurisdictions/"),
    "RULES_DIR": (str(ROOT / "config" / "regulations"), "the law as data"),
    "REMINDER_PLAN": (str(ROOT / "config" / "reminder_plan.yaml"), "ladder, office hours"),
    "MAIL_SERVER": ("127.0.0.1", "mail server"),
    "MAIL_PORT": (25, "its port"),
    "MAIL_USE_TLS": (False, "STARTTLS, with the certificate checked"),
    "MAIL_USE_SSL": (False, "TLS from the first byte, with the certificate checked"),
    "MAIL_ALLOW_CLEARTEXT": (False, "allow a server that is not on this machine without TLS"),
    "MAIL_CA_FILE": (None, "certificate authority of an internal mail server"),
    "MAIL_USERNAME": (None, "login at the mail server"),
    "MAIL_PASSWORD": (None, "its password"),
    "MAIL_DEFAULT_SENDER": ("tracker@localhost", "sender address of all letters"),
    "MAIL_SENDER_NAME": ("国际交流处 International Office", "sender name of all letters"),
    "MAIL_DOMAIN": (None, "domain of Message-IDs; that of the sender when not set"),
    "MAIL_TIMEOUT": (60, "seconds to wait for a reply; 600 after a message's end"),
    "MAIL_RETRY": ([60, 300, 900, 1800, 3600], "seconds between tries; the last one repeats"),
    "MAIL_GIVE_UP_AFTER": (432000, "seconds after which a deferred letter is refused"),
    "MAIL_UNKNOWN_WAIT": (900, "seconds before what may have arrived is sent again"),
    "MAIL_ASK_AGAIN": (300, "seconds before one letter asks a server again that refused us"),
    "MAIL_LEASE": (1200, "seconds a sender owns a letter; above the longest SMTP exchange"),
    "SESSION_COOKIE_SECURE": (None, "cookie only over https; follows PUBLIC_URL when not set"),
    "SESSION_IDLE_MINUTES": (30, "sign-in ends after so long without use"),
    "SESSION_HOURS": (12, "sign-in ends after so long"),
    "MAX_CONTENT_LENGTH": (32 * 1024 * 1024, "largest request in bytes"),
    "WEB_HOST": ("127.0.0.1", "address the pages are served on"),
    "WEB_PORT": (8000, "its port"),
    "WEB_THREADS": (8, "requests answered at once"),
    "SCHEDULER_LEASE": (60, "seconds until another scheduler takes over"),
    "SCHEDULER_TICK": (30, "seconds between two looks at what is due"),
}


def load(overrides: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return all settings; `overrides` win, then the environment, TRACKER_CONFIG, defaults."""
    config = Config(str(ROOT), {name: default for name, (default, _) in SETTINGS.items()})
    if path := os.environ.get("TRACKER_CONFIG"):
        config.from_file(path, load=tomllib.load, text=False)
    config.from_prefixed_env("TRACKER")
    config.from_mapping(overrides or {})
    home = Path(config["HOME"])
    config["SQLALCHEMY_DATABASE_URI"] = config["SQLALCHEMY_DATABASE_URI"] or (
        f"sqlite:///{home / 'tracker.db'}"
    )
    config["SECRET_KEY"] = config["SECRET_KEY"] or _kept_secret(home / "secret_key")
    if config["SESSION_COOKIE_SECURE"] is None:
        config["SESSION_COOKIE_SECURE"] = config["PUBLIC_URL"].startswith("https:")
    return dict(config)


def _kept_secret(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32))
    return path.read_text().strip()
