"""When an event of a cabinet happened, whatever its clock says. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

#: A clock may differ from ours by so much without a word.
SLACK = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Between:
    """What is known of the same cabinet's events before and after this one, by its sequence."""

    earliest: datetime
    latest: datetime


def skew(sent_at: datetime, received_at: datetime) -> timedelta:
    """Return how far a cabinet's clock is behind ours (minus: ahead); nothing within the slack."""
    off = received_at - sent_at
    return off if abs(off) > SLACK else timedelta()


def happened_at(device_at: datetime, off: timedelta, between: Between) -> datetime:
    """Return when an event happened: its own time corrected, kept between its neighbours.

    A clock that began at 1970 after a power cut, or was set between two events, must not put a
    taking-out before the putting-in that came first: within a cabinet the sequence decides.
    """
    corrected = device_at + off
    return max(between.earliest, min(corrected, between.latest))
