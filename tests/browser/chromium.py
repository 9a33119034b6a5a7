"""Finds a Chromium: the CHROMIUM variable, one that is installed, else Playwright's own."""

import os
import shutil

from playwright.sync_api import Browser, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def executable() -> str | None:
    """Return the path of an installed Chromium."""
    return os.environ.get("CHROMIUM") or next(
        (path for name in NAMES if (path := shutil.which(name))), None
    )


def launch(playwright: Playwright) -> Browser:
    """Start it; as root only without its sandbox."""
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    return playwright.chromium.launch(executable_path=executable(), args=arguments)
