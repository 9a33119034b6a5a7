"""A first import: many may be inside their window already, and nobody wants a surprise."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import seeds
from tests.factories import make_person
from tests.web.conftest import Browser
from tests.web.test_imports import ALICE, BOB, checked, people, settled, sheet
from tracker.core import clock
from tracker.core.db import db
from tracker.outbox.models import Hold


@pytest.fixture
def officer(app: Flask, signed_in) -> Browser:
    seeds.make_accounts(at=clock.now())
    db.session.commit()
    db.session.remove()
    return signed_in("officer")


@pytest.mark.parametrize(("choice", "held"), [("send", 0), ("hold", 1)])
def test_first_import_asks_what_becomes_of_the_letters(app, officer, choice, held):
    soon = (clock.today() + timedelta(60)).isoformat()
    far = (clock.today() + timedelta(700)).isoformat()
    path, preview = checked(officer, sheet([*ALICE[:6], soon], [*BOB[:6], far]))

    officer.post(f"{path}/apply", token_from=path, letters=choice)
    settled(officer, path)

    assert "1 of these people is already inside the time to file." in preview
    assert db.session.scalar(sa.select(sa.func.count()).where(Hold.cause == "manual")) == held
    assert people() == 2


def test_later_import_does_not_ask(app, officer):
    make_person()
    db.session.commit()
    db.session.remove()
    soon = (clock.today() + timedelta(60)).isoformat()

    _path, preview = checked(officer, sheet([*BOB[:6], soon]))

    assert "already inside the time to file" not in preview
