"""What a letter's bytes say to any mail program, and what never gets into them."""

import email
import email.policy
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.outbox.conftest import draft
from tracker.core.errors import Invalid
from tracker.outbox.message import Sender, build, checked_address

NOW = datetime(2026, 9, 10, 2, tzinfo=UTC)
SENDER = Sender("office@example.org", '国际处, 外事办 "East"')


def built(sender=SENDER, **fields):
    address = fields.pop("address", "alice@example.org")
    return build(draft(address, **fields), sender, message_id="<m1@example.org>", now=NOW)


def parsed(content):
    return email.message_from_bytes(content, policy=email.policy.default)


@given(
    subject=st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=120),
    text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=400),
)
def test_whatever_is_written_is_read_back(subject, text):
    content = built(subject=subject, text=text, html=f"<p>{len(text)}</p>", ics=b"BEGIN:VCALENDAR")

    letter = parsed(content)
    assert " ".join(str(letter["Subject"]).split()) == " ".join(subject.split())
    sent = letter.get_body(("plain",)).get_payload(decode=True).decode()
    assert sent == text.replace("\n", "\r\n")
    assert letter.get_body(("html",)).get_content().strip() == f"<p>{len(text)}</p>"
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert content.replace(b"\r\n", b"").count(b"\n") == 0


def test_chinese_sender_with_comma_and_quotes_keeps_name_and_address():
    sender = parsed(built())["From"].addresses[0]

    assert (sender.display_name, sender.addr_spec) == (SENDER.name, SENDER.address)


def test_ascii_sender_is_quoted():
    letter = parsed(built(sender=Sender("office@example.org", 'Office, "East" \\ 2')))

    assert letter["From"].addresses[0].display_name == 'Office, "East" \\ 2'


@pytest.mark.parametrize("breaks", ["\r\nBcc: x@example.org", "\n", "\x0b", "\x85", "\u2028", "\0"])
def test_header_cannot_be_broken_out_of(breaks):
    with pytest.raises(Invalid, match="line break or control"):
        built(subject=f"Hello{breaks}")
    with pytest.raises(Invalid, match="line break or control"):
        built(sender=Sender("office@example.org", f"Office{breaks}"))
    with pytest.raises(Invalid, match="plain mail address"):
        built(address=f"alice@example.org{breaks}")


@pytest.mark.parametrize(
    "address",
    ["", "alice", "a@b@c", "张三@例子.测试", "a@x.org, b@x.org", "Alice <a@x.org>", " a@x.org",
     "a@x..org", "a@-x.org", "a b@x.org", "a@x.org\n", f"{'a' * 250}@x.org"],
)  # fmt: skip
def test_what_is_not_one_plain_address_is_refused(address):
    with pytest.raises(Invalid):
        checked_address(address)


@pytest.mark.parametrize("text", ["half a \ud800 character", "a NUL \0"])
def test_text_that_no_mail_program_shows_is_refused(text):
    with pytest.raises(Invalid, match="Enter it again"):
        built(text=text)


def test_lines_of_any_length_and_dots_pass():
    text = "x" * 5000 + "\n.\n..\n.hidden\n"

    assert (
        parsed(built(text=text)).get_body(("plain",)).get_content().splitlines()
        == text.splitlines()
    )
