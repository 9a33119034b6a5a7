"""Every route says who may open it, and keeps to it; reading changes nothing."""

import hashlib

import pytest
import sqlalchemy as sa

from tests.api import access as interface
from tests.hazards import access as hazards
from tests.health import access as health
from tests.web import access_of_lives as lives
from tests.web import access_to_away as away
from tests.web import access_to_safety as safety
from tests.web.conftest import Browser
from tracker.accounts import service, tokens
from tracker.accounts.models import ROLES, AccessToken
from tracker.core import clock
from tracker.core.db import Base, db
from tracker.web import access

ALL = {"anonymous", *ROLES}
READERS = {"admin", "officer", "head", "auditor"}
OFFICE = {"admin", "officer"}
#: Who may open which endpoint. A new route needs a line here.
EXPECTED = {
    "static": ALL,
    "assets.packaged_file": ALL,
    "board.show": set(ROLES),
    "people.show": READERS | {"unit_secretary"},
    "people.save_view": READERS | {"unit_secretary"},
    "people.delete_view": READERS | {"unit_secretary"},
    "people.take_along": READERS | {"unit_secretary"},
    "accounts.show": {"admin"},
    "accounts.new": {"admin"},
    "accounts.add": {"admin"},
    "accounts.account": {"admin"},
    "accounts.change": {"admin"},
    "accounts.deactivate": {"admin"},
    "accounts.reactivate": {"admin"},
    "accounts.link": {"admin"},
    "passwords.own": set(ROLES),
    "passwords.change_own": set(ROLES),
    "passwords.choose": ALL,
    "passwords.set_first": ALL,
    "audit.show": {"admin", "auditor"},
    "person.show": READERS | {"unit_secretary", "expert"},
    "calendar.show": READERS | {"unit_secretary", "expert"},
    "calendar.show_day": READERS | {"unit_secretary", "expert"},
    "calendar_years.show": READERS,
    "calendar_years.send": OFFICE,
    "calendar_years.check": OFFICE,
    "calendar_years.apply": OFFICE,
    "feeds.show": READERS | {"unit_secretary", "expert"},
    "feeds.create": READERS | {"unit_secretary", "expert"},
    "feeds.revoke": READERS | {"unit_secretary", "expert"},
    "feeds.fetch": ALL,
    "answering.show": ALL,
    "answering.ask": ALL,
    "answering.send": ALL,
    "answering.thanks": ALL,
    "answers.show": OFFICE,
    "answers.look": OFFICE,
    "answers.take_over": OFFICE,
    "answers.put_back": OFFICE,
    "answers.close": OFFICE,
    "answers.end_links": OFFICE,
    "imports.show": OFFICE,
    "imports.upload": OFFICE,
    "imports.check": OFFICE,
    "imports.progress": OFFICE,
    "imports.apply": OFFICE,
    "imports.discard": OFFICE,
    "imports.errors": OFFICE,
    "imports.blank": OFFICE,
    "imports.batch": OFFICE,
    "imports.undo": OFFICE,
    "reminders.show": READERS,
    "reminders.letter": OFFICE,
    "reminders.letter_html": OFFICE,
    "reminders.hold": OFFICE,
    "reminders.release": OFFICE,
    "reminders.skip": OFFICE,
    "reminders.unskip": OFFICE,
    "reminders.send": OFFICE,
    "reminders.search": READERS,
    "reminders.why_of": READERS,
    "letters.show": READERS,
    "letters.edit": OFFICE,
    "letters.change": OFFICE,
    "letters.mail": OFFICE,
    "letters.restore": OFFICE,
    "imported.show": OFFICE,
    "imported.decide": OFFICE,
    "ladder.show": READERS,
    "ladder.change": OFFICE,
    "ladder.restore": OFFICE,
    "documents.choose": OFFICE,
    "documents.record": OFFICE,
    "documents.correct": OFFICE,
    "person_edit.new": OFFICE,
    "person_edit.edit": OFFICE | {"unit_secretary"},
    "person_edit.depart": OFFICE,
    "duties.settle": OFFICE,
    "duties.filed": OFFICE,
    "undo.undo": OFFICE | {"unit_secretary"},
    "files.upload": OFFICE,
    "files.show": OFFICE | {"expert"},
    "files.preview": OFFICE | {"expert"},
    "files.remove": OFFICE,
    "delivery.show": READERS,
    "delivery.letter": OFFICE,
    "delivery.retry": OFFICE,
    "delivery.retry_address": OFFICE,
    "delivery.told_in_person": OFFICE,
    "delivery.close": OFFICE,
    "delivery.release": OFFICE,
    "session.show": ALL,
    "session.sign_in": ALL,
    "session.sign_out": set(ROLES),
    "setup.show": ALL,
    "setup.create": ALL,
    "health.alive": ALL,
    "health.ready": ALL,
    "language.pick": ALL,
}
ARGUMENTS = {"person_id": 1, "case_id": 1, "code": "M01", "hazard_id": 1,
             "inspection_id": "0f5f3d3e-6a39-4c53-8a6e-2c1f1d0e9a10",
             "letter_id": 1, "hold_id": 1, "language": "en",
             "day": "2026-11-24", "feed_id": 1, "token": "none",
             "task_id": 1, "batch_id": 1, "ending": "csv",
             "view_id": 1, "account_id": 1,
             "obligation_id": 1, "file_id": 1, "kind": "residence_permit", "number": 1,
             "decision_id": 1, "answer_id": 1, "form_id": "0" * 32, "what": "filed",
             "letter": "expert.en",
             "size": 192, "version": "none", "schedule_id": 1,
             "filename": "tracker.css", "package": "bootstrap",
             "name": "css/bootstrap.min.css"}  # fmt: skip
