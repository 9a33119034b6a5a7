"""The pages behind a personal link: a traveller's own trips. Opening them changes nothing."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import validate_csrf

from tracker import pipeline
from tracker.accounts import audit, throttle
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Invalid, NotFound, TrackerError
from tracker.web import errors, forms, language
from tracker.web.access import public
from tracker.web.answers.asked import partly
from tracker.web.whereabouts.declaring import Form, declare, page_parts, received
from tracker.whereabouts import declaring, links, queries, service
from tracker.whereabouts.models import Trip, TripLink

bp = Blueprint("away", __name__, url_prefix="/away")
LINK = "/<string(maxlength=100):token>"
TRIP = LINK + "/trips/<int(max=2147483647):trip_id>"
#: In a quarter of an hour: links that open nothing, by network; forms sent, by link.
GUESSES, SENT = 30, 20
NO_ACCOUNT = "whoever has a personal link declares their own trips without an account"


@bp.after_request
def keep_to_ourselves(response: Response) -> Response:
    """The address is the key: let nobody else see it, keep it or list it."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get(LINK)
@public(NO_ACCOUNT)
def show(token: str) -> ResponseReturnValue:
    """Show the trips of whoever has the link, those that are not over."""
    link = links.find(token, now=clock.now())
    return _gone() if link is None else _trips(link, token)


@bp.get(LINK + "/new")
@public(NO_ACCOUNT)
def ask(token: str) -> ResponseReturnValue:
    """Ask for a trip."""
    link = links.find(token, now=clock.now())
    return _gone() if link is None else _form(link, token, Form())


@bp.post(LINK + "/new")
@public(NO_ACCOUNT)
def send(token: str) -> ResponseReturnValue:
    """Declare a trip, once; what does not go together with it is told first."""
    link = _used(token)
    if link is None:
        return _gone()
    form = received()
    try:
        _require_own_form()
        trip = declare(link.person, form, by=service.BY_LINK, today=clock.today())
    except TrackerError as error:
        db.session.rollback()
        form.errors = error.messages
        return _form(link, token, form), error.status
    if trip is None:
        return _form(link, token, form), 422
    db.session.commit()
    return redirect(url_for(".show", token=token, said="declared"), 303)


@bp.post(TRIP + "/<any(back, cancel):deed>")
@public(NO_ACCOUNT)
def change(token: str, trip_id: int, deed: str) -> ResponseReturnValue:
    """Confirm the return from an own trip, or call it off."""
    link = _used(token)
    if link is None:
        return _gone()
    forms.refuse_nul()
    now, today = clock.now(), clock.today()
    try:
        _require_own_form()
        trip = _own(service.for_change(trip_id), link)
        if deed == "back":
            day = declaring.checked_return(
                request.form.get("returned_on", ""), trip.leaves_on, today=today
            )
            service.confirm(trip, day, by=service.BY_LINK, at=now)
        else:
            service.cancel(trip, by=service.BY_LINK, at=now)
    except NotFound:
        raise
    except TrackerError as error:
        db.session.rollback()
        return _trips(link, token, wrong=error.lines()), error.status
    audit.record(actor=service.BY_LINK, action=f"trip: {deed}", at=now,
                 subject=f"person:{trip.person_id}", details={"trip": trip.id})  # fmt: skip
    pipeline.refresh([trip.person_id], today=today, now=now)
    db.session.commit()
    return redirect(url_for(".show", token=token, said=deed), 303)


def _own(trip: Trip, link: TripLink) -> Trip:
    if trip.person_id != link.person_id:
        raise NotFound(_("There is no such trip."))
    return trip


def _used(token: str) -> TripLink | None:
    """Return the link of a token; hold up who sends again and again by it. Commits."""
    now = clock.now()
    link = links.find(token, now=now)
    if link is not None:
        subject = throttle.travelling(link.id)
        throttle.refuse_many(subject, most=SENT, now=now)
        throttle.note(subject, now=now)
        link = links.find(token, now=now)
    return link


def _require_own_form() -> None:
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValueError:  # wtforms' ValidationError is one
        raise Invalid(
            _("The page had been open too long. Nothing is lost: send it again.")
        ) from None


def _gone() -> ResponseReturnValue:
    """Answer the same to a link that is ended, too old, or never was."""
    now = clock.now()
    guesser = throttle.guesser(request.remote_addr)
    try:
        throttle.refuse_many(guesser, most=GUESSES, now=now)
    except throttle.Throttled as error:
        return errors.answer(error.status)
    throttle.note(guesser, now=now)
    return render_template("whereabouts/gone.html"), 404


def _trips(link: TripLink, token: str, *, wrong: list[str] | None = None) -> str:
    mine = queries.of_person(link.person_id)
    return render_template(
        "whereabouts/own.html", token=token, who=partly(link.person, language.current()),
        trips=[trip for trip in mine if not trip.over], today=clock.today(), wrong=wrong or [],
        said=forms.asked("said", 10),
    )  # fmt: skip


def _form(link: TripLink, token: str, form: Form) -> str:
    return render_template(
        "whereabouts/own_form.html", token=token, who=partly(link.person, language.current()),
        **page_parts(form),
    )  # fmt: skip
