"""Rosters by the interface: looked at, taken in, taken back."""

import io
import re

import pytest
import sqlalchemy as sa

from tracker.core.db import db
from tracker.facts.models import Person

ROSTER = "姓名,英文名,国籍,护照号,居留许可到期\n白露,WHITE Lucy,英国,GB1234567,2027-03-31\n,,,,\n"
WRONG = "姓名,英文名,国籍,护照号,居留许可到期\n白露,WHITE Lucy,英国,GB1234567,someday\n"


def send(officer, text: str, query: str = "", name: str = "roster.csv"):
    return officer.ask(
        "POST", f"/imports{query}", data={"file": (io.BytesIO(text.encode()), name)}
    )  # fmt: skip


def lucys() -> int:
    found = db.session.scalar(
        sa.select(sa.func.count()).select_from(Person).filter_by(name_zh="白露")
    )
    db.session.remove()
    return found


def test_dry_run_tells_what_the_import_does(officer):
    looked = send(officer, ROSTER, "?dry_run=true")
    before = lucys()
    taken = send(officer, ROSTER)

    assert (looked.status_code, before, lucys()) == (200, 0, 1)
    assert looked.json["counts"] == taken.json["counts"]
    assert looked.json["changes"] == taken.json["changes"]
    assert (looked.json["import_id"], looked.json["dry_run"]) == (None, True)
    assert officer.get(f"/imports/{taken.json['import_id']}").json["filename"] == "roster.csv"


def test_same_file_again_changes_nothing(officer):
    send(officer, ROSTER)

    again = send(officer, ROSTER)

    assert (again.json["import_id"], again.json["counts"]["unchanged"]) == (None, 1)
    assert lucys() == 1


def test_import_is_taken_back_once(officer):
    import_id = send(officer, ROSTER).json["import_id"]

    undone = officer.post(f"/imports/{import_id}/undo")
    twice = officer.post(f"/imports/{import_id}/undo")

    assert undone.json == {"removed": 1, "ended": 0, "restored": 0}
    assert (twice.status_code, lucys()) == (409, 0)
    assert officer.get("/imports").json[0]["undone_at"] is not None


def test_wrong_cells_are_told(officer):
    answer = send(officer, WRONG)

    assert [(each["row"], bool(each["message"])) for each in answer.json["rejected"]] == [(2, True)]


@pytest.mark.parametrize("name", ["../../etc/x.csv", "C:\\x.csv", "", "名册.csv", "x" * 400])
def test_name_of_a_file_leads_nowhere(officer, name):
    answer = send(officer, ROSTER, name=name or "roster")

    assert answer.status_code == 200
    kept = officer.get(f"/imports/{answer.json['import_id']}").json["filename"]
    assert re.search(r"[/\\]", kept) is None


@pytest.mark.parametrize("text", ["", "\0\0", "no table", "PK\x03\x04", "<html></html>"])
def test_what_is_no_roster_is_refused(officer, text):
    assert send(officer, text).status_code == 422


def test_request_without_a_file_is_refused(officer):
    answer = officer.ask("POST", "/imports", data={"other": "x"})

    assert (answer.status_code, list(answer.json["error"]["fields"])) == (422, ["file"])
