"""A slip of the pen in a procedure is an error that says where, what and how to mend it."""

import shutil
from pathlib import Path

import pytest

from tracker.rules.load import REGULATIONS, load_book
from tracker.rules.model import RulesError, Words

CONFIG = REGULATIONS.parent
IDS = {
    "work_permit_new_abroad", "work_permit_new_inside", "work_permit_extension",
    "work_permit_change", "work_permit_cancellation", "short_work", "invitation_letter",
    "residence_permit_first", "residence_permit_extension", "residence_permit_family_extension",
    "residence_permit_change", "residence_permit_reissue", "stay_certificate", "visa_extension",
    "accommodation_reregistration", "passport_renewal", "departure", "hmt_residence_card",
    "permanent_residence_card", "death",
}  # fmt: skip


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A copy of the law and the procedures that a test may spoil."""
    for name in ("regulations", "jurisdictions", "procedures"):
        shutil.copytree(CONFIG / name, tmp_path / name)
    return tmp_path


def spoil(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def refused(config: Path) -> RulesError:
    with pytest.raises(RulesError) as caught:
        load_book(config / "regulations")
    return caught.value


def test_the_procedures_shipped_load() -> None:
    procedures = load_book().procedures

    assert set(procedures.by_id) == IDS
    assert set(procedures.chains) == {"renewal", "arrival", "new_passport", "leaving"}


def test_every_paper_and_step_speaks_both_languages() -> None:
    def chinese(text: str) -> bool:
        return any("一" <= letter <= "鿿" for letter in text)

    for procedure in load_book().procedures.by_id.values():
        words: list[Words] = [procedure.title, procedure.who, procedure.if_late]
        words += [each for step in procedure.steps for each in (step.title, step.what_to_do)]
        for paper in procedure.materials:
            words += [paper.title, *([paper.note] if paper.note else [])]
            words += [waiver.title for waiver in paper.waivers]
        for each in words:
            assert (chinese(each.zh), chinese(each.en)) == (True, False), (procedure.id, each)


def test_every_paper_of_the_two_lists_is_used() -> None:
    used = {m.code for each in load_book().procedures.by_id.values() for m in each.materials}

    listed = {f"M{n:02}" for n in range(1, 13)} | {f"D{n:02}" for n in range(1, 10)}
    assert listed - used == set()


@pytest.mark.parametrize(
    ("file", "old", "new", "field", "problem"),
    [
        ("work_permit.yaml", "does: decide", "does: dance", "steps[1].does", "cannot be 'dance'"),
        ("work_permit.yaml", "by: unit", "by: aunt", "steps[1].by", "cannot be 'aunt'"),
        ("work_permit.yaml", "  code: WP-NEW", "  coda: WP-NEW", "code", "is missing"),
        ("work_permit.yaml", "identity: foreigner", "identity: alien", "applies_to.identity",
         "cannot be 'alien'"),
        ("work_permit.yaml", "{code: M01}", "{code: M99}", "materials[1].code",
         "'M99' is unknown"),
        ("work_permit.yaml", "{code: M02}", "{code: M01}", "materials", "name M01 twice"),
        ("work_permit.yaml", "city.unit_decision_days", "city.moon_days", "steps",
         "uses city.moon_days, which the city lacks"),
        ("work_permit.yaml", "city.unit_decision_days", "7", "steps[1].takes.source",
         "is missing"),
        ("work_permit.yaml", "{rule: WP-EXT-CLOSE}", "{rule: WP-EXT-CLOSED}", "limit",
         "names 'WP-EXT-CLOSED', which does not exist"),
        ("residence_permit.yaml", "procedure: work_permit_new_abroad",
         "procedure: work_permit_new", "needs", "names 'work_permit_new', which does not exist"),
        ("residence_permit.yaml", "counter: exit_entry", "counter: exit", "counter",
         "names 'exit', which does not exist"),
        ("materials.yaml", "form: original\n  by: office", "form: stone\n  by: office", "form",
         "cannot be 'stone'"),
        ("materials.yaml", "max_age_months: 6", "max_age_months: soon", "max_age_months",
         "is not a number of months"),
        ("materials.yaml", "when: [{category: [B]}]", "when: [{categry: [B]}]", "when[1].categry",
         "is no circumstance"),
        ("chains.yaml", "procedures: [passport_renewal", "procedures: [passport", "procedures",
         "names 'passport', which does not exist"),
    ],
)  # fmt: skip
def test_a_slip_is_named_with_its_place(
    config: Path, file: str, old: str, new: str, field: str, problem: str
) -> None:
    spoil(config / "procedures" / file, old, new)

    error = refused(config)

    assert (error.field, error.problem) == (field, problem)
    assert error.remedy


def test_procedures_that_wait_for_each_other_are_refused(config: Path) -> None:
    spoil(
        config / "procedures" / "other.yaml",
        "  when: [{passport_short: [true]}]\n",
        "  when: [{passport_short: [true]}]\n"
        "  needs: [{procedure: residence_permit_extension, point: granted, "
        "source: {law: 无, law_en: none, confidence: K, checked_on: 2026-11-22}}]\n",
    )

    error = refused(config)

    assert (error.field, error.problem) == ("needs", "waits for itself")


def test_two_procedures_may_not_share_a_step(config: Path) -> None:
    spoil(config / "procedures" / "work_permit.yaml", "code: WP-IN", "code: WP-NEW")

    assert refused(config).problem == "is a step of work_permit_new_abroad too"


def test_a_counter_names_its_closed_days_as_dates(config: Path) -> None:
    spoil(config / "jurisdictions" / "wuhan.yaml", "closed: []", "closed: [Monday]")

    error = refused(config)

    assert (error.file, error.field) == ("wuhan.yaml", "counters.exit_entry.closed")
