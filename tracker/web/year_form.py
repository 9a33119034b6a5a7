"""The State Council's notice of a year, typed in: a form, and the text of config/ it stands for."""

from datetime import date
from typing import Any

import yaml
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, fields, pre_load, validate, validates_schema

from tracker.core.errors import Invalid
from tracker.rules.holidays import parse_year
from tracker.rules.model import RulesError, YearCalendar
from tracker.web import forms, notice_mistakes

#: The holidays of a year in their order; what a notice does not name is left empty.
HOLIDAYS = {
    "new_year": ("元旦", "New Year"), "spring": ("春节", "Spring Festival"),
    "qingming": ("清明节", "Qingming"), "labour": ("劳动节", "Labour Day"),
    "dragon_boat": ("端午节", "Dragon Boat Festival"),
    "mid_autumn": ("中秋节", "Mid-Autumn Festival"), "national": ("国庆节", "National Day"),
}  # fmt: skip
FIRST, LAST = 2020, 2100
_NO_DAY = {"invalid": _l("Write a day like 2027-01-31.")}


def _boxes() -> dict[str, fields.Field[Any]]:
    return {
        f"{name}_{end}": fields.Date(load_default=None, error_messages=_NO_DAY)
        for name in HOLIDAYS
        for end in ("from", "to")
    }


class _Notice(forms.Form):
    """What the form for a year asks."""

    year = fields.Integer(
        required=True, validate=validate.Range(FIRST, LAST, error=_l("Write a year like 2027.")),
        error_messages={"invalid": _l("Write a year like 2027.")},
    )  # fmt: skip
    article = forms.text(60)
    issued_on = fields.Date(required=True, error_messages=_NO_DAY)
    working = fields.String(load_default="")

    @pre_load
    def leave_out_empty(self, data: dict[str, str], **_kwargs: Any) -> dict[str, str]:
        """A box left empty says nothing."""
        return {name: value.strip() for name, value in data.items() if value.strip()}

    @validates_schema
    def in_order(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Each holiday has both days, the first not after the last."""
        for name in HOLIDAYS:
            first, last = data.get(f"{name}_from"), data.get(f"{name}_to")
            if (first is None) != (last is None):
                raise ValidationError(str(_("Give both days.")), field_name=f"{name}_to")
            if first and last and last < first:
                raise ValidationError(
                    str(_("The last day lies before the first.")), field_name=f"{name}_to"
                )


Notice = type("Notice", (_Notice,), _boxes())


def typed(today: date) -> str:
    """Return the text of the notice in the form that was sent; Invalid names each wrong box."""
    data = forms.typed(Notice())
    off = [
        {"name": {"zh": zh, "en": en}, "from": data[f"{name}_from"], "to": data[f"{name}_to"]}
        for name, (zh, en) in HOLIDAYS.items()
        if data[f"{name}_from"]
    ]
    if not off:
        raise Invalid(new_year_from=_("Give the days off of the notice."))
    content = {
        "year": data["year"],
        "source": {
            "law": f"国务院办公厅关于{data['year']}年部分节假日安排的通知",
            "article": data["article"], "issued_on": data["issued_on"], "checked_on": today,
        },
        "off": off, "working": _days(data["working"]),
    }  # fmt: skip
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False)


def read(content: str, *, file: str) -> YearCalendar:
    """Return the year a text stands for; Invalid tells the place of the first mistake."""
    try:
        return parse_year(content, file=file)
    except RulesError as error:
        raise Invalid(notice_mistakes.told(error)) from None


def _days(text: str) -> list[date]:
    days = []
    for word in text.replace("，", " ").replace("、", " ").replace(",", " ").split():
        try:
            day = date.fromisoformat(word)
        except ValueError:
            raise Invalid(
                working=_("%(word)s is no day. Write days like 2027-01-31, with commas between.",
                          word=word)
            ) from None  # fmt: skip
        if day.weekday() < 5:
            raise Invalid(
                working=_("%(word)s is no Saturday or Sunday. Correct the day.", word=word)
            )
        days.append(day)
    return sorted(set(days))
