"""Invented staff in a database, planned and partly delivered, for pages to be looked at."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from tests.files.pictures import picture
from tests.lives import moves
from tracker import pipeline, work
from tracker.accounts import feeds, service
from tracker.accounts.models import ROLES, Account
from tracker.answers import links
from tracker.answers import service as answers
from tracker.answers.service import Duty, Words
from tracker.cases import acts, opening
from tracker.cases.models import Case
from tracker.cases.states import State
from tracker.core.db import db
from tracker.demo import away as demo_away
from tracker.demo import health as demo_health
from tracker.demo import homes, people, rounds, troubles
from tracker.facts import service as facts
from tracker.facts.models import ImportBatch, Person, Unit
from tracker.files import service as files
from tracker.obligations import book, places, windows
from tracker.obligations import service as obligations
from tracker.obligations.models import Obligation
from tracker.outbox.models import DeliveryAttempt, Lease, Letter
from tracker.reminders import after_import, quiet
from tracker.reminders import service as reminders
from tracker.reminders.models import Reminder
from tracker.roster import service as roster
from tracker.roster.findings import Findings
from tracker.web import uploads
from tracker.whereabouts.links import hashed
from tracker.whereabouts.models import TripLink

#: What the one link that still takes an answer ends in.
OPEN_TOKEN = "open" + "x" * 39
#: What the one personal link for trips ends in.
TRIP_TOKEN = "trip" + "x" * 39
PASSWORD = "four unrelated garden words"
#: Changes people who are there, adds some, and has mistakes.
ROSTER = """工号,中文名,护照姓名,国籍,护照号码,护照有效期至,聘用单位,居留许可有效期至
D00001,,,,,,音乐学院,
D00002,,,,,,,2028-03-31
D00003,,,,,03/04/2029,,
D00004,,,,,,医学部,2028-13-01
,林可,LINDNER Clara,DEU,C01X00T47,2033-05-01,测绘学院,2027-08-31
,,OKAFOR Ngozi,NGA,A09911223,2031-02-28,医学部,2027-08-31
,,NAMELESS Nora,,X1,,,
"""
#: A year's notice that was sent.
NOTICE = {"content": """
year: 2027
source: {law: 国务院办公厅关于2027年部分节假日安排的通知, article: 国办发明电〔2026〕1号,
         issued_on: 2026-11-04, checked_on: 2026-11-05}
