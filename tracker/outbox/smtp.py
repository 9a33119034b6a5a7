"""The only file that speaks SMTP: Flask-Mail's connection, made to keep the promise.

Flask-Mail alone has no time-outs, checks no certificate and reports a letter as failed that the
server took before it hung up.
"""

import ipaddress
import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Self

import flask_mail
from flask import current_app

CONNECT_SECONDS = 30
_LEADING_DOT = re.compile(rb"(?m)^\.")
#: RFC 5321 4.5.3.2.6: a server may take ten minutes to answer the final dot; asking earlier
#: makes duplicates.
AFTER_DOT_FACTOR = 10


class SmtpFault(Exception):
    """Delivery failed in `phase`: connect, secure, login, mail_from, rcpt, data or after_dot.

    `code` is the server's three digits, None when it said nothing.
    """

    def __init__(self, phase: str, code: int | None, text: str) -> None:
        self.phase, self.code, self.text = phase, code, _printable(text)
        super().__init__(f"{code} {self.text}".strip() if code else self.text)

    @property
    def permanent(self) -> bool:
        """Did the server say that trying again is useless?"""
        return self.code is not None and self.code >= 500


class Connection(flask_mail.Connection):
    """One connection kept open for many letters; sends prepared bytes, tells phases apart."""

    host: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def send_bytes(self, sender: str, address: str, content: bytes) -> str:
        """Hand over one message and return the server's answer; SmtpFault if it did not take it."""
        self._begin(sender)
        try:
            self._command("rcpt", lambda host: host.rcpt(address))
            self._data(content)
            return self._answer()
        except SmtpFault as fault:
            if fault.code is None or fault.code == 421:
                self._drop()
            else:
                self._reset()
            raise

    def _begin(self, sender: str) -> None:
        """Open a transaction, on a new connection if the server has had enough of this one."""
        reused = self.host is not None
        if self.host is None:
            self.host = self.configure_host()
        try:
            self._command("mail_from", lambda host: host.mail(sender))
        except SmtpFault as fault:
            self._drop()
            if fault.permanent or not reused:
                raise
            self._begin(sender)

    def configure_host(self) -> smtplib.SMTP:
        """Connect, secure and sign in with time-outs; SmtpFault says what stopped it."""
        config = current_app.config
        require_protection(config)
        try:
            host = _open(config)
        except (OSError, smtplib.SMTPException) as error:
            raise _fault("connect", error) from error
        try:
            self._secure(host, config)
            self._login(host, config)
        except BaseException:
            host.close()
            raise
        return host

    def close(self) -> None:
        """Say goodbye; what the server answered before counts, not this."""
        if self.host is not None:
            try:
                self.host.quit()
            except (OSError, smtplib.SMTPException):
                self.host.close()
            self.host = None

    def _secure(self, host: smtplib.SMTP, config: dict[str, Any]) -> None:
        try:
            host.ehlo_or_helo_if_needed()
            if config["MAIL_USE_TLS"]:
                host.starttls(context=tls_context(config["MAIL_CA_FILE"]))
                host.ehlo()
        except smtplib.SMTPNotSupportedError as error:
            raise SmtpFault("secure", 530, "the server offers no STARTTLS") from error
        except ssl.SSLError as error:
            raise SmtpFault("secure", 530, f"TLS failed: {error.reason or error}") from error
        except (OSError, smtplib.SMTPException) as error:
            raise _fault("connect", error) from error

    def _login(self, host: smtplib.SMTP, config: dict[str, Any]) -> None:
        if not config["MAIL_USERNAME"]:
            return
        try:
            host.login(config["MAIL_USERNAME"], config["MAIL_PASSWORD"] or "")
        except smtplib.SMTPNotSupportedError as error:
            raise SmtpFault("login", 535, "the server offers no login") from error
        except UnicodeEncodeError as error:
            raise SmtpFault("login", 535, "user name and password must be ASCII") from error
        except (OSError, smtplib.SMTPException) as error:
            if type(error) is smtplib.SMTPException:  # no method both sides know
                raise SmtpFault("login", 535, str(error)) from error
            raise _fault("login", error) from error

    def _command(self, phase: str, command: Callable[[smtplib.SMTP], Any]) -> None:
        assert self.host is not None
        try:
            code, text = command(self.host)
        except (OSError, smtplib.SMTPException) as error:
            raise _fault(phase, error) from error
        if not _taken(code):
            raise SmtpFault(phase, _code(code), _text(text))

    def _data(self, content: bytes) -> None:
        """Send everything but the final dot: until here it is certain that nothing was taken."""
        host = self.host
        assert host is not None
        try:
            code, text = host.docmd("DATA")
            if code == 354:
                host.send(_dots_doubled(content))
        except (OSError, smtplib.SMTPException) as error:
            raise _fault("data", error) from error
        if code != 354:
            raise SmtpFault("data", _code(code), _text(text))

    def _answer(self) -> str:
        host = self.host
        assert host is not None
        assert host.sock is not None
        timeout = current_app.config["MAIL_TIMEOUT"]
        try:
            host.sock.settimeout(timeout * AFTER_DOT_FACTOR)
            host.send(b".\r\n")
            code, text = host.getreply()
            host.sock.settimeout(timeout)
        except (OSError, smtplib.SMTPException) as error:
            raise SmtpFault("after_dot", None, str(error) or type(error).__name__) from error
        if not _taken(code):
            # Anything but a clear refusal leaves open whether the message was stored.
            raise SmtpFault("data" if _code(code) else "after_dot", _code(code), _text(text))
        return f"{code} {_text(text)}"

    def _reset(self) -> None:
        try:
            if self.host is not None:
                self.host.rset()
        except (OSError, smtplib.SMTPException):
            self._drop()

    def _drop(self) -> None:
        if self.host is not None:
            self.host.close()
            self.host = None


