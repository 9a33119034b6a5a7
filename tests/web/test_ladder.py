"""The ladder editor: the effect before it is saved, mistakes beside the row, versions."""

import re
from html import unescape

import pytest
import sqlalchemy as sa

from tracker.accounts.models import AuditEntry
from tracker.core.db import db
from tracker.reminders import ladder_file, service
from tracker.reminders.models import OfficeText

TAG = re.compile(r"<(input|select|option)\b([^>]*)>")
ATTRIBUTE = re.compile(r'([\w-]+)(?:="([^"]*)")?')


def boxes(page):
    """Return what a browser would send of the ladder form, as (name, value) pairs."""
    form = page[page.index('<form method="post" class="ladders"') :]
    found, select = [], ""
    for tag, inside in TAG.findall(form[: form.index("</form>")]):
        has = {name: unescape(value) for name, value in ATTRIBUTE.findall(inside)}
        if tag == "select":
            select = has["name"]
            found.append((select, None))
        elif tag == "option":
            if found[-1] == (select, None) or "selected" in has:
                found[-1] = (select, has["value"])
        elif has.get("type") != "checkbox" or "checked" in has:
            empty = "on" if has.get("type") == "checkbox" else ""
            found.append((has["name"], has.get("value", empty)))
    return found


def send(browser, page, action, *changes):
    """Send the form of a page with some boxes changed ((name, value) each; None: left out)."""
    changed = dict(changes)
    sent = [(name, value) for name, value in boxes(page) if name not in changed]
    sent += [(name, value) for name, value in changes if value is not None]
    data = {}
    for name, value in [*sent, ("action", action)]:
        data.setdefault(name, []).append(value)
    return browser.open("/reminders/ladder", method="POST", data=data)


@pytest.fixture
def officer(app, office, signed_in):
    return signed_in("officer")


def opened(browser):
    return browser.get("/reminders/ladder").get_data(as_text=True)


def timing(name):
    text = service.plan_text()
    db.session.remove()
    ladder = next(each for each in ladder_file.read(text) if each.id == name)
    return [(step.id, step.when, step.days) for step in ladder.steps]


def test_unchanged_plan_changes_nothing(officer):
    page = send(officer, opened(officer), "preview").get_data(as_text=True)

    assert "in these days everybody hears the same as now" in page


def test_effect_is_shown_then_saved(officer):
    changes = [("document.0.days", "120")]
    seen = send(officer, opened(officer), "preview", *changes)
    before = timing("document")

    saved = send(officer, seen.get_data(as_text=True), "save")

    assert before[0] == ("d90", "day", 90)
    assert saved.status_code == 303
    assert timing("document")[:2] == [("d120", "day", 120), ("d30", "day", 30)]
    assert (
        db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id.desc())).first()
        == "ladder changed"
    )


def test_save_without_having_seen_the_effect_shows_it_first(officer):
    answer = send(officer, opened(officer), "save", ("document.0.days", "120"))

    assert "Look once more, then save." in answer.get_data(as_text=True)
    assert timing("document")[0] == ("d90", "day", 90)


def test_new_row_takes_its_place_by_its_day(officer):
    rows = [("document.5.when", "before"), ("document.5.days", "60"), ("document.5.to", "head")]

    send(officer, send(officer, opened(officer), "preview", *rows).get_data(as_text=True), "save")

    assert [step[0] for step in timing("document")] == [
        "d90", "d60", "d30", "d7", "d0", "overdue",
    ]  # fmt: skip


def test_removed_row_is_gone(officer):
    seen = send(officer, opened(officer), "preview", ("document.0.remove", "on"))

    send(officer, seen.get_data(as_text=True), "save")

    assert [step[0] for step in timing("document")] == ["d30", "d7", "d0", "overdue"]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ([("document.0.days", "soon")], "Write the days as a whole number"),
        ([("document.0.days", "900")], "Write the days as a whole number"),
        ([("document.0.days", "30")], "no two on a day"),
        ([("document.4.times", "500")], "times is a whole number from 1 to 100"),
        ([("document.0.to", None)], "Say to whom"),
    ],
)
def test_mistake_stands_beside_its_row_and_nothing_typed_is_lost(officer, changes, says):
    answer = send(officer, opened(officer), "preview", *changes)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert page.count('class="wrong"') == 1
    assert says in unescape(page[page.index('class="wrong"') :])
    assert dict(boxes(page)).get(changes[0][0]) == changes[0][1]


def test_second_editor_is_told_of_the_first(officer, signed_in):
    first = send(officer, opened(officer), "preview", ("document.0.days", "120"))
    second = send(officer, opened(officer), "preview", ("document.0.days", "150"))
    send(officer, first.get_data(as_text=True), "save")

    answer = send(officer, second.get_data(as_text=True), "save")

    assert answer.status_code == 409
    assert "Somebody else saved this meanwhile" in answer.get_data(as_text=True)
    assert timing("document")[0] == ("d120", "day", 120)


def test_programs_ladder_comes_back(officer):
    seen = send(officer, opened(officer), "preview", ("document.0.days", "120"))
    send(officer, seen.get_data(as_text=True), "save")

    officer.post("/reminders/ladder/restore")

    assert timing("document")[0] == ("d90", "day", 90)
    assert db.session.scalars(sa.select(OfficeText.content)).all()[1] is None


def test_duty_moves_to_another_ladder_or_to_none(officer):
    changes = [("rule.PP-VALID", "receipt"), ("rule.AGE-B", "")]
    seen = send(officer, opened(officer), "preview", *changes).get_data(as_text=True)

    send(officer, seen, "save")

    db.session.remove()
    homes = {rule: each.id for each in service.ladders() for rule in each.rules}
    assert "Nobody would hear of:" in seen
    assert (homes["PP-VALID"], homes.get("AGE-B")) == ("receipt", None)


def test_another_ladder_is_made(officer):
    changes = [("new", "passports"), ("rule.PP-VALID", "passports")]
    seen = send(officer, opened(officer), "preview", *changes).get_data(as_text=True)

    send(officer, seen, "save")

    assert timing("passports") == [("d7", "day", 7)]


def test_stranger_boxes_are_refused(officer):
    answer = send(officer, opened(officer), "preview", ("document.0.to", "boss"))

    assert answer.status_code == 422
    assert send(officer, opened(officer), "explode").status_code == 400


def test_reader_sees_it_without_buttons(app, office, signed_in):
    page = opened(signed_in("auditor"))

    assert '<fieldset class="plain" disabled>' in page
    assert "Show the effect" not in page
