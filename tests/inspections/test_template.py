"""The template shipped says what the domain's table says; versions are made, never changed."""

import csv
import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.factories import AT
from tracker.core.errors import Invalid, Stale
from tracker.inspections import templates
from tracker.inspections.kinds import catalogue
from tracker.inspections.template import as_content, id_of, parse, shipped

TABLE = Path(__file__).with_name("items.tsv")


def table() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def save(content, seen, by="account:1"):
    return templates.save(content, seen=seen, note="", by=by, at=AT)


def edited(title: str = "配电箱") -> dict:
    content = as_content(shipped())
    content["items"] = [dict(item) for item in content["items"]]
    content["items"][0] |= {"title": {"zh": title, "en": "Box"}}
    return content


def test_shipped_template_is_the_domain_table_item_for_item():
    ours = [
        (item.code, item.title.zh, item.title.en, item.severity)
        for item in shipped().items.values()
    ]

    assert ours == [(row["code"], row["zh"], row["en"], row["severity"]) for row in table()]
    assert len(ours) == 56


def test_every_number_of_the_tables_basis_is_cited():
    for row in table():
        cited = shipped().items[row["code"]].basis
        assert bool(cited) == bool(row["basis"]), row["code"]
        assert set(re.findall(r"\d+", row["basis"])) <= set(re.findall(r"\d+", cited)), row["code"]


def test_photo_is_asked_of_every_major_item_and_gas_items_only_where_there_is_gas():
    items = shipped().items.values()

    assert [i.code for i in items if i.photo] == [i.code for i in items if i.severity == "M"]
    without = [i.code for i in items if not i.asked_in(frozenset())]
    assert without == ["G01", "G02", "G03", "G04", "G05", "G06", "G08", "G09", "S06"]
    assert all(item.help for item in items)


def test_kinds_and_departments_are_read():
    assert list(catalogue().kinds) == [
        "daily", "night", "monthly", "quarterly", "holiday", "term", "joint", "annual", "special"
    ]  # fmt: skip
    assert list(catalogue().departments) == ["international", "security", "logistics"]


def test_content_is_read_back_as_it_was():
    again = parse(as_content(shipped()), id=shipped().id, number=0)

    assert again == shipped()


def test_office_makes_versions_and_the_old_ones_stay(app):
    first = save(edited("一"), shipped().id)
    second = save(edited("二"), first.id)

    assert (first.id, second.id, templates.current()) == ("office-1", "office-2", second)
    assert templates.get("office-1").items["E01"].title.zh == "一"
    assert templates.get(shipped().id).items["E01"].title.zh == "配电箱完好、上锁、无遮挡"
    assert [row.id for row in templates.versions()] == ["office-2", "office-1"]


def test_second_of_two_editors_is_told(app):
    save(edited(), shipped().id)

    with pytest.raises(Stale, match="changed meanwhile"):
        save(edited("二"), shipped().id)


@pytest.mark.parametrize(
    ("change", "why"),
    [({"code": "e1"}, "is no code"), ({"code": "E02"}, "stands twice"),
     ({"code": "Z01"}, "belongs to no section"), ({"severity": "X"}, "cannot be 'X'"),
     ({"title": {"zh": "", "en": "x"}}, "is not a text"), ({"applies": {"pool": True}}, "unknown")],
)  # fmt: skip
def test_slip_in_a_version_is_named(app, change, why):
    content = edited()
    content["items"][0] |= change

    with pytest.raises(Invalid, match=why):
        save(content, shipped().id)


def test_another_shipped_text_has_another_name():
    item = replace(shipped().items["E01"], severity="L")
    other = replace(shipped(), items=dict(shipped().items) | {"E01": item})

    assert id_of(as_content(other)) != id_of(as_content(shipped()))
