"""A return confirmed, or put off, by the link of a letter: it counts at once."""

from datetime import date, datetime

from tracker import pipeline
from tracker.answers import service as answers
from tracker.answers.models import Answer
from tracker.core.errors import Invalid
from tracker.core.i18n import gettext as _
from tracker.obligations.models import Obligation
from tracker.web.whereabouts import heeded
from tracker.whereabouts import service
from tracker.whereabouts.clashes import Journey
from tracker.whereabouts.register import PREFIX


def take(duty: Obligation, answer: Answer, kind: str, *, today: date, now: datetime) -> None:
    """Do what a traveller said about the trip that a duty is about. Flushes only."""
    trip = service.for_change(int(duty.fact_ref.removeprefix(PREFIX)))
    day = date.fromisoformat(next(iter(answer.said.values())))
    if kind == "back":
        if day < trip.leaves_on:
            raise Invalid(returned_on=_("This is before the day of leaving."))
        service.confirm(trip, day, by=answers.BY, at=now)
    else:
        journey = Journey(trip.scope, trip.leaves_on, day)
        service.extend(trip, day, heeded.of(trip.person_id, journey, today=today), today=today)
    answers.decide(answer, "taken", by=answers.BY, at=now)
    pipeline.refresh([trip.person_id], today=today, now=now)
