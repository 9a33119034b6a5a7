"""What phones fetch and send: once however often, in JSON, and never led to a sign-in page."""

import http.client
import json
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
import sqlalchemy as sa

from tests import seeds
from tests.browser.served import served
from tests.files.pictures import picture
from tests.inspections.phones import Phone, make_building, named
from tests.web.conftest import Browser
from tracker.accounts import service as accounts
from tracker.core import clock
from tracker.core.db import db
from tracker.files.models import Photo
from tracker.inspections.models import Inspection, InspectionEntry, InspectionOp


@pytest.fixture
def line(app):
    """A phone with its signed-in browser, a building, and the token that writing needs."""
    seeds.make_accounts(at=clock.now())
    building = make_building(gas=True)
    inspector = accounts.get("inspector@example.org")
    db.session.commit()
    browser = Browser(app.test_client())
    browser.get("/language/en")
    browser.sign_in("inspector@example.org")
    told = browser.get("/phone/session").get_json()
    phone = Phone(inspector.id, clock=clock.now())
    phone.building, phone.browser, phone.csrf = building, browser, told["csrf"]
    ops = [phone.begin(building), phone.item("E06", "fail", note="松动"), phone.finish()]
    db.session.remove()
    return phone, ops


def post(phone, ops, **headers):
    shown = {"X-CSRFToken": phone.csrf, **headers}
    return phone.browser.open("/phone/ops", method="POST", json={"ops": ops}, headers=shown)


def counts():
    found = [db.session.scalar(sa.select(sa.func.count()).select_from(table))
             for table in (InspectionOp, Inspection, InspectionEntry)]  # fmt: skip
    db.session.remove()
    return found


def test_what_was_entered_arrives(line):
    phone, ops = line

    answer = post(phone, ops, **{"X-Device-Now": clock.now().isoformat()})

    assert answer.get_json() == {"results": [{"id": op["id"], "state": "kept"} for op in ops]}
    assert counts() == [3, 1, 1]


def test_same_entry_sent_fifty_times_at_once_makes_one_record(app, line):
    phone, ops = line
    cookie = phone.browser.client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    headers = {"Cookie": f"{cookie.key}={cookie.value}", "X-CSRFToken": phone.csrf,
               "Content-Type": "application/json"}  # fmt: skip
    body = json.dumps({"ops": ops})

    with served(app) as address, ThreadPoolExecutor(50) as pool:

        def send(_number):
            connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
            connection.request("POST", "/phone/ops", body, headers)
            told = json.loads(connection.getresponse().read())
            connection.close()
            return tuple(result["state"] for result in told["results"])

        states = list(pool.map(send, range(50)))

    assert sorted(states) == [("kept",) * 3] + [("known",) * 3] * 49
    assert counts() == [3, 1, 1]


def test_ended_session_is_said_and_nothing_is_kept(app, line):
    phone, _ops = line
    phone.browser.client.delete_cookie(app.config["SESSION_COOKIE_NAME"])

    for method, path in (("GET", "/phone/session"), ("GET", "/phone/pack.json"),
                         ("POST", "/phone/ops"), ("PUT", f"/phone/photos/{uuid4()}")):  # fmt: skip
        answer = phone.browser.open(path, method=method)
        assert (answer.status_code, answer.get_json()) == (401, {"error": "signed_out"})
    assert counts() == [0, 0, 0]


def test_old_token_is_said(line):
    phone, ops = line
    phone.csrf = "old"

    answer = post(phone, ops)

    assert (answer.status_code, answer.get_json()) == (400, {"error": "csrf"})


def test_entries_of_another_account_are_refused_one_by_one(line):
    phone, ops = line
    ops[1]["by"] += 1

    states = [result["state"] for result in post(phone, ops).get_json()["results"]]

    assert states == ["kept", "refused", "kept"]


@pytest.mark.parametrize("body", [None, [], {"ops": 1}, "x"])
def test_what_holds_no_operations_is_unprocessable(line, body):
    phone, _ops = line

    answer = phone.browser.open(
        "/phone/ops", method="POST", json=body, headers={"X-CSRFToken": phone.csrf}
    )

    assert (answer.status_code, answer.get_json()) == (422, {"error": "no_ops"})


def put(phone, data, name=None):
    return phone.browser.open(
        f"/phone/photos/{name or named('p')}?taken_at=2026-11-24T02:00:00Z", method="PUT",
        data=data, content_type="image/jpeg", headers={"X-CSRFToken": phone.csrf},
    )  # fmt: skip


def test_photo_is_kept_once(line):
    phone, _ops = line

    answers = [put(phone, picture()).get_json() for _ in range(2)]

    assert [answer["state"] for answer in answers] == ["kept", "known"]
    assert db.session.scalar(sa.select(Photo.taken_at)).isoformat() == "2026-11-24T02:00:00+00:00"


@pytest.mark.parametrize(
    ("data", "status", "why"),
    [(b"no picture", 422, "readable picture"), (picture()[:2000], 422, "readable picture"),
     (b"x" * (12 * 1024 * 1024 + 1), 413, "larger than 12 MB"),
     (picture("PNG", size=(9000, 7000)), 422, "million pixels")],
)  # fmt: skip
def test_corrupt_and_giant_photos_are_said(line, data, status, why):
    phone, _ops = line

    answer = put(phone, data)

    assert answer.status_code == status
    assert why in answer.get_json()["error"]


def test_pack_holds_what_an_inspection_needs_and_is_sent_when_it_changed(line):
    phone, _ops = line

    answer = phone.browser.get("/phone/pack.json")

    pack = answer.get_json()
    (building,) = pack["buildings"]
    assert (building["zh"], building["gas"], building["lift"]) == ("东院外专楼", True, False)
    assert [room["number"] for room in building["floors"][0]["rooms"]] == ["101", "102"]
    (template,) = pack["templates"]
    assert len(template["items"]) == 56
    assert template["items"][2] | {"help": None} == {
        "code": "E03", "section": "E", "zh": "无私拉乱接、飞线充电",
        "en": "No improvised wiring / flying-wire charging", "severity": "M", "photo": True,
        "place": "both", "patrol": True, "applies": {}, "help": None,
    }  # fmt: skip
    again = phone.browser.get("/phone/pack.json", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_pack_tells_what_failed_last_time(line):
    phone, ops = line
    before = phone.browser.get("/phone/pack.json").headers["ETag"]
    post(phone, ops)

    answer = phone.browser.get("/phone/pack.json", headers={"If-None-Match": before})

    (last,) = answer.get_json()["last"]
    assert (last["item"], last["result"], last["note"]) == ("E06", "fail", "松动")
