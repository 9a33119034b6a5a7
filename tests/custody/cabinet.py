"""A simulated cabinet: own queue, own clock, own signing; knows only the description."""

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

#: Sends a body with headers and returns status and answer.
Line = Callable[[bytes, dict[str, str]], tuple[int, Any]]


@dataclass
class Cabinet:
    """A cabinet on the wall. `off`: how far its clock is ahead of the true time."""

    key: str
    secret: str
    line: Line
    off: timedelta = timedelta()
    sequence: int = 0
    queue: list[dict[str, Any]] = field(default_factory=list)

    def note(self, action: str, document: str, at: datetime, **more: Any) -> dict[str, Any]:
        """Notice that a document is put in or taken out; it waits until it is sent."""
        self.sequence += 1
        event = {
            "id": f"{self.key}-{self.sequence}", "sequence": self.sequence, "action": action,
            "document": document, "at": (at + self.off).isoformat(), **more,
        }  # fmt: skip
        self.queue.append(event)
        return event

    def body(self, events: list[dict[str, Any]], now: datetime) -> bytes:
        """Return what is sent of some events."""
        return json.dumps({"sent_at": (now + self.off).isoformat(), "events": events}).encode()

    def signature(self, body: bytes) -> str:
        """Sign a body."""
        return "sha256=" + hmac.new(self.secret.encode(), body, hashlib.sha256).hexdigest()

    def send(self, events: list[dict[str, Any]], now: datetime) -> tuple[int, Any]:
        """Send some events; what was answered about is waiting no more."""
        body = self.body(events, now)
        status, answer = self.deliver(body)
        if status == 200:
            told = {each["id"] for each in answer["results"]}
            self.queue = [each for each in self.queue if each["id"] not in told]
        return status, answer

    def deliver(self, body: bytes, signature: str | None = None) -> tuple[int, Any]:
        """Hand a body over, signed well unless another signature is given."""
        headers = {
            "X-Cabinet-Key": self.key, "X-Cabinet-Signature": signature or self.signature(body),
            "Content-Type": "application/json",
        }  # fmt: skip
        return self.line(body, headers)
