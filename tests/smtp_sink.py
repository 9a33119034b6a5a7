"""A mail server for tests: stores durably before it says 250, and misbehaves on demand.

A misbehaviour is asked for by name with how often it happens (-1: always): see `Sink.script`.
"""

import contextlib
import email
import email.policy
import os
import re
import socketserver
import struct
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from socket import SO_LINGER, SOL_SOCKET


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

    `script` counts down: banner421, banner554, mail550, rcpt451, rcpt550, data451, data552,
    hang_banner, hang_stored (seconds in `hang`), reset_stored, reset_lost, drop_before_quit,
    auth535. `refuse`: addresses refused with 550.
    """

    def __init__(self, folder: Path, **script: int) -> None:
        self.folder, self.script = folder, Counter(script)
        self.refuse: set[str] = set()
        self.hang = 2.0
        self.connections = 0
        self.port = 0
        self.lock = threading.Lock()
        folder.mkdir(parents=True, exist_ok=True)

    def happens(self, what: str) -> bool:
        """Use up one of what was asked for."""
        with self.lock:
            left = self.script[what]
            if left > 0:
                self.script[what] -= 1
            return left != 0

    def store(self, address: str, content: bytes) -> None:
        with self.lock:
            number = len(list(self.folder.glob("*.eml")))
            partial = self.folder / "partial"
            with partial.open("wb") as file:
                file.write(f"{address}\n".encode() + content)
                file.flush()
                os.fsync(file.fileno())
            partial.rename(self.folder / f"{number:06}.eml")

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
            if verb == "QUIT":
                if not self.sink.happens("drop_before_quit"):
                    self.say("221 bye")
                return
            if verb == "RCPT":
                address = re.sub(r".*<(.*)>.*", r"\1", command)
            if verb == "DATA" and not self.data(address):
                return
            if verb != "DATA":
                self.say(self.answer(verb, address))

    def answer(self, verb: str, address: str) -> str:
        sink = self.sink
        if verb == "EHLO":
            return "250-sink\r\n250 AUTH PLAIN LOGIN"
        if verb == "AUTH":
            return "535 wrong password" if sink.happens("auth535") else "235 welcome"
        if verb == "MAIL" and sink.happens("mail550"):
            return "550 sender not allowed"
        if verb == "RCPT" and (address in sink.refuse or sink.happens("rcpt550")):
            return "550 5.1.1 no such user"
        if verb == "RCPT" and sink.happens("rcpt451"):
            return "451 4.7.1 come back later"
        return "250 ok"

    def data(self, address: str) -> bool:
        """Take a message; False when the connection is gone."""
        sink = self.sink
        self.say("354 go on")
        content = b""
        while not content.endswith(b"\r\n.\r\n"):
            line = self.rfile.readline()
            if not line:
                return False
            content += line
        for name, code in (("data451", "451 later"), ("data552", "552 too large")):
            if sink.happens(name):
                self.say(code)
                return True
        if sink.happens("reset_lost"):
            return self.reset()
        sink.store(address, re.sub(rb"(?m)^\.\.", b".", content[:-3]))
        if sink.happens("reset_stored"):
            return self.reset()
        if sink.happens("hang_stored"):
            time.sleep(sink.hang)
        self.say("250 stored")
        return True

    def reset(self) -> bool:
        self.connection.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        return False

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def finish(self) -> None:
        with contextlib.suppress(OSError):
            super().finish()


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextlib.contextmanager
def running(sink: Sink, port: int = 0) -> Iterator[int]:
    """Serve `sink` for a while; yields the port."""
    handler = type("Bound", (Handler,), {"sink": sink})
    with Server(("127.0.0.1", port), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        sink.port = server.server_address[1]
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()
