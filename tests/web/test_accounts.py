"""Accounts are kept by administrators; a password is chosen by whoever it belongs to."""

import re
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
import sqlalchemy as sa

from tests import seeds
from tests.web.conftest import Browser
from tracker.accounts import invitation, links, service
from tracker.accounts.models import Account, AuditEntry, PasswordLink
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid, NotFound
from tracker.outbox.models import Letter

NEW = "seven other kitchen words"


@pytest.fixture
def admin(app, office, signed_in) -> Browser:
    return signed_in("admin")


def account(role: str) -> Account:
    return db.session.scalar(sa.select(Account).filter_by(role=role).order_by(Account.id))


def number(role: str) -> int:
    found = account(role).id
    db.session.remove()
    return found


def fields(**changes: str) -> dict[str, str]:
    return {"name": "林老师", "email": "lin@example.org", "role": "officer", "unit": "",
            "person": "", "language": "zh"} | changes  # fmt: skip


def link_for(admin: Browser, role: str) -> str:
    page = admin.post(
        f"/accounts/{number(role)}/link", token_from="/accounts", minutes="30", way="show"
    )
    return re.search(r"https?://[^<]+(/password/[\w-]+)", page.get_data(as_text=True))[1]


def actions() -> list[str]:
    return list(db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)))


@pytest.mark.parametrize(
    ("role", "place"), [("officer", {}), ("unit_secretary", {"unit": "1"}),
                        ("expert", {"person": "2"})],
)  # fmt: skip
def test_account_is_added_with_its_place(admin, role, place):
    answer = admin.post("/accounts/new", token_from="/accounts", **fields(role=role, **place))

    made = service.get("lin@example.org")
    assert answer.status_code == 303
    assert (made.role, made.password_hash) == (role, None)
    assert (made.unit_id, made.person_id) == (
        1 if role == "unit_secretary" else None, 2 if role == "expert" else None,
    )  # fmt: skip
    assert actions()[-1] == "account added"


@pytest.mark.parametrize(
    ("wrong", "where"),
    [({"email": "no address"}, "email"), ({"name": ""}, "name"), ({"role": "king"}, "role"),
     ({"role": "unit_secretary"}, "unit"), ({"role": "unit_secretary", "unit": "999"}, "unit"),
     ({"role": "expert", "person": "x"}, "person"), ({"role": "expert"}, "person")],
)  # fmt: skip
def test_wrong_account_is_refused_beside_its_box_and_nothing_is_lost(admin, wrong, where):
    answer = admin.post("/accounts/new", token_from="/accounts", **fields(**wrong))

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'id="{where}-wrong"' in page
    assert ("lin@example.org" in page) or where == "email"
    assert service.find("lin@example.org") is None


def test_address_that_has_an_account_is_refused(admin):
    answer = admin.post(
        "/accounts/new", token_from="/accounts", **fields(email="officer@example.org")
    )

    assert answer.status_code == 409


def test_changed_role_ends_the_sessions_and_is_noted(admin, signed_in):
    officer = signed_in("officer")
    changed = fields(role="auditor")
    del changed["email"]

    admin.post(f"/accounts/{number('officer')}", token_from="/accounts", **changed)

    assert officer.get("/people").status_code == 302
    entry = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    changed = {"role": ["officer", "auditor"], "health": [True, False]}
    assert (entry.action, entry.details) == ("account changed", changed)


def test_deactivated_account_cannot_sign_in_until_it_is_let_again(app, admin, browser):
    officer = number("officer")

    admin.post(f"/accounts/{officer}/deactivate", token_from="/accounts")
    refused = browser.sign_in("officer@example.org")
    admin.post(f"/accounts/{officer}/reactivate", token_from="/accounts")
    let_in = browser.sign_in("officer@example.org")

    assert (refused.status_code, let_in.status_code) == (401, 303)
    assert {"account deactivated", "account reactivated"} <= set(actions())


def test_nobody_stops_their_own_account(admin):
    assert admin.post(
        f"/accounts/{number('admin')}/deactivate", token_from="/accounts"
    ).status_code == 409  # fmt: skip


def test_last_administrator_stays(app):
    seeds.make_accounts(at=clock.now())
    last = account("admin")
    without_password = service.create_account(
        email="b@example.org", name="B", role="admin", at=clock.now()
    )

    with pytest.raises(Conflict):
        service.deactivate(last)
    with pytest.raises(Conflict):
        service.change(last, name="A", role="officer", unit_id=None, person_id=None, language="zh")

    service.set_password(without_password, NEW)
    service.deactivate(last)
    assert not last.active


