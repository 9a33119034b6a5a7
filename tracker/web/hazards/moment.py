"""A box for day and hour."""

from datetime import datetime
from typing import Any, NoReturn

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, fields

from tracker.core import clock


class Moment(fields.Field[datetime | None]):
    """An hour on campus as a browser's box gives it; an empty box is none."""

    def __init__(self) -> None:
        """Take nothing: the box may stay empty."""
        super().__init__(load_default=None, allow_none=True)

    def _deserialize(self, value: Any, *_rest: Any, **_more: Any) -> datetime | None:
        if value == "":
            return None
        try:
            found = datetime.fromisoformat(str(value)).replace(tzinfo=clock.CAMPUS)
        except ValueError:
            _refuse()
        if not 2000 < found.year < 2200:
            _refuse()
        return found


def _refuse() -> NoReturn:
    raise ValidationError([str(_l("Give day and hour like 2026-11-30T14:30."))])
