"""Who may open the pages of what happens to people, of their cases, of notices."""

from tracker.accounts.models import ROLES

ALL = {"anonymous", *ROLES}
READERS = {"admin", "officer", "head", "auditor"}
OFFICE = {"admin", "officer"}
ARGUMENTS = {"notice_id": 1, "happening": "leaving", "project_id": 1, "form": "csv"}
EXPECTED = {
    "notices.show": ALL,
    "notices.one": ALL,
    "notices.feed": ALL,
    "notices.mine": ALL,
    "notices.read_mine": ALL,
    "notices.read": {"expert"},
    "notice_desk.show": READERS,
    "notice_desk.new": OFFICE,
    "notice_desk.edit": OFFICE,
    "notice_desk.one": READERS,
    "notice_desk.publish": OFFICE,
    "notice_desk.withdraw": OFFICE,
    "notice_desk.send": OFFICE,
    "projects.show": READERS | {"unit_secretary"},
    "projects.honours": READERS | {"unit_secretary"},
    "projects.take_along": READERS | {"unit_secretary"},
    "projects.new": OFFICE,
    "projects.one": OFFICE,
    "happened.choose": OFFICE,
    "happened.tell": OFFICE,
    "moving.arriving": READERS | {"unit_secretary"},
    "moving.leaving": READERS | {"unit_secretary"},
    "closing.show": READERS,
    "closing.look": OFFICE,
    "closing.erase": {"admin"},
    "closing.keep": OFFICE,
    "cases.show": READERS | {"unit_secretary"},
    "case.show": READERS | {"unit_secretary", "expert"},
    "case.moving": OFFICE,
    "case.move": OFFICE,
    "case_papers.tick": OFFICE,
    "case_papers.change": OFFICE,
    "case_papers.pack": OFFICE,
    "case_papers.fields_of": OFFICE,
    "case_opening.choose": OFFICE,
    "case_opening.open_ticked": OFFICE,
    "case_opening.new": OFFICE,
}
