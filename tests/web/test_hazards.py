"""The pages of hazards: listed, reported, followed by forms, and only by whom they concern."""

import email
import io
from datetime import timedelta
from types import SimpleNamespace

import pytest
from openpyxl import load_workbook

from tests import seeds
from tests.factories import make_person, record
from tests.files.pictures import picture
from tests.hazards.places import AT, account, find, make_house, order
from tracker import pipeline
from tracker.accounts import service as accounts
from tracker.core import clock
from tracker.core.db import db
from tracker.hazards import queries
from tracker.hazards.models import Hazard
from tracker.outbox.models import Letter, LetterContent


@pytest.fixture
def house(app):
    """A building, its keeper and officer, and accounts of every role that sign in."""
    seeds.make_accounts(at=clock.now())
    house = make_house()
    # By number alone: requests have sessions of their own.
    ids = {name: SimpleNamespace(id=getattr(house, name).id) for name in vars(house)}
    db.session.commit()
    db.session.remove()
    return SimpleNamespace(**ids)


def hazard_in(house, **overrides):
    hazard = find(house, **{"at": clock.now()} | overrides)
    number = hazard.id
    pipeline.refresh_buildings([house.building.id], today=clock.today(), now=clock.now())
    db.session.commit()
    db.session.remove()
    return number


def read(number):
    hazard = db.session.get(Hazard, number)
    assert hazard is not None
    return hazard


def act(browser, number, what, **fields):
    revision = read(number).revision
    db.session.remove()
    return browser.post(f"/hazards/{number}/{what}", revision=revision, **fields)


def test_reported_with_a_picture_and_seen(house, signed_in):
    building = house.building.id
    inspector = signed_in("inspector")
    form = {
        "key": "b7a0a3c8-24c4-4a4f-8a4b-0d1f2a3b4c5d", "building_id": building, "room": "302",
        "text": "插排串接", "grade": "serious", "kind": "E",
    }  # fmt: skip
    wrong = inspector.post(
        "/hazards/new", **form | {"room": "999"}, pictures=(io.BytesIO(picture()), "a.jpg")
    )
    kept = db.session.execute(db.text("SELECT id FROM photo")).scalar_one()
    db.session.remove()
    answers = [inspector.post("/hazards/new", **form, kept=kept) for _ in range(2)]

    page = wrong.get_data(as_text=True)
    assert wrong.status_code == 422
    assert "This building has no such room." in page
    assert f'name="kept" value="{kept}"' in page
    assert [each.headers["Location"] for each in answers] == ["/hazards/1", "/hazards/1"]
    shown = inspector.get("/hazards/1").get_data(as_text=True)
    assert f"/hazards/1/photos/{kept}/small" in shown
    assert inspector.get(f"/hazards/1/photos/{kept}/small").status_code == 200


def test_major_hazard_followed_by_forms(house, signed_in):
    owner, day = house.officer.id, (clock.today() + timedelta(3)).isoformat()
    number = hazard_in(house, grade="major", item="G01", text="软管老化")
    officer, head = signed_in("officer"), signed_in("head")
    orders = {"measure": "更换软管", "deadline": day, "department": "后保处", "owner_id": owner}

    too_early = act(officer, number, "order", **orders)
    assert too_early.status_code == 409
    assert "first record that the place is out of use" in too_early.get_data(as_text=True)
    assert act(officer, number, "protect", how="gas_off", note="总阀已关").status_code == 303
    assert act(officer, number, "report", note="").status_code == 422
    assert act(officer, number, "report", note="保卫处").status_code == 303
    assert act(officer, number, "order", **orders).status_code == 303
    assert act(officer, number, "done", note="已换").status_code == 303
    assert act(officer, number, "reinspect", outcome="passed").status_code == 303
    assert act(head, number, "order", **orders).status_code == 409
    assert act(head, number, "sign_off", name="王").status_code == 303
    hazard = read(number)
    assert (hazard.state, hazard.signed_off_by) == ("closed", "王")


def test_owner_of_a_unit_sees_and_moves_only_their_own(house, signed_in):
    owner = account("plumber", "unit_secretary")
    accounts.set_password(owner, seeds.PASSWORD)
    mine = find(house, at=clock.now())
    order(mine, house, owner_id=owner.id, deadline=clock.today() + timedelta(3))
    mine_id = mine.id
    other = hazard_in(house, item="E01")
    plumber = signed_in("plumber")

    listed = plumber.get("/hazards").get_data(as_text=True)
    assert (f'"/hazards/{mine_id}"' in listed, f'"/hazards/{other}"' in listed) == (True, False)
    assert plumber.get(f"/hazards/{other}").status_code == 404
    assert act(plumber, mine_id, "progress", note="料到").status_code == 303
    assert act(plumber, mine_id, "reassign", owner_id=1).status_code == 403
    assert act(plumber, mine_id, "done").status_code == 303


