"""Read what devices send: an operation is refused for what it is, never for what it says. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

#: Of one operation as JSON text, and of one sending.
LARGEST, MOST = 256 * 1024, 100
#: Seconds by which a clock may be off before its times are set right.
CLOCK_SLACK = 120
#: A hazard entered by itself.
ALONE = "hazard.report"
_LAST = 2**53


@dataclass(frozen=True, slots=True)
class Told:
    """One operation as it was sent; `device_at` by the device's clock."""

    id: str
    device: str
    seq: int
    type: str
    data: dict[str, Any]
    device_at: datetime
    by: int

    @property
    def inspection(self) -> str | None:
        """The inspection it belongs to; None for a hazard by itself, or if none is named."""
        if self.type == ALONE:
            return None
        return uuid_of(self.data.get("inspection"))


class Refused(Exception):
    """What was sent is no operation; says why."""


class _Envelope(Schema):
    class Meta:
        unknown = EXCLUDE

    id = fields.UUID(required=True)
    device = fields.UUID(required=True)
    seq = fields.Integer(required=True, strict=True, validate=validate.Range(0, _LAST))
    at = fields.AwareDateTime(required=True, default_timezone=UTC)
    by = fields.Integer(required=True, strict=True)
    type = fields.String(required=True, validate=validate.Length(1, 40))
    data = fields.Dict(required=True, keys=fields.String())


_ENVELOPE = _Envelope()


def read(raw: Any) -> Told:
    """Return an operation; Refused says what is wrong with its shape."""
    try:
        sent = _ENVELOPE.load(raw)
    except ValidationError as error:
        raise Refused(json.dumps(error.messages, ensure_ascii=False, default=str)) from None
    data = _clean(sent["data"])
    if len(json.dumps(data)) > LARGEST:
        raise Refused("too_large")
    try:
        device_at = sent["at"].astimezone(UTC)
    except OverflowError:
        raise Refused("at: no such time") from None
    return Told(
        str(sent["id"]), str(sent["device"]), sent["seq"], _clean(sent["type"]), data, device_at,
        sent["by"],
    )  # fmt: skip


def corrected(device_at: datetime, skew: int | None, received_at: datetime) -> datetime:
    """Return when it was entered, as far as we know: never after it was received.

    `skew`: seconds the device's clock was behind ours when it sent this.
    """
    if skew is None or abs(skew) <= CLOCK_SLACK:
        return min(device_at, received_at)
    try:
        return min(device_at + timedelta(seconds=skew), received_at)
    except OverflowError:
        return received_at


def skew_of(device_now: str | None, now: datetime) -> int | None:
    """Return how many seconds a device's clock is behind ours; None if it did not say."""
    try:
        return round((now - instant(device_now or "")).total_seconds())
    except ValueError:
        return None


def instant(said: str) -> datetime:
    """Return an ISO instant, without a zone one of UTC; ValueError if it is none."""
    read = datetime.fromisoformat(said)
    try:
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        raise ValueError(said) from None


def uuid_of(value: Any) -> str | None:
    """Return a UUID in its usual spelling; None for anything else."""
    if not isinstance(value, str):
        return None
    try:
        return str(UUID(value))
    except ValueError:
        return None


def _clean(value: Any) -> Any:
    """Return JSON without characters that a database keeps no text with."""
    if isinstance(value, str):
        whole = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return whole.replace("\0", "")
    if isinstance(value, Mapping):
        return {_clean(str(key)): _clean(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_clean(inner) for inner in value]
    if isinstance(value, float) and value != value:
        return None
    return value
