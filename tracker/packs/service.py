"""The filing pack of a case: one archive with its papers in order, as the portal wants them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile

from tracker.cases import checklists
from tracker.cases.checklists import Checklist, Item
from tracker.cases.models import Case
from tracker.core.i18n import day_text
from tracker.files import content, store
from tracker.files import service as files
from tracker.packs import letter
from tracker.packs.facts import on_record
from tracker.packs.office import office
from tracker.rules.book import RuleBook
from tracker.rules.procedures.model import Procedure
from tracker.typeset import pdf, scans

FORMS = {
    "original": ("原件", "original"), "copy": ("复印件", "copy"),
    "original_and_copy": ("原件及复印件", "original and copy"),
    "electronic": ("电子件", "electronic"),
}  # fmt: skip
STATES = {
    "missing": ("缺", "missing"), "received": ("已收，未核", "received, not checked"),
    "checked": ("已核", "checked"), "returned": ("退回补正", "returned"),
    "waived": ("免交", "waived"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """One paper. `name`: of its file in the pack, None if none; `too_large`: for a portal."""

    item: Item
    name: str | None
    data: bytes
    too_large: bool


def make(case: Case, book: RuleBook, *, today: date) -> bytes:
    """Return the pack of a case as a ZIP archive; Invalid if the letter's template is wrong."""
    procedure = book.procedures.by_id[case.procedure]
    papers = checklists.of_case(case, book, today=today)
    values = letter.values(
        case, on_record(case.person_id), procedure=procedure.title["zh"], today=today
    )
    found = list(_parts(papers))
    archive = BytesIO()
    with ZipFile(archive, "w", ZIP_STORED) as pack:
        pack.writestr("00_清单_checklist.pdf", _cover(procedure, papers, found, values, today))
        for name, data in _letter(values).items():
            pack.writestr(name, data)
        for part in found:
            if part.name:
                pack.writestr(part.name, part.data)
    return archive.getvalue()


def _parts(papers: Checklist) -> Iterator[Part]:
    for number, item in enumerate(papers.items, 1):
        if item.attachment_id is None or item.state == "waived":
            yield Part(item, None, b"", False)
            continue
        data = _page(item.attachment_id)
        yield Part(item, _name(number, item), data, len(data) > office().largest)


def _page(attachment_id: int) -> bytes:
    kept = files.get(attachment_id)
    data = store.present(store.path_of(kept.stored_as)).read_bytes()
    if kept.media_type == content.PDF:
        return data
    return scans.page_of(data, largest=office().largest)


def _name(number: int, item: Item) -> str:
    title = re.sub(r'[\\/:*?"<>|\s]+', "_", item.material.title["zh"])[:40]
    return office().file_name.format(number=f"{number:02}", code=item.code, title=title) + ".pdf"


def _letter(values: dict[str, str]) -> Mapping[str, bytes]:
    made = letter.as_word(values)
    return {
        "99_单位证明_employer_letter.docx": made,
        "99_单位证明_employer_letter.pdf": letter.as_pdf(made, title=values["procedure"]),
    }


def _cover(
    procedure: Procedure, papers: Checklist, parts: list[Part], values: Mapping[str, str],
    today: date,
) -> bytes:  # fmt: skip
    title = procedure.title
    return pdf.typeset("checklist", {
        "title": title["zh"], "subtitle": title["en"],
        "office": f"{office().university['zh']} {office().name['zh']}",
        "about": [
            ["姓名 Name", f"{values['name']} {values['name_zh']}"],
            ["国籍 Nationality", values["nationality"]],
            ["护照 Passport", values["passport_number"]], ["单位 Unit", values["unit"]],
            ["计划申请日 To be filed on", day_text(papers.filing_on, "zh")],
            ["制表日 Made on", day_text(today, "zh")],
        ],
        "rows": [_row(number, part) for number, part in enumerate(parts, 1)],
    })  # fmt: skip


def _row(number: int, part: Part) -> dict[str, str]:
    item = part.item
    zh, en = FORMS[item.material.form]
    state_zh, state_en = STATES[item.state]
    notes = [item.reason, item.ground and f"（{item.ground}）", part.name or ""]
    notes += ["超过平台大小限制 too large for the portal"] if part.too_large else []
    notes += ["申请日将超期 too old on that day"] if item.too_old else []
    return {
        "number": f"{number}", "code": item.code, "zh": item.material.title["zh"],
        "en": item.material.title["en"], "form": f"{zh} {en}", "state": f"{state_zh} {state_en}",
        "ready": "yes" if item.ready else "", "note": " ".join(note for note in notes if note),
    }  # fmt: skip
