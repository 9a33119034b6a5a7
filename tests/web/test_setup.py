"""The first account: one, for whoever reads the token's file."""

import stat
from functools import partial
from pathlib import Path

import sqlalchemy as sa

from tests.threads import at_once
from tests.web.conftest import Browser
from tracker.accounts.models import Account
from tracker.core.db import db

FIELDS = {"name": "First", "email": "first@example.org", "password": "four unrelated garden words"}


def token(app) -> str:
    return (Path(app.config["HOME"]) / "setup_token").read_text().strip()


def test_first_page_leads_to_set_up(app, browser):
    assert browser.get("/").headers["Location"] == "/setup"
    assert browser.get("/sign-in").headers["Location"] == "/setup"


def test_set_up_with_the_token_signs_the_admin_in_and_is_gone(app, browser):
    browser.get("/setup")
    mode = stat.S_IMODE((Path(app.config["HOME"]) / "setup_token").stat().st_mode)

    answer = browser.post("/setup", token_from="/setup", token=token(app), **FIELDS)

    assert (answer.status_code, mode) == (303, 0o600)
    assert browser.get("/").status_code == 200
    assert db.session.scalar(sa.select(Account.role)) == "admin"
    assert browser.get("/setup").status_code == 404
    assert not (Path(app.config["HOME"]) / "setup_token").exists()


def test_set_up_without_the_token_makes_nothing(app, browser):
    answer = browser.post("/setup", token_from="/setup", token="guess", **FIELDS)

    assert answer.status_code == 422
    assert "This is not the token in the file." in answer.get_data(as_text=True)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Account)) == 0


def test_set_up_with_a_weak_password_says_why(app, browser):
    browser.get("/setup")

    answer = browser.post(
        "/setup", token_from="/setup", token=token(app), **(FIELDS | {"password": "short"})
    )

    assert answer.status_code == 422
    assert "Use at least 12 characters." in answer.get_data(as_text=True)


def test_two_set_ups_at_once_make_one_account(app):
    browsers = [Browser(app.test_client()) for _ in range(2)]
    for browser in browsers:
        browser.get("/setup")
    kept, answers = token(app), []

    def set_up(number: int) -> None:
        fields = FIELDS | {"email": f"first{number}@example.org"}
        answer = browsers[number].post("/setup", token_from="/setup", token=kept, **fields)
        answers.append(answer.status_code)

    at_once(partial(set_up, 0), partial(set_up, 1))

    assert sorted(answers) in ([303, 400], [303, 404])
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Account)) == 1
