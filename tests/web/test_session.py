"""Signing in, staying in, and what ends it."""

import re
import time

import pytest
import sqlalchemy as sa

from tests import seeds
from tests.web.conftest import Browser
from tracker.accounts import service
from tracker.accounts.models import AuditEntry
from tracker.core import clock
from tracker.core.db import db


@pytest.fixture(autouse=True)
def accounts(app):
    seeds.make_accounts(at=clock.now())
    db.session.commit()


def test_wrong_password_and_unknown_account_look_the_same(browser):
    wrong = browser.sign_in("officer@example.org", "not the password")
    unknown = browser.sign_in("nobody@example.org", "not the password")

    assert (wrong.status_code, unknown.status_code) == (401, 401)
    assert _without_token(wrong, "officer") == _without_token(unknown, "nobody")


def test_sixth_failure_is_refused_even_with_the_right_password(app, browser):
    for _ in range(5):
        assert browser.sign_in("officer@example.org", "wrong").status_code == 401

    answer = browser.sign_in("officer@example.org")

    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "900"


def test_session_is_made_anew_at_sign_in(app, browser):
    browser.get("/sign-in")
    with browser.client.session_transaction() as session:
        session["planted"] = "by somebody else"

    browser.sign_in("officer@example.org")

    with browser.client.session_transaction() as session:
        assert "planted" not in session
        assert session["language"] == "en"


def test_cookie_copied_before_sign_out_is_dead_after(app, signed_in):
    browser, thief = signed_in("officer"), Browser(app.test_client())
    stolen = browser.client.get_cookie("tracker").value
    thief.client.set_cookie("tracker", stolen)
    assert thief.get("/").status_code == 200

    browser.post("/sign-out")

    thief.client.set_cookie("tracker", stolen)
    assert thief.get("/").status_code == 302


@pytest.mark.parametrize("change", [
    lambda account: service.set_password(account, "another four words here"),
    service.deactivate,
])  # fmt: skip
def test_changed_account_ends_its_sessions(app, signed_in, change):
    browser = signed_in("officer")

    change(service.get("officer@example.org"))
    db.session.commit()

    assert browser.get("/").status_code == 302


@pytest.mark.parametrize(
    ("name", "age", "status"),
    [("seen", 29 * 60, 200), ("seen", 31 * 60, 302), ("since", 11 * 3600, 200),
     ("since", 13 * 3600, 302)],
)  # fmt: skip
def test_sign_in_ends_when_idle_and_when_old(app, signed_in, name, age, status):
    browser = signed_in("officer")
    with browser.client.session_transaction() as session:
        session[name] = int(time.time()) - age

    assert browser.get("/").status_code == status


def test_use_keeps_the_session_alive(app, signed_in):
    browser = signed_in("officer")
    with browser.client.session_transaction() as session:
        session["seen"] = earlier = int(time.time()) - 1200

    browser.get("/")

    with browser.client.session_transaction() as session:
        assert session["seen"] > earlier


@pytest.mark.parametrize("secure", [True, False])
def test_cookie_is_bound_as_tightly_as_the_address_allows(make_app, secure):
    app = make_app(PUBLIC_URL="https://tracker.example" if secure else "http://127.0.0.1:8000")

    answer = app.test_client().get("/language/en", base_url="https://localhost")

    parts = set(answer.headers["Set-Cookie"].split("; "))
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= parts
    assert ("Secure" in parts) == secure
    assert answer.headers["Set-Cookie"].startswith("__Host-tracker=") == secure


@pytest.mark.parametrize("target", [
    "//e.example", "\\\\e.example", "/\\e.example", "http://e.example", "javascript:alert(1)",
    "/%0d%0aSet-Cookie:x", "/x\r\nSet-Cookie: x", "@e.example", "", "/.//e.example",
])  # fmt: skip
def test_only_own_paths_follow_a_sign_in(app, target):
    answer = Browser(app.test_client()).sign_in("officer@example.org", next=target)

    assert answer.status_code == 303
    assert re.fullmatch(r"/(?:%0d%0aSet-Cookie:x)?", answer.headers["Location"])


def test_page_asked_for_follows_the_sign_in(app, browser):
    asked = browser.get("/people?q=x")
    assert asked.headers["Location"] == "/sign-in?next=/people?q%3Dx"

    answer = browser.sign_in("officer@example.org", next="/people?q=x")

    assert answer.headers["Location"] == "/people?q=x"


@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/delivery/1/retry", "/setup"])
def test_form_without_its_token_changes_nothing(app, signed_in, path):
    browser = signed_in("officer")

    answer = browser.open(path, method="POST", data={"email": "x", "password": "y"})

    assert answer.status_code == 400
    assert browser.get("/").status_code == 200


def test_extra_fields_of_a_form_are_refused(app, browser):
    answer = browser.sign_in("expert@example.org", role="admin")

    assert answer.status_code == 422


def test_sign_ins_are_on_the_audit_trail(app, browser):
    browser.sign_in("nobody@example.org", "wrong words")
    browser.sign_in("officer@example.org", "wrong words")
    browser.sign_in("officer@example.org")
    officer = service.get("officer@example.org").id

    trail = db.session.execute(
        sa.select(AuditEntry.actor, AuditEntry.action, AuditEntry.subject).order_by(AuditEntry.id)
    ).all()

    assert [tuple(entry) for entry in trail] == [
        ("anonymous", "sign-in refused", "account:unknown"),
        ("anonymous", "sign-in refused", f"account:{officer}"),
        (f"account:{officer}", "sign-in", f"account:{officer}"),
    ]


def _without_token(answer, typed: str) -> str:
    text = re.sub(r'name="csrf_token" value="[^"]+"', "", answer.get_data(as_text=True))
    return text.replace(f"{typed}@example.org", "")
