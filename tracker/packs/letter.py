"""The employer's letter: a Word file from a template the office may replace, and its PDF."""

from datetime import date
from pathlib import Path

from flask import current_app

from config import settings
from tracker.cases.models import Case
from tracker.packs.facts import BLANK, SEXES, Record, capitals, country, day_zh, field
from tracker.packs.office import office
from tracker.typeset import pdf, word

NAME = "employer_letter.docx"


def template() -> Path:
    """Return the office's own template, HOME/templates/employer_letter.docx, or the shipped one."""
    own = Path(current_app.config["HOME"]) / "templates" / NAME
    return own if own.exists() else Path(settings.ROOT) / "config" / "letters" / NAME


def values(case: Case, record: Record, *, procedure: str, today: date) -> dict[str, str]:
    """Return everything a template may name; what is not on record is a blank to fill in."""
    person, house = case.person, office()
    sex_zh, sex_en = SEXES.get(field(record, "profile.sex") or "", (BLANK, BLANK))
    contract_from, contract_until = (
        day_zh(field(record, f"contract.{name}")) for name in ("starts_on", "ends_on")
    )
    return {
        "university": house.university["zh"], "university_en": house.university["en"],
        "office": house.name["zh"], "office_en": house.name["en"],
        "telephone": house.telephone or BLANK, "today": day_zh(today), "procedure": procedure,
        "name": capitals(person.name_en or "") or BLANK, "name_zh": person.name_zh or "",
        "sex": sex_zh, "title": sex_en, "born_on": day_zh(person.born_on),
        "nationality": country(person.nationality, "zh"),
        "nationality_en": country(person.nationality, "en"),
        "passport_number": field(record, "passport.number") or BLANK,
        "work_permit_number": field(record, "work_permit.number") or BLANK,
        "work_permit_until": day_zh(field(record, "work_permit.expires_on")),
        "residence_permit_until": day_zh(field(record, "residence_permit.expires_on")),
        "category": person.category or BLANK,
        "unit": person.unit.name_zh if person.unit else BLANK,
        "unit_en": (person.unit.name_en if person.unit else None) or BLANK,
        "post": field(record, "contract.post") or BLANK,
        "contract_from": contract_from, "contract_until": contract_until,
        "until": day_zh(case.until) if case.until else contract_until,
    }  # fmt: skip


def as_word(filled: dict[str, str]) -> bytes:
    """Return the letter as a Word file; Invalid names the template's mistake."""
    return word.fill(template(), filled)


def as_pdf(letter: bytes, *, title: str) -> bytes:
    """Return the PDF of a letter that was made as a Word file."""
    return pdf.typeset("letter", {"title": title, "paragraphs": word.paragraphs(letter)})