def test_link_sets_the_password_once_and_ends_the_sessions(app, admin, signed_in):
    officer = signed_in("officer")
    path = link_for(admin, "officer")
    visitor = Browser(app.test_client())

    opened = [visitor.get(path).status_code for _ in range(2)]
    weak = visitor.post(path, token_from=path, password="short")
    done = visitor.post(path, token_from=path, password=NEW)

    assert (opened, weak.status_code, done.status_code) == ([200, 200], 422, 303)
    assert visitor.get("/people").status_code == 200
    assert officer.get("/people").status_code == 302
    again = Browser(app.test_client())
    assert again.get(path).status_code == 404
    assert again.sign_in("officer@example.org", NEW).status_code == 303
    assert actions()[-2:] == ["password chosen", "sign-in"]


def test_only_a_hash_of_the_link_is_kept(app, admin):
    token = link_for(admin, "officer").rpartition("/")[2]

    stored = db.session.scalar(sa.select(PasswordLink))
    assert token not in {stored.token_hash, *map(str, vars(stored).values())}
    assert token not in str(list(db.session.scalars(sa.select(AuditEntry.details))))


def test_newer_link_and_deactivation_end_a_link(app, admin):
    first = link_for(admin, "officer")
    second = link_for(admin, "officer")
    visitor = Browser(app.test_client())
    before = [visitor.get(path).status_code for path in (first, second)]

    admin.post(f"/accounts/{number('officer')}/deactivate", token_from="/accounts")

    assert before == [404, 200]
    assert visitor.get(second).status_code == 404


def test_link_ends_in_time(app):
    seeds.make_accounts(at=clock.now())
    now, officer = clock.now(), account("officer")
    token, until = links.make(officer, valid_for=links.SHORTEST, by="test", at=now)

    assert links.account_of(token, at=until - timedelta(seconds=1)) is officer
    with pytest.raises(NotFound):
        links.account_of(token, at=until)
    with pytest.raises(Invalid):
        links.make(officer, valid_for=links.LONGEST + timedelta(1), by="test", at=now)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_mailed_link_leaves_by_the_outbox_and_only_its_reader_sees_it(make_app, language):
    app = make_app(PUBLIC_URL="https://tracker.example.org/")
    with app.app_context():
        seeds.make_accounts(at=clock.now())
        officer = account("officer")
        officer.language = language
        officer_id = officer.id
        db.session.commit()
        db.session.remove()
        admin = Browser(app.test_client())
        admin.sign_in("admin@example.org")

        admin.post(
            f"/accounts/{officer_id}/link", token_from="/accounts", minutes="4320", way="mail"
        )

        letter = db.session.scalar(sa.select(Letter))
        assert letter.address == "officer@example.org"
        assert invitation.is_private(letter.key)
        assert b"tracker.example.org/password/" in _decoded(letter.content)
        letter_id = letter.id
        db.session.remove()
        page = admin.get(f"/delivery/{letter_id}").get_data(as_text=True)
        assert "/password/" not in page


def _decoded(content: bytes) -> bytes:
    body = message_from_bytes(content, policy=policy.default).get_body(("plain",))
    return str(body.get_content()).encode()


def test_own_password_is_changed_with_the_old_one_only(app, office, signed_in):
    here, there = signed_in("officer"), signed_in("officer")

    wrong = here.post(
        "/account/password", token_from="/account/password", current="wrong", password=NEW
    )
    weak = here.post(
        "/account/password", token_from="/account/password", current=seeds.PASSWORD, password="x"
    )
    done = here.post(
        "/account/password", token_from="/account/password", current=seeds.PASSWORD, password=NEW
    )

    assert (wrong.status_code, weak.status_code, done.status_code) == (422, 422, 303)
    assert (here.get("/people").status_code, there.get("/people").status_code) == (200, 302)
    assert Browser(app.test_client()).sign_in("officer@example.org", NEW).status_code == 303


def test_guessing_the_old_password_is_slowed_down(app, office, signed_in):
    browser = signed_in("officer")
    tries = [
        browser.post(
            "/account/password", token_from="/account/password", current=f"no {n}", password=NEW
        ).status_code
        for n in range(6)
    ]

    assert tries == [422] * 5 + [429]


def test_audit_trail_names_who_did_what_and_is_filtered(admin, signed_in):
    admin.post(f"/accounts/{number('officer')}/deactivate", token_from="/accounts")
    auditor = signed_in("auditor")

    everything = auditor.get("/audit").get_data(as_text=True)
    chosen = auditor.get("/audit?action=account+deactivated").get_data(as_text=True)
    nothing = auditor.get("/audit?to=2001-01-01").get_data(as_text=True)

    table = [page.partition("<tbody>")[2] for page in (everything, chosen, nothing)]
    assert ["Signed in" in part for part in table] == [True, False, False]
    assert ["Account deactivated" in part for part in table] == [True, True, False]
    assert "测试 admin" in table[1]
    assert "测试 officer" in table[1]
