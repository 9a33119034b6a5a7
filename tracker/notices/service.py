"""Write, publish, withdraw and send notices; note who has read them. Flushes only."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import current_app

from tracker.core.clock import campus_day
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid, NotFound
from tracker.core.i18n import gettext as _
from tracker.facts.models import Person
from tracker.notices import audience, writing
from tracker.notices.models import Notice, NoticeLetter, NoticeVersion
from tracker.notices.writing import Text
from tracker.outbox import queue
from tracker.outbox.message import Draft
from tracker.packs.office import office

PATH = "/notices/mine/"
LONGEST = {"title_zh": 200, "title_en": 200, "body_zh": 20_000, "body_en": 20_000,
           "one_language": 200}  # fmt: skip


def save(
    notice: Notice | None, text: Text, *, audience_query: str, read: int, by: str, at: datetime
) -> Notice:
    """Keep a version of a notice, a new one if None; what is out stays until it is published.

    `read`: the version that the editor saw; Conflict if somebody saved another since.
    """
    _check(text)
    if notice is None:
        notice = Notice(created_at=at, created_by=by, newest=0)
        db.session.add(notice)
        db.session.flush()
    elif notice.newest != read:
        raise Conflict(_("Somebody else saved this meanwhile. Reload to see it, then save yours."))
    notice.audience = audience_query
    if notice.newest and text_of(version(notice, notice.newest)) == text:
        db.session.flush()
        return notice
    notice.newest += 1
    db.session.add(
        NoticeVersion(notice_id=notice.id, version=notice.newest, saved_at=at, saved_by=by,
                      **asdict(text))
    )  # fmt: skip
    db.session.flush()
    return notice


def publish(notice: Notice, *, at: datetime) -> None:
    """Let everybody see the newest version."""
    if notice.state == "published" and notice.published == notice.newest:
        raise Conflict(_("This version is out already."))
    notice.state, notice.published, notice.withdrawn_at = "published", notice.newest, None
    notice.published_at = notice.published_at or at
    notice.updated_at = at
    db.session.flush()


def withdraw(notice: Notice, *, at: datetime) -> int:
    """Take a notice off the public page, and back what has not left; return how many letters."""
    if notice.state != "published":
        raise Conflict(_("This notice is not out."))
    notice.state, notice.withdrawn_at, notice.updated_at = "withdrawn", at, at
    waiting = db.session.scalars(
        sa.select(NoticeLetter.letter_id).where(
            NoticeLetter.notice_id == notice.id, NoticeLetter.letter_id.is_not(None)
        )
    )
    taken = queue.withdraw([each for each in waiting if each], now=at,
                           reason="the notice was withdrawn")  # fmt: skip
    db.session.flush()
    return len(taken)


def send(notice: Notice, *, now: datetime, send_after: datetime) -> dict[str, int]:
    """Send the published version to whom it concerns, who has it not yet, once a person.

    Whoever could not be reached before is tried again. Returns how many letters were queued, and
    how many persons have no address.
    """
    if notice.state != "published" or notice.published is None:
        raise Conflict(_("Publish the notice first; what is sent is what everybody can read."))
    text = text_of(version(notice, notice.published))
    people = audience.outstanding(notice, today=campus_day(now))
    rows = _rows(notice, people, now)
    drafts, tokens = [], {}
    for person in people:
        if person.email:
            token = secrets.token_urlsafe(32)
            draft = _draft(notice, person, rows[person.id], text, token)
            drafts.append(draft)
            tokens[draft.key] = (rows[person.id], token)
    ids = queue.enqueue(drafts, now=now, send_after=send_after)
    for key, (row, token) in tokens.items():
        row.letter_id, row.token_hash = ids[key], hashed(token)
    db.session.flush()
    return {"queued": len(drafts), "no_address": len(people) - len(drafts)}


def find(token: str) -> NoticeLetter | None:
    """Return what a link in a letter opens, while the notice is out."""
    return db.session.scalar(
        sa.select(NoticeLetter)
        .join(Notice, Notice.id == NoticeLetter.notice_id)
        .where(NoticeLetter.token_hash == hashed(token), Notice.state == "published")
    )


def addressed(notice_id: int, person_id: int | None) -> NoticeLetter | None:
    """Return the row of a person to whom a notice was sent."""
    if person_id is None:
        return None
    return db.session.scalar(
        sa.select(NoticeLetter).filter_by(notice_id=notice_id, person_id=person_id)
    )


def mark_read(row: NoticeLetter, *, at: datetime) -> None:
    """Note that somebody has read a notice; the first time counts."""
    row.read_at = row.read_at or at
    db.session.flush()


def get(notice_id: int, *, for_change: bool = False) -> Notice:
    """Return a notice; NotFound if there is none."""
    found = db.session.get(Notice, notice_id, populate_existing=for_change,
                           with_for_update=for_change or None)  # fmt: skip
    if found is None:
        raise NotFound(_("There is no such notice."))
    return found


def version(notice: Notice, number: int) -> NoticeVersion:
    """Return one version of a notice."""
    return db.session.scalars(
        sa.select(NoticeVersion).filter_by(notice_id=notice.id, version=number)
    ).one()


def text_of(kept: NoticeVersion) -> Text:
    """Return the text of a version."""
    return Text(kept.title_zh, kept.title_en, kept.body_zh, kept.body_en, kept.one_language)


def hashed(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _rows(notice: Notice, people: Sequence[Person], now: datetime) -> Mapping[int, NoticeLetter]:
    """Return the row of each person, made if there is none; a further try is counted."""
    known = {row.person_id: row for row in db.session.scalars(
        sa.select(NoticeLetter).where(
            NoticeLetter.notice_id == notice.id,
            NoticeLetter.person_id.in_([each.id for each in people]),
        ))}  # fmt: skip
    for person in people:
        row = known.get(person.id)
        if row is None:
            row = NoticeLetter(notice_id=notice.id, person_id=person.id, tries=0)
            db.session.add(row)
            known[person.id] = row
        row.version, row.sent_at = notice.published or 0, now
        row.tries += bool(person.email)
    db.session.flush()
    return known


def _draft(
    notice: Notice, person: Person, row: NoticeLetter, text: Text, token: str
) -> Draft:  # fmt: skip
    reader = writing.Reader(person.name_zh, person.name_en, person.language)
    address = f"{current_app.config['PUBLIC_URL'].rstrip('/')}{PATH}{token}"
    letter = writing.write(text, reader, link=address, letterhead=_letterhead())
    key = f"notice/{notice.id}/person:{person.id}" + (f"/{row.tries}" if row.tries > 1 else "")
    return Draft(f"person:{person.id}", person.email or "", letter.subject, letter.text,
                 letter.html, None, key=key)  # fmt: skip


def _letterhead() -> dict[str, Any]:
    named = office()
    return {"university": named.university, "office": named.name}


def _check(text: Text) -> None:
    """Refuse a notice without a text, or in one language without a reason."""
    wrong: dict[str, list[str]] = {}
    for name, most in LONGEST.items():
        if len(getattr(text, name)) > most:
            wrong[name] = [_("At most %(count)s characters fit.", count=most)]
    for language in ("zh", "en"):
        told = [bool(getattr(text, f"{part}_{language}").strip()) for part in ("title", "body")]
        if any(told) and not all(told):
            missing = "body" if told[0] else "title"
            wrong[f"{missing}_{language}"] = [_("This is needed.")]
    whole = [language for language in ("zh", "en") if text.has(language)]
    if not whole and not wrong:
        wrong["title_zh"] = [_("Write it in both languages, or in one and say why.")]
    if len(whole) == 1 and not wrong and not text.one_language.strip():
        wrong["one_language"] = [_("Say why it is in one language only, or write the other.")]
    if wrong:
        raise Invalid.from_messages(wrong)
