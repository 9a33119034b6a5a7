"""Exemptions, and the consent of people who give or withdraw it on paper."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from marshmallow import fields, validate

from tracker.core import clock
from tracker.core.errors import Invalid
from tracker.core.i18n import gettext as _
from tracker.health import consents, results, schedules
from tracker.web import forms
from tracker.web.access import OFFICE, roles
from tracker.web.health_checks import personal
from tracker.web.health_checks.person import PAGE, optional_text
from tracker.web.health_checks.within import actor, for_the_desk, note

bp = Blueprint("health_apart", __name__)


class ExemptionForm(forms.Form):
    """From when until when, by which schedule, and why."""

    schedule = optional_text(9)
    ground = optional_text(200)
    from_on = forms.OptionalDay()
    until_on = forms.OptionalDay()


class PaperForm(forms.Form):
    """A consent signed on paper."""

    version = optional_text(20)
    language = fields.String(required=True, validate=validate.OneOf(("zh", "en")))
    given_on = forms.OptionalDay()


class Nothing(forms.Form):
    """A press of a button."""


class ExemptionEnd(forms.Form):
    """Which exemption is taken away."""

    exemption = fields.Integer(required=True, validate=validate.Range(0, 2**31 - 1))


@bp.post(PAGE + "/exemptions")
@roles(*OFFICE)
@for_the_desk
def exempt(person_id: int) -> ResponseReturnValue:
    """Ask a person for nothing for a while."""

    def work() -> str:
        typed = forms.typed(ExemptionForm())
        first, last = typed["from_on"], typed["until_on"]
        if first is None or last is None:
            name = "from_on" if first is None else "until_on"
            raise Invalid(**{name: _("Give the day like 2026-11-30.")})
        number = typed["schedule"]
        schedule = schedules.get(int(number)) if number.isdecimal() else None
        results.exempt(person_id, schedule=schedule, ground=typed["ground"], from_on=first,
                       until_on=last, by=actor(), at=clock.now())  # fmt: skip
        note("health exemption made", f"person:{person_id}")
        return _("Until then nothing is asked.")

    return personal.do(person_id, work)


@bp.post(PAGE + "/exemptions/end")
@roles(*OFFICE)
@for_the_desk
def end_exemption(person_id: int) -> ResponseReturnValue:
    """Take an exemption away."""

    def work() -> str:
        results.end_exemption(forms.typed(ExemptionEnd())["exemption"], person_id)
        note("health exemption ended", f"person:{person_id}")
        return _("The exemption is taken away.")

    return personal.do(person_id, work)


@bp.post(PAGE + "/consent")
@roles(*OFFICE)
@for_the_desk
def consent_on_paper(person_id: int) -> ResponseReturnValue:
    """Record a consent that was signed on paper."""

    def work() -> str:
        typed = forms.typed(PaperForm())
        if typed["given_on"] is None:
            raise Invalid(given_on=_("Give the day like 2026-11-30."))
        consents.give(person_id, version=typed["version"], language=typed["language"],
                      way="paper", on=typed["given_on"], by=actor(), at=clock.now())  # fmt: skip
        note("health consent recorded", f"person:{person_id}", version=typed["version"])
        return _("The consent is recorded.")

    return personal.do(person_id, work)


@bp.post(PAGE + "/consent/withdraw")
@roles(*OFFICE)
@for_the_desk
def withdraw(person_id: int) -> ResponseReturnValue:
    """Record that the person took the consent back."""

    def work() -> str:
        forms.typed(Nothing())
        consents.withdraw(person_id, on=clock.today(), by=actor())
        note("health consent withdrawn", f"person:{person_id}")
        return _("The consent is withdrawn: results are hidden from now on and will be deleted.")

    return personal.do(person_id, work)
