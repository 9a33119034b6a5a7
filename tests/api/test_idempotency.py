"""A write with a key happens once, however often and however many at once it is sent."""

from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from tests.threads import at_once
from tracker.api.models import KeptAnswer
from tracker.core.db import db
from tracker.facts.models import Person

NEW = {"name_en": "WHITE Lucy", "nationality": "GBR"}
KEY = {"Idempotency-Key": "4f7c-1"}


def count() -> int:
    number = db.session.scalar(
        sa.select(sa.func.count()).select_from(Person).filter_by(name_en="WHITE Lucy")
    )
    db.session.remove()
    return number


def test_same_key_is_answered_as_before(officer):
    first = officer.post("/people", NEW, headers=KEY)
    second = officer.post("/people", NEW, headers=KEY)

    assert count() == 1
    assert (second.status_code, second.json) == (201, first.json)
    assert second.headers["ETag"] == first.headers["ETag"]
    assert second.headers["Location"] == first.headers["Location"]
    assert second.headers["Idempotency-Replayed"] == "true"


def test_without_a_key_each_is_done(officer):
    officer.post("/people", NEW)
    officer.post("/people", NEW)

    assert count() == 2


@pytest.mark.parametrize(
    ("path", "body"), [("/people", NEW | {"name_zh": "白露"}), ("/people?x=1", NEW)]
)
def test_same_key_with_another_request_is_refused(officer, path, body):
    officer.post("/people", NEW, headers=KEY)

    answer = officer.post(path, body, headers=KEY)

    assert (answer.status_code, answer.json["error"]["code"]) == (422, "idempotency_key_reused")
    assert count() == 1


def test_same_key_with_another_state_is_refused(officer):
    body, tag = {"email": "new@example.org"}, officer.tag(3)
    officer.ask("PATCH", "/people/3", json=body, headers=KEY | tag)

    again = officer.ask("PATCH", "/people/3", json=body, headers=KEY | tag)
    another = officer.ask("PATCH", "/people/3", json=body, headers=KEY | {"If-Match": "*"})

    assert (again.status_code, another.status_code) == (200, 422)


def test_key_of_a_failed_write_is_free_again(officer):
    refused = officer.post("/people", {"name_en": "WHITE Lucy"}, headers=KEY)
    done = officer.post("/people", NEW, headers=KEY)

    assert (refused.status_code, done.status_code) == (422, 201)


def test_keys_of_two_accounts_are_two(officer, program):
    officer.post("/people", NEW, headers=KEY)
    program("admin").post("/people", NEW, headers=KEY)

    assert count() == 2


def test_key_is_forgotten_after_a_day(officer):
    officer.post("/people", NEW, headers=KEY)
    db.session.execute(sa.update(KeptAnswer).values(at=KeptAnswer.at))
    kept = db.session.scalars(sa.select(KeptAnswer)).one()
    kept.at -= timedelta(hours=24)
    db.session.commit()
    db.session.remove()

    officer.post("/people", NEW, headers=KEY)

    assert count() == 2


@pytest.mark.parametrize("key", ["", " ", "x" * 201, "ключ", "a b"])
def test_strange_key_is_refused(officer, key):
    answer = officer.post(
        "/people", NEW, headers={"Idempotency-Key": key.encode().decode("latin1")}
    )

    assert answer.status_code == 422
    assert list(answer.json["error"]["fields"]) == ["Idempotency-Key"]


def test_four_at_once_are_done_once(officer):
    answers = []

    def send():
        answers.append(officer.post("/people", NEW, headers=KEY))

    at_once(send, send, send, send)

    assert count() == 1
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.json["id"] for answer in answers}) == 1


def test_two_editors_with_the_same_state_are_told_apart(officer):
    tag, answers = officer.tag(3), []

    def send(email):
        answers.append(
            officer.ask("PATCH", "/people/3", json={"email": email}, headers=tag).status_code
        )

    at_once(*(partial(send, f"{n}@example.org") for n in range(4)))

    assert sorted(answers) == [200, 412, 412, 412]