off: [{name: {zh: 元旦, en: New Year}, from: 2027-01-01, to: 2027-01-03}]
working: [2027-01-09]
"""}  # fmt: skip
#: How the invented mail server answers, in turn.
ANSWERS = (
    ("accepted", "250 2.0.0 Ok: queued"), ("accepted", "250 2.0.0 Ok: queued"),
    ("accepted", "250 2.0.0 Ok: queued"), ("refused", "550 5.1.1 no such mailbox here"),
    ("deferred", "451 4.7.1 greylisted, try again later"), ("accepted", "250 2.0.0 Ok: queued"),
    ("unknown", "no answer after the message: timed out"), ("queued", None),
)  # fmt: skip


def fill(count: int, *, today: date, now: datetime, seed: int = 7) -> None:
    """Record `count` people and the letters of today; commits."""
    record(people.make_people(count, seed=seed, today=today), by="demo", at=now)
    make_accounts(at=now)
    buildings = homes.build(keeper="inspector@example.org")
    attach_scan(at=now)
    for ids in obligations.everybody():
        pipeline.refresh(ids, today=today, now=now)
    reminders.plan_day(today=today, now=now)
    db.session.commit()
    pipeline.write(today=today, now=now, send_after=now)
    deliver_somehow(now)
    make_feeds(at=now)
    db.session.add(Lease(
        name="scheduler", holder="here", epoch=1, renewed_at=now,
        expires_at=now + timedelta(minutes=1),
    ))  # fmt: skip
    db.session.commit()
    make_imports(today=today, at=now)
    make_cases(today=today, at=now)
    demo_health.make(by="account:2", today=today, now=now)
    pipeline.refresh(demo_health.concerned(), today=today, now=now)
    troubles.make(buildings, now=now)
    rounds.make(buildings, inspector="inspector@example.org", today=today, now=now)
    pipeline.refresh_buildings(places.everywhere(), today=today, now=now)
    moves.make(today=today, at=now)
    db.session.commit()
    make_trips(today=today, now=now)


def make_trips(*, today: date, now: datetime) -> None:
    """Let people travel and documents be kept; the first person has a personal link; commits."""
    ids = demo_away.make(by="account:2", today=today, now=now)
    if ids:
        db.session.add(TripLink(
            token_hash=hashed(TRIP_TOKEN), person_id=ids[0], made_at=now, made_by="account:2",
            expires_at=now + timedelta(300),
        ))  # fmt: skip
    pipeline.refresh(ids, today=today, now=now)
    db.session.commit()


def make_cases(*, today: date, at: datetime) -> None:
    """Open cases of what ends in the next five months, left in every state; commits."""
    rules = book.current()
    found = windows.ending(rules, today, today + timedelta(150))
    opened = [] if found is None else opening.open_found(found, by="window", on=today, at=at)
    ways: tuple[tuple[State, ...], ...] = (
        (), ("collecting",), ("collecting", "internal_approval"), ("submitted",),
        ("submitted", "accepted"), ("submitted", "accepted", "returned"),
        ("submitted", "accepted", "granted"), ("withdrawn",), ("collecting",), (),
    )  # fmt: skip
    cases = db.session.scalars(sa.select(Case).order_by(Case.id)).all()
    for number, case in enumerate(cases):
        for to in ways[number % len(ways)]:
            move = acts.Move(
                to=to, on=today, receipt_number=f"WH2026{case.id:05}", reason="盖章页缺失",
                despite="合同随后补交",
            )  # fmt: skip
            acts.make(case, move, rules, by="account:2", at=at)
        case.state_at = at - timedelta(number % 9)
    pipeline.refresh(opened, today=today, now=at)
    db.session.commit()


def make_answers(*, today: date, at: datetime) -> None:
    """Let some experts answer by their links, one link stay open, one answer be closed; commits.

    Tokens are known here alone: the open link is OPEN_LINK.
    """
    left = sa.select(Reminder.letter_id, Reminder.obligation_id).join(
        Letter, Letter.id == Reminder.letter_id
    ).where(Letter.state == "accepted", Reminder.recipient.startswith("person:"))  # fmt: skip
    told = dict.fromkeys(db.session.execute(left.order_by(Reminder.id)).all())
    words = _said(today)
    for number, (letter_id, obligation_id) in enumerate(list(told)[: len(words) + 1]):
        duty = db.session.get_one(Obligation, obligation_id)
        token = OPEN_TOKEN if number == len(words) else f"{number:043}"
        link = links.New(token, "expert", duty.person_id, duty.id, f"person:{duty.person_id}",
                         at + timedelta(60))  # fmt: skip
        links.keep([(letter_id, link)], now=at)
        if number < len(words):
            _answer(token, duty, words[number], today=today, at=at + timedelta(seconds=number))
    db.session.commit()


def _said(today: date) -> list[Words]:
    ends = (today + timedelta(400)).isoformat()
    return [
        Words("filed", {"accepted_on": today.isoformat(), "receipt_number": "AB20261187"},
              "Counter 3, they keep my passport.", "a" * 32, [(picture(), "receipt.jpg")]),
        Words("permit", {"number": "R20931177", "issued_on": today.isoformat(),
                         "expires_on": ends}, "", "b" * 32),
        Words("leaving", {"departed_on": ends}, "我将回国工作。", "c" * 32),
        Words("not_me", {}, "", "d" * 32),
        Words("paper", {}, "holiday", "e" * 32, [(picture("PNG"), "beach.png")]),
    ]  # fmt: skip


def _answer(token: str, duty: Obligation, words: Words, *, today: date, at: datetime) -> None:
    link = links.find(token)
    assert link is not None
    about = Duty(duty.rule_id, duty.fact_ref, "residence_permit")
    with files.uploading() as written:
        answer = answers.give(link, about, words, at=at, written=written)
        quiet.begin(answer, today=today, now=at)
        if words.kind == "paper":
            answers.decide(answer, "closed", by="account:2", at=at, reason="A holiday photo.")
            quiet.end(answer.id, by="account:2", today=today, now=at)
        db.session.commit()


def record(invented: Iterable[people.Invented], *, by: str, at: datetime) -> list[Person]:
    """Record invented people as facts, each as if typed in. Flushes; the caller commits."""
    recorded = []
    for each in invented:
        person = facts.create_person(each.profile, by=by, at=at)
        for kind, fields in each.facts:
            facts.record(person, kind, fields, by=by, at=at)
        recorded.append(person)
    return recorded


def make_accounts(*, at: datetime) -> dict[str, Account]:
    """Make an account of each role: the first unit's secretary, the first person's expert."""
    unit_id = db.session.scalar(sa.select(sa.func.min(Unit.id)))
    person_id = db.session.scalar(sa.select(sa.func.min(Person.id)))
    made = {}
    for role in ROLES:
        if (role == "unit_secretary" and unit_id is None) or (role == "expert" and not person_id):
            continue
        made[role] = service.create_account(
            email=f"{role}@example.org", name=f"测试 {role}", role=role, at=at, password=PASSWORD,
            unit_id=unit_id if role == "unit_secretary" else None,
            person_id=person_id if role == "expert" else None, health=True,
        )  # fmt: skip
    return made


def make_feeds(*, at: datetime) -> None:
    """Let two calendars subscribe, of which one has asked already."""
    owner = service.get("officer@example.org")
    for label, kind in (("办公室电脑", "office"), ("Phone", "office")):
        feed, _token = feeds.create(owner, feeds.Wish(kind=kind, label=label, language="zh"), at=at)
    feed.fetched_at = at


def make_imports(*, today: date, at: datetime) -> None:
    """Leave a roster that waits for a decision, and two imports of the past; commits."""
    task = work.begin(kind="roster_check", about="外籍教师名册.csv", by="account:2", at=at)
    db.session.add_all([
        ImportBatch(
            filename=f"2025{term}.xlsx", sha256=str(undone), imported_at=at - timedelta(200),
            imported_by="account:2", finished_at=at - timedelta(200),
            undone_at=at - timedelta(199) if undone else None,
            counts={"rows": 40, "created": 38, "updated": 0, "unchanged": 1, "rejected": 1},
        )
        for term, undone in (("春季", True), ("秋季", False))
    ])  # fmt: skip
    db.session.commit()
    uploads.folder(task.id).mkdir(parents=True, exist_ok=True)  # one folder for both databases
    uploads.roster(task.id).write_text(ROSTER, encoding="utf-8-sig")
    with Findings(uploads.folder(task.id)) as found:
        report = roster.examine(uploads.roster(task.id), today=today, look=found.note)
    work.finish(task.id, {"counts": report.counts(), "notices": report.notices}, at=at)
    db.session.commit()


def leave_open(*, today: date, at: datetime) -> None:
    """Leave what is seen only for a while: work on its way, a decision to take; commits."""
    for kind, about in (("roster_check", "大名册.xlsx"), ("calendar_check", str(today.year + 1))):
        task = work.begin(kind=kind, about=about, by="account:2", at=at, result=NOTICE)
        task.done, task.total = 1_240, 3_000
        task.seen_at = at + timedelta(days=1)  # it goes on working
    task = work.begin(kind="calendar_check", about=str(today.year + 1), by="account:2", at=at,
                      result=NOTICE)  # fmt: skip
    moved = [4, "RP-EXT", f"{today.year + 1}-02-05", f"{today.year + 1}-01-29"]
    work.finish(task.id, {"moved": 1, "confirmed": 7, "people": 40, "listed": [moved]}, at=at)
    ids = db.session.scalars(sa.select(Person.id).order_by(Person.id.desc()).limit(5)).all()
    after_import.hold_new(ids, 2, by="account:2", at=at)
    db.session.commit()


def attach_scan(*, at: datetime) -> None:
    """Keep a scan of the first person's passport, if there is a first person."""
    person_id = db.session.scalar(sa.select(sa.func.min(Person.id)))
    if person_id is not None:
        with files.uploading() as written:
            files.add(person_id, picture(), title="passport.jpg", fact_ref="passport/1",
                      by="account:1", at=at, written=written)  # fmt: skip


def deliver_somehow(now: datetime) -> None:
    """Give the queued letters answers as a mail server would, good and bad."""
    letters: Sequence[Letter] = db.session.scalars(sa.select(Letter).order_by(Letter.id)).all()
    for number, letter in enumerate(letters):
        state, reply = ANSWERS[number % len(ANSWERS)]
        letter.state, letter.reply = state, reply
        if state == "queued":
            continue
        letter.attempts = 1
        letter.finished_at = now if state in {"accepted", "refused"} else None
        db.session.add(DeliveryAttempt(
            letter_id=letter.id, attempt=1, ended_at=now, outcome=state, reply=reply
        ))  # fmt: skip