def test_hazards_of_an_account_that_is_stopped_fall_to_the_next_at_once(house, signed_in):
    number = hazard_in(house)
    admin = signed_in("admin")

    answer = admin.post(f"/accounts/{house.keeper.id}/deactivate", token_from="/accounts")

    assert answer.status_code == 303
    hazard = read(number)
    assert (hazard.owner_id, hazard.handed_from) == (house.officer.id, "keeper")


def test_two_editors_and_wrong_fields_lose_nothing(house, signed_in):
    number = hazard_in(house)
    officer = signed_in("officer")

    late = officer.post(f"/hazards/{number}/on_the_spot", revision=1, note="拔掉了插排")
    assert late.status_code == 409
    assert "拔掉了插排" in late.get_data(as_text=True)
    wrong = act(officer, number, "order", measure="换", deadline="soon", department="后保处",
                owner_id="x")  # fmt: skip
    page = wrong.get_data(as_text=True)
    assert wrong.status_code == 422
    assert page.count('id="order-deadline-wrong"') == 1
    assert page.count('id="order-owner-wrong"') == 1
    assert officer.get(f"/hazards/{number}/order").status_code == 405


def test_list_filters_and_leaves_as_a_file(house, signed_in):
    hazard_in(house, text="=1+1")
    hazard_in(house, item="G01", grade="major", text="漏气")
    auditor = signed_in("auditor")

    def listed(query):
        return auditor.get(f"/hazards?{query}").get_data(as_text=True).count('class="what"')

    assert {query: listed(query) for query in ("", "grade=major", "kind=E", "age=older",
            "state=closed", "overdue=1", "building=99", "owner=x&state=nonsense")} == {
        "": 2, "grade=major": 1, "kind=E": 1, "age=older": 0, "state=closed": 0, "overdue=1": 0,
        "building=99": 0, "owner=x&state=nonsense": 2,
    }  # fmt: skip
    sheet = load_workbook(io.BytesIO(auditor.post("/hazards/export", format="xlsx").data)).active
    assert [row[5].value for row in sheet.iter_rows(min_row=2)] == ["漏气", "=1+1"]
    lines = auditor.post("/hazards/export", format="csv", kind="E").data.decode("utf-8-sig")
    assert "'=1+1" in lines
    assert auditor.post("/hazards/export", format="pdf").status_code == 422


def test_figures_count_what_is_open_and_how_long_closing_took(house, signed_in):
    hazard_in(house)
    officer = signed_in("officer")

    page = officer.get("/hazards/figures").get_data(as_text=True)

    assert "By building" in page
    assert "Nothing was closed in the last twelve months." in page
    assert queries.grid(1, today=clock.today())[1] == queries.Square(1, "serious", False, False)


@pytest.mark.paper
def test_letters_to_residents_in_their_language_leave_once(house, signed_in):
    french, chinese, away = (
        make_person(name_zh=zh, name_en=en, language=language, email=email)
        for zh, en, language, email in (
            (None, "MARTIN Alice", "en", "alice@example.org"),
            ("林可", None, "zh", "lin@example.org"), ("无址", None, "zh", None),
        )
    )  # fmt: skip
    for person in (french, chinese, away):
        record(person, "accommodation", building="东院外专楼", room="302", moved_in_at=AT)
    pipeline.refresh([french.id, chinese.id, away.id], today=clock.today(), now=clock.now())
    number = hazard_in(house, grade="major", item="G01", text="燃气软管老化")
    officer = signed_in("officer")
    act(officer, number, "protect", how="gas_off", note="总阀已关")

    page = officer.get(f"/hazards/{number}/letters?to=building").get_data(as_text=True)
    assert "Hello MARTIN Alice," in page
    assert "为了您的安全，燃气已切断" in page
    assert "Without an address, to be told in person: 无址" in page
    for _ in range(2):
        assert act(officer, number, "letters", to="building").status_code == 303
    assert act(officer, number, "letters", to="owner").status_code == 303

    letters = db.session.query(Letter).order_by(Letter.recipient).all()
    assert [each.address for each in letters] == [
        "keeper@example.org", "alice@example.org", "lin@example.org"
    ]  # fmt: skip
    message = email.message_from_bytes(db.session.get(LetterContent, letters[0].id).content)
    attached = [part for part in message.walk() if part.get_content_type() == "application/pdf"]
    assert [part.get_filename() for part in attached] == [f"整改通知书-{read(number).number}.pdf"]
    told = [event.data for event in queries.events(number) if event.kind == "notified"]
    assert [each["to"] for each in told] == [["林可", "MARTIN Alice"], ["keeper"]]
    assert told[0]["without_address"] == ["无址"]
    db.session.remove()
    assert officer.get(f"/hazards/{number}/notice.pdf").data[:5] == b"%PDF-"