EXPECTED |= interface.EXPECTED | health.EXPECTED | safety.EXPECTED | hazards.EXPECTED
EXPECTED |= lives.EXPECTED | away.EXPECTED
ARGUMENTS |= interface.ARGUMENTS | safety.ARGUMENTS | lives.ARGUMENTS | away.ARGUMENTS
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


def routes(app):
    """Yield endpoint, method and a path of every route."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        values = {name: ARGUMENTS[name] for name in rule.arguments}
        for method in sorted((rule.methods or set()) & set(METHODS)):
            yield rule.endpoint, method, adapter.build(rule.endpoint, values)


def refused(answer) -> bool:
    """Tell whether an answer turns the visitor away for who they are."""
    to_sign_in = answer.status_code in {302, 303} and "/sign-in" in answer.headers["Location"]
    return answer.status_code in {401, 403} or to_sign_in


def fingerprint() -> str:
    """Return a digest of every row of every table."""
    digest = hashlib.sha256()
    for table in Base.metadata.sorted_tables:
        rows = db.session.execute(sa.select(table).order_by(*table.primary_key.columns))
        digest.update(repr((table.name, [tuple(row) for row in rows])).encode())
    db.session.remove()
    return digest.hexdigest()


def test_every_route_is_declared_as_expected(app):
    declared = {name: access.declared(view) for name, view in app.view_functions.items()}

    assert {name: set(who or ()) for name, who in declared.items()} == EXPECTED


def test_undeclared_route_stays_shut(make_app):
    app = make_app()
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    with app.app_context():
        from tests import seeds

        seeds.make_accounts(at=clock.now())
        db.session.commit()
        browser = Browser(app.test_client())
        browser.sign_in("admin@example.org")

        assert browser.get("/forgotten").status_code == 403


# Asked before any database: one kind is enough.
@pytest.mark.parametrize("database_uri", ["sqlite"], indirect=True)
@pytest.mark.parametrize("role", ["anonymous", *ROLES])
def test_matrix_of_roles_and_routes(app, office, signed_in, role):
    wrong = []

    for endpoint, method, path in routes(app):
        if endpoint == "session.sign_out" and method == "POST":
            continue  # would end the session that the next rows need
        browser = Browser(app.test_client()) if role == "anonymous" else _kept(signed_in, role)
        shown = _bearer(role) if endpoint.startswith("api_") else {}
        answer = browser.open(path, method=method, headers=shown)
        if endpoint == "api_custody.report_events":
            continue  # asks everybody for a signature
        if refused(answer) != (role not in EXPECTED[endpoint]):
            wrong.append((endpoint, method, answer.status_code))

    assert wrong == []


_SESSIONS: dict[tuple[object, str], Browser] = {}


def _kept(signed_in, role):
    key = (signed_in, role)
    if key not in _SESSIONS:
        _SESSIONS.clear()
        _SESSIONS[key] = signed_in(role)
    return _SESSIONS[key]


def _bearer(role) -> dict[str, str]:
    """Return what a program of this role shows; the interface reads no cookie of a write."""
    if role == "anonymous":
        return {}
    account = service.get(f"{role}@example.org")
    _token, secret = tokens.issue(
        account, name="test", scopes=tokens.scopes_of(role), days=30, at=clock.now()
    )
    db.session.execute(sa.delete(AccessToken).where(AccessToken.id != _token.id))
    db.session.commit()
    db.session.remove()
    return {"Authorization": f"Bearer {secret}"}


@pytest.mark.parametrize("role", ["anonymous", *ROLES])
def test_reading_changes_nothing(app, office, signed_in, role):
    browser = Browser(app.test_client()) if role == "anonymous" else signed_in(role)
    before = fingerprint()

    for endpoint, method, path in routes(app):
        if endpoint in {"feeds.fetch", "notices.mine"}:
            continue
        if endpoint.startswith(("answering.", "away.")):
            continue  # counts guesses, and notes when a calendar asked
        if endpoint in ("person_health.show", "api_health.read_person_health"):
            continue  # puts on the trail that results are read
        if method in {"GET", "HEAD"}:
            browser.open(path, method=method)

    assert fingerprint() == before


def test_method_override_and_trace_are_ignored(app, office, signed_in):
    browser = signed_in("officer")
    before = fingerprint()

    browser.open("/", method="TRACE")
    browser.get("/delivery/1/close?_method=POST", headers={"X-HTTP-Method-Override": "POST"})

    assert browser.open("/", method="TRACE").status_code == 405
    assert fingerprint() == before


def test_other_persons_are_missing_to_an_expert_and_a_secretary(app, office, signed_in):
    from tracker.accounts.models import Account
    from tracker.facts.models import Person

    secretary = db.session.scalar(sa.select(Account).filter_by(role="unit_secretary"))
    foreign = db.session.scalar(
        sa.select(sa.func.min(Person.id)).where(Person.unit_id != secretary.unit_id)
    )
    db.session.remove()
    missing = signed_in("officer").get("/people/999999")
    for role, person_id in (("expert", 2), ("unit_secretary", foreign)):
        answer = signed_in(role).get(f"/people/{person_id}")

        assert answer.status_code == 404
        assert _main(answer) == _main(missing)


@pytest.mark.parametrize("person_id", ["0", "-1", str(2**31), str(2**63), "1e3", "x"])
def test_strange_ids_are_missing(app, office, signed_in, person_id):
    assert signed_in("officer").get(f"/people/{person_id}").status_code == 404


def _main(answer) -> str:
    return answer.get_data(as_text=True).partition("<main")[2]
