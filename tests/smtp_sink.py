"""A mail server for tests: stores durably before it says 250, and misbehaves on demand.

A misbehaviour is asked for by name with how often it happens (-1: always): see `Sink.script`.
As a process of its own: python -m tests.smtp_sink FOLDER PORT [NAME=COUNT …]
"""

import contextlib
import email
import email.policy
import os
import re
import socketserver
import ssl
import struct
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from socket import SO_LINGER, SOL_SOCKET

#: What is said to a command instead of yes, by the name in the script.
REFUSALS = {
    "EHLO": {"ehlo421": "421 not now"},
    "AUTH": {"auth535": "535 wrong password", "auth454": "454 later"},
    "MAIL": {
        "mail550": "550 sender not allowed", "mail503": "503 need AUTH first",
        "mail452": "452 enough for this connection",
    },
    "RCPT": {
        "rcpt550": "550 5.1.1 no such user", "rcpt451": "451 4.7.1 come back later",
        "relay554": "554 5.7.1 Relay access denied", "rcpt421": "421 too many",
        "sender553": "553 5.7.1 Sender address rejected: not owned by user",
        "nul550": "550 no\0such user",
    },
}  # fmt: skip
#: What is said after a message, and whether it was stored all the same.
AFTER_DOT = {
    "data451": ("451 later", False), "data552": ("552 too large", False),
    "data421": ("421 not now", False), "garbage_stored": ("hello there", True),
    "long_stored": ("250 " + "x" * 9000, True), "code299_stored": ("299 stored", True),
}  # fmt: skip


