"""Nothing leaves in clear text, no password goes where the certificate does not check."""

import ssl
from datetime import UTC, datetime

import pytest
import trustme

from tracker.outbox import smtp


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def secured(post, sink, authority, tmp_path):
    """The post office with TLS on, and a server with a certificate for the names given."""
    ca_file = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(ca_file)

    def secure(*names: str, by=authority, implicit=False, **certificate: object):
        sink.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        by.issue_cert(*names, **certificate).configure_cert(sink.tls)
        sink.implicit = implicit
        post.app.config |= {
            "MAIL_USE_TLS": not implicit, "MAIL_USE_SSL": implicit, "MAIL_CA_FILE": str(ca_file),
            "MAIL_USERNAME": "office", "MAIL_PASSWORD": "secret", "MAIL_TIMEOUT": 2,
        }  # fmt: skip
        return post

    return secure


@pytest.mark.parametrize("implicit", [False, True])
def test_good_certificate_gets_login_and_letters(secured, sink, implicit):
    post = secured("127.0.0.1", implicit=implicit)
    post.queue("alice")

    counts = post.deliver()

    assert (counts.accepted, sink.verbs["AUTH"]) == (1, 1)


@pytest.mark.parametrize("implicit", [False, True])
@pytest.mark.parametrize(
    "certificate",
    [
        {"names": ["mail.example.org"]},
        {"names": ["127.0.0.1"], "by": trustme.CA()},
        {"names": ["127.0.0.1"], "not_after": datetime(2020, 1, 1, tzinfo=UTC)},
    ],
    ids=["another name", "unknown authority", "expired"],
)
def test_bad_certificate_holds_all_and_hears_no_password(secured, sink, certificate, implicit):
    names = certificate["names"]
    rest = {name: value for name, value in certificate.items() if name != "names"}
    post = secured(*names, implicit=implicit, **rest)
    post.queue("alice", "bob")

    counts = post.deliver()

    assert (counts.held, counts.refused) == (2, 0)
    assert (sink.stored, sink.verbs["AUTH"], sink.verbs["MAIL"]) == (0, 0, 0)
    assert post.letters()[0].reply.startswith("530 TLS failed: ")


def test_server_without_starttls_holds_all(post, sink):
    post.app.config |= {"MAIL_USE_TLS": True, "MAIL_USERNAME": "office", "MAIL_PASSWORD": "x"}
    post.queue("alice")

    counts = post.deliver()

    assert (counts.held, sink.stored, sink.verbs["AUTH"]) == (1, 0, 0)
    assert post.letters()[0].reply == "530 the server offers no STARTTLS"


def test_another_machine_without_tls_is_not_even_called(post, sink):
    post.app.config["MAIL_SERVER"] = "mail.example.org"
    post.queue("alice")

    counts = post.deliver()

    assert (counts.held, sink.connections) == (1, 0)
    assert "TRACKER_MAIL_USE_TLS" in post.letters()[0].reply


def test_password_that_smtp_cannot_carry_holds_with_a_remedy(post, sink):
    post.app.config |= {"MAIL_USERNAME": "办公室", "MAIL_PASSWORD": "密码"}
    post.queue("alice")

    counts = post.deliver()

    assert counts.held == 1
    assert post.letters()[0].reply == "535 user name and password must be ASCII"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\0b", "a b"),
        ("two\r\nlines", "two lines"),
        ("\ud800 half", "half"),
        ("x" * 900, "x" * 400),
    ],
)
def test_answers_are_kept_as_any_database_holds_them(text, kept):
    assert smtp.SmtpFault("rcpt", 550, text).text == kept
