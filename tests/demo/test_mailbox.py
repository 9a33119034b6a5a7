"""The demonstration's mail server speaks real SMTP and lays letters out for a browser."""

import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from tracker.demo.mailbox import Mailbox


@pytest.fixture
def mailbox(tmp_path: Path) -> Iterator[Mailbox]:
    box = Mailbox(tmp_path / "mailbox")
    box.start()
    yield box
    box.stop()


def send(box: Mailbox, *, subject: str, html: str | None = None) -> bytes:
    message = EmailMessage()
    message["From"] = "office@example.org"
    message["To"] = "alice@example.org"
    message["Subject"] = subject
    message.set_content("请于周五前办理。\n")
    if html:
        message.add_alternative(html, subtype="html")
    with smtplib.SMTP("127.0.0.1", box.port, timeout=10) as server:
        server.send_message(message)
    return message.as_bytes()


def test_letter_arrives_byte_for_byte(mailbox):
    sent = send(mailbox, subject="居留许可")

    kept = (mailbox.folder / "00001.eml").read_bytes()
    assert kept.splitlines() == sent.splitlines()
    assert mailbox.count == 1


def test_index_lists_newest_first_with_links(mailbox):
    send(mailbox, subject="第一封")
    send(mailbox, subject="Second")

    index = (mailbox.folder / "index.html").read_text("utf-8")
    rows = [line for line in index.splitlines() if line.startswith("<tr><td>")]
    assert rows == [
        '<tr><td>00002<td>alice@example.org<td><a href="00002.html">Second</a>',
        '<tr><td>00001<td>alice@example.org<td><a href="00001.html">第一封</a>',
    ]


def test_letter_with_markup_cannot_run_it(mailbox):
    send(mailbox, subject="<script>alert(1)</script>", html="<script>alert(2)</script>")

    page = (mailbox.folder / "00001.html").read_text("utf-8")
    assert page.count("<script") == 0
    assert page.count("<iframe sandbox ") == 1


def test_empty_mailbox_has_an_index(mailbox):
    index = (mailbox.folder / "index.html").read_text("utf-8")

    assert index.count("<title>演示信箱 Demo mailbox: 0</title>") == 1
