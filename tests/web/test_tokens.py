"""The page of one's own tokens: made, shown once, revoked; nobody else's."""

import re

import pytest
import sqlalchemy as sa

from tracker.accounts import service
from tracker.accounts.models import AccessToken
from tracker.core.db import db

PATH = "/account/tokens"
GOOD = {"name": "nightly export", "days": "30", "people_read": "on"}


def make(browser, **fields: str):
    return browser.post(PATH, token_from=PATH, **(GOOD | fields))


def tokens() -> list[AccessToken]:
    found = list(db.session.scalars(sa.select(AccessToken).order_by(AccessToken.id)))
    db.session.remove()
    return found


def test_token_is_shown_once(office, signed_in):
    browser = signed_in("officer")

    page = make(browser).get_data(as_text=True)
    later = browser.get(PATH).get_data(as_text=True)

    secret = re.search(r"fet_[\w-]{43}", page)[0]
    assert secret not in later
    assert secret[:10] in later
    assert [token.scopes for token in tokens()] == [["people:read"]]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"name": ""}, "Fill this in, with at most 80 characters."),
        ({"days": "3650"}, "Choose how long it is good for."),
        ({"people_read": "false"}, "Choose at least one thing this token may do."),
    ],
)
def test_wrong_form_says_what_to_mend_and_keeps_what_was_typed(office, signed_in, fields, message):
    answer = make(signed_in("officer"), **fields)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert message in page
    assert fields.get("name", "nightly export") in page
    assert tokens() == []


def test_only_what_the_role_may_do_is_offered(office, signed_in):
    page = signed_in("head").get(PATH).get_data(as_text=True)
    sent = make(signed_in("head"), people_write="on")

    assert re.findall(r'type="checkbox" id="(\w+)"', page) == [
        "people_read", "letters_read", "rules_read",
    ]  # fmt: skip
    assert sent.status_code == 422


def test_revoked_token_stays_listed(office, signed_in):
    browser = signed_in("officer")
    make(browser)
    token_id = tokens()[0].id

    browser.post(f"{PATH}/{token_id}/revoke", token_from=PATH)

    assert tokens()[0].revoked_at is not None
    assert "revoked" in browser.get(PATH).get_data(as_text=True)


def test_somebody_elses_token_is_missing(office, signed_in):
    make(signed_in("officer"))
    token_id = tokens()[0].id

    answer = signed_in("admin").post(f"{PATH}/{token_id}/revoke", token_from=PATH)

    assert answer.status_code == 404
    assert tokens()[0].revoked_at is None


def test_there_is_an_end_to_tokens(app, office, signed_in):
    browser = signed_in("officer")
    make(browser)
    account_id = service.get("officer@example.org").id
    row = db.session.execute(sa.select(AccessToken.__table__)).one()._asdict()
    db.session.execute(
        sa.insert(AccessToken.__table__),
        [row | {"id": 100 + n, "digest": str(n), "account_id": account_id} for n in range(19)],
    )
    db.session.commit()
    db.session.remove()

    answer = make(browser)

    assert answer.status_code == 409
    assert len(tokens()) == 20