@dataclass(frozen=True)
class Received:
    """One stored message."""

    address: str
    content: bytes

    @property
    def message(self) -> EmailMessage:
        parsed = email.message_from_bytes(self.content, policy=email.policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"])


class Sink:
    """What one server received, and how it is to behave.

    `script` counts down: the names in REFUSALS and AFTER_DOT; banner421, banner554, hang_banner,
    hang_stored (seconds in `hang`), reset_stored, reset_lost, reset_data, drop_before_quit.
    `refuse`: addresses refused with 550; `answers`: other words, by address. `slow`: seconds
    before every reply. `tls`: a server's context, offered by STARTTLS or, if `implicit`, from the
    first byte.
    """

    def __init__(self, folder: Path, **script: int) -> None:
        self.folder, self.script = folder, Counter(script)
        self.refuse: set[str] = set()
        self.answers: dict[str, str] = {}
        self.hang, self.slow = 2.0, 0.0
        self.tls: ssl.SSLContext | None = None
        self.implicit = False
        self.connections = 0
        #: Called with the number of messages stored, after each and before it is answered.
        self.on_store: Callable[[int], object] = lambda count: None
        #: Every command heard, without its arguments.
        self.verbs: Counter[str] = Counter()
        self.port = 0
        self.lock = threading.Lock()
        folder.mkdir(parents=True, exist_ok=True)
        self.stored = len(list(folder.glob("*.eml")))

    def happens(self, what: str) -> bool:
        """Use up one of what was asked for."""
        with self.lock:
            left = self.script[what]
            if left > 0:
                self.script[what] -= 1
            return left != 0

    def store(self, address: str, content: bytes) -> None:
        with self.lock:
            partial = self.folder / "partial"
            with partial.open("wb") as file:
                file.write(f"{address}\n".encode() + content)
                file.flush()
                os.fsync(file.fileno())
            partial.rename(self.folder / f"{self.stored:06}.eml")
            self.stored += 1
        self.on_store(self.stored)

    @property
    def received(self) -> list[Received]:
        """Everything stored, in order."""
        found = []
        for path in sorted(self.folder.glob("*.eml")):
            address, _, content = path.read_bytes().partition(b"\n")
            found.append(Received(address.decode(), content))
        return found

    def addresses(self) -> list[str]:
        return sorted(each.address for each in self.received)


class Handler(socketserver.StreamRequestHandler):
    """One SMTP conversation."""

    sink: Sink

    def setup(self) -> None:
        if self.sink.tls and self.sink.implicit:
            self.request = self.sink.tls.wrap_socket(self.request, server_side=True)
        super().setup()

    def handle(self) -> None:
        sink = self.sink
        sink.connections += 1
        with contextlib.suppress(OSError):
            if sink.happens("hang_banner"):
                time.sleep(sink.hang)
            if sink.happens("banner421"):
                self.say("421 not now")
            elif sink.happens("banner554"):
                self.say("554 no service for you")
            else:
                self.say("220 sink")
                self.converse()

    def converse(self) -> None:
        address = ""
        while line := self.rfile.readline():
            command = line.strip().decode("utf-8", "replace")
            verb = command[:4].upper()
            self.sink.verbs[verb] += 1
            if verb == "QUIT":
                if not self.sink.happens("drop_before_quit"):
                    self.say("221 bye")
                return
            if verb == "RCPT":
                address = re.sub(r".*<(.*)>.*", r"\1", command)
            if verb == "DATA" and not self.data(address):
                return
            if verb == "STAR":
                self.secure()
            elif verb != "DATA":
                self.say(self.answer(verb, address))

    def answer(self, verb: str, address: str) -> str:
        for name, refusal in REFUSALS.get(verb, {}).items():
            if self.sink.happens(name):
                return refusal
        if verb == "RCPT" and address in self.sink.refuse:
            return "550 5.1.1 no such user"
        if verb == "RCPT" and address in self.sink.answers:
            return self.sink.answers[address]
        if verb == "AUTH":
            return "235 welcome"
        if verb == "EHLO":
            offers_tls = self.sink.tls is not None and not self.sink.implicit
            return "250-sink\r\n" + "250-STARTTLS\r\n" * offers_tls + "250 AUTH PLAIN LOGIN"
        return "250 ok"

    def secure(self) -> None:
        assert self.sink.tls is not None
        self.say("220 go on")
        self.connection = self.sink.tls.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", 0)

    def data(self, address: str) -> bool:
        """Take a message; False when the connection is gone."""
        sink = self.sink
        self.say("354 go on")
        if sink.happens("reset_data"):
            return self.reset()
        content = b""
        while not content.endswith(b"\r\n.\r\n"):
            line = self.rfile.readline()
            if not line:
                return False
            content += line
        said, stored = self.after_dot()
        if stored:
            sink.store(address, re.sub(rb"(?m)^\.\.", b".", content[:-3]))
        if stored and sink.happens("reset_stored"):
            return self.reset()
        if stored and sink.happens("hang_stored"):
            time.sleep(sink.hang)
        return self.say(said) if said else self.reset()

    def after_dot(self) -> tuple[str, bool]:
        """Return what to answer to a message, nothing for a reset, and whether it is stored."""
        if self.sink.happens("reset_lost"):
            return "", False
        for name, answer in AFTER_DOT.items():
            if self.sink.happens(name):
                return answer
        return "250 stored", True

    def reset(self) -> bool:
        self.connection.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        return False

    def say(self, line: str) -> bool:
        if self.sink.slow:
            time.sleep(self.sink.slow)
        self.wfile.write(line.encode() + b"\r\n")
        return True

    def finish(self) -> None:
        with contextlib.suppress(OSError):
            super().finish()
        self.connection.close()


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 50

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away, or does not trust our certificate, is nothing to report."""


def serve(sink: Sink, port: int) -> Server:
    """Return a server bound to `port` (0: a free one) that is not answering yet."""
    server = Server(("127.0.0.1", port), type("Bound", (Handler,), {"sink": sink}))
    sink.port = server.server_address[1]
    return server


@contextlib.contextmanager
def running(sink: Sink, port: int = 0) -> Iterator[int]:
    """Serve `sink` for a while; yields the port."""
    with serve(sink, port) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join(30)


if __name__ == "__main__":
    _script = (pair.partition("=") for pair in sys.argv[3:])
    with serve(
        Sink(Path(sys.argv[1]), **{name: int(count) for name, _, count in _script}),
        int(sys.argv[2]),
    ) as _server:
        _server.serve_forever()