def connection() -> Connection:
    """Return a connection with the settings of now, opened with the first letter."""
    mail: Any = flask_mail.Mail().init_mail(current_app.config, testing=False)
    return Connection(mail)


def probe() -> str:
    """Connect, secure, sign in and say goodbye; return what the server is. SmtpFault if not."""
    link = connection()
    link.host = link.configure_host()
    try:
        link._command("connect", lambda host: host.noop())
    finally:
        link.close()
    secured = current_app.config["MAIL_USE_TLS"] or current_app.config["MAIL_USE_SSL"]
    return "answers" + (" over TLS" if secured else ", without TLS on this machine")


def require_protection(config: dict[str, Any]) -> None:
    """Refuse to send in clear text to another machine."""
    protected = config["MAIL_USE_TLS"] or config["MAIL_USE_SSL"]
    if protected or config["MAIL_ALLOW_CLEARTEXT"] or _is_local(config["MAIL_SERVER"]):
        return
    raise SmtpFault(
        "secure", 530, "letters would leave in clear text: set TRACKER_MAIL_USE_TLS or _USE_SSL"
    )


@lru_cache
def tls_context(ca_file: str | None) -> ssl.SSLContext:
    """Return a context that checks certificate and name; making one takes 40 ms."""
    return ssl.create_default_context(cafile=ca_file)


def _open(config: dict[str, Any]) -> smtplib.SMTP:
    options = {
        "timeout": min(CONNECT_SECONDS, config["MAIL_TIMEOUT"]),
        # The machine's own name is nobody's business and its look-up may hang.
        "local_hostname": config["MAIL_DOMAIN"] or "localhost",
    }
    server, port = config["MAIL_SERVER"], int(config["MAIL_PORT"])
    if config["MAIL_USE_SSL"]:
        context = tls_context(config["MAIL_CA_FILE"])
        try:
            host: smtplib.SMTP = smtplib.SMTP_SSL(server, port, context=context, **options)
        except ssl.SSLError as error:
            raise SmtpFault("secure", 530, f"TLS failed: {error.reason or error}") from error
    else:
        host = smtplib.SMTP(server, port, **options)
    assert host.sock is not None
    host.sock.settimeout(config["MAIL_TIMEOUT"])
    # The final dot is a packet of its own; it must not wait 40 ms for the one before.
    host.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return host


def _dots_doubled(content: bytes) -> bytes:
    return _LEADING_DOT.sub(b"..", content) if b"\n." in content else content


def _is_local(server: str) -> bool:
    if server == "localhost":
        return True
    try:
        return ipaddress.ip_address(server).is_loopback
    except ValueError:
        return False


def _fault(phase: str, error: Exception) -> SmtpFault:
    # What smtplib itself finds wrong comes with a code too, but as a string.
    if isinstance(error, smtplib.SMTPResponseException) and isinstance(error.smtp_error, bytes):
        return SmtpFault(phase, _code(error.smtp_code), _text(error.smtp_error))
    return SmtpFault(phase, None, str(error) or type(error).__name__)


def _taken(code: int) -> bool:
    return 200 <= code <= 299


def _code(code: int) -> int | None:
    """Return a reply code that says no, None for what is no reply at all."""
    return code if 400 <= code <= 599 else None


def _text(answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return _printable(text)


def _printable(text: str) -> str:
    """Return an answer as one line that any database and page can hold."""
    kept = "".join(each if each.isprintable() else " " for each in text)
    return " ".join(kept.split())[:400]
