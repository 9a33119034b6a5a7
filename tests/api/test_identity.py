"""Tokens open what they were made for, no more than their owner may, and not for longer."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.api.conftest import Program, make_token
from tests.web.conftest import Browser
from tracker.accounts import service, tokens
from tracker.accounts.models import AccessToken
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Invalid

NEW = {"name_en": "WHITE Lucy", "nationality": "GBR"}


def only_token() -> AccessToken:
    return db.session.scalars(sa.select(AccessToken)).one()


@pytest.mark.parametrize(
    "shown",
    ["", "Bearer", "Bearer ", "Bearer x", "Basic YTpi", "Bearer \xff\xfe", "bearer fet_", "\x01"],
)
def test_without_a_good_token_nothing_opens(stranger, shown):
    answer = stranger.get("/people", headers={"Authorization": shown} if shown else {})

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="tracker"'
    assert answer.json["error"]["code"] == "unauthorized"


def test_token_opens_only_its_scopes(program):
    reader = program("officer", "people:read")

    assert reader.get("/people").status_code == 200
    refused = reader.post("/people", NEW)
    assert (refused.status_code, refused.json["error"]["code"]) == (403, "insufficient_scope")


def test_token_gets_no_scope_its_role_has_not(app):
    with pytest.raises(Invalid):
        make_token("auditor", "people:write")


def test_token_follows_its_owners_role(app, program):
    officer = program("officer")
    service.get("officer@example.org").role = "inspector"
    db.session.commit()
    db.session.remove()

    answer = officer.post("/people", NEW)

    assert (answer.status_code, answer.json["error"]["code"]) == (403, "forbidden")


@pytest.mark.parametrize("end", ["revoked", "run out", "account switched off"])
def test_ended_token_opens_nothing(app, officer, end):
    token = only_token()
    if end == "revoked":
        tokens.revoke(token.account, token.id, at=clock.now())
    elif end == "run out":
        token.expires_at = clock.now()
    else:
        service.deactivate(token.account)
    db.session.commit()
    db.session.remove()

    assert officer.get("/people").status_code == 401


def test_secret_is_not_in_the_database(app, officer):
    row = repr(db.session.execute(sa.select(AccessToken.__table__)).one())

    assert officer.secret not in row
    assert officer.secret[:10] in row


def test_last_use_is_noted_once_in_a_while(app, officer):
    officer.get("/people")
    first = only_token().last_used_at
    db.session.remove()
    officer.post("/people", NEW)
    second = only_token().last_used_at
    db.session.execute(sa.update(AccessToken).values(last_used_at=first - timedelta(hours=1)))
    db.session.commit()
    officer.post("/people", NEW)

    assert first is not None
    assert second == first
    assert only_token().last_used_at > first


def test_session_reads_but_does_not_write(app):
    browser = Browser(app.test_client())
    browser.get("/language/en")
    browser.sign_in("officer@example.org")

    assert browser.get("/api/people").status_code == 200
    assert browser.open("/api/people", method="POST", json=NEW).status_code == 401


def test_token_opens_no_page(app, officer):
    shown = {"Authorization": f"Bearer {officer.secret}"}

    answer = Browser(app.test_client()).get("/people", headers=shown)

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in")


def test_bad_token_is_not_saved_by_a_session(app):
    browser = Browser(app.test_client())
    browser.sign_in("officer@example.org")

    answer = browser.get("/api/people", headers={"Authorization": "Bearer nonsense"})

    assert answer.status_code == 401


def test_every_operation_says_who_may_use_it(app):
    views = {name: view for name, view in app.view_functions.items() if name.startswith("api_")}

    # A cabinet signs what it reports with a key of its own.
    unsaid = [name for name, view in views.items() if not hasattr(view, "identify")]
    assert unsaid == ["api_custody.report_events"]
    assert Program(app, None).get("/openapi.json").status_code == 200
