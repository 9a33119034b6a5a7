"""The certificate of the entry examination: how long it is good, and for which filing it is not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from tracker.core.db import db
from tracker.obligations.models import Conflict, Obligation

#: The rules of its six months, and the conflicts with a day of filing (config/regulations).
GOOD = ("HC-AGE", "RP-HEALTH")
TOO_OLD = ("HEALTH-CERTIFICATE-TOO-OLD", "CERTIFICATE-RAN-OUT")


@dataclass(frozen=True, slots=True)
class Certificate:
    """Until when a person's certificate is good; `filing_on`: a filing it will be too old for."""

    good_until: date | None
    filing_on: date | None


def of(person_ids: Sequence[int]) -> Mapping[int, Certificate]:
    """Return the certificates of these persons as the rules count them."""
    good = db.session.execute(
        sa.select(Obligation.person_id, sa.func.max(Obligation.statutory_on))
        .where(
            Obligation.person_id.in_(person_ids), Obligation.rule_id.in_(GOOD),
            Obligation.state != "ended",
        )
        .group_by(Obligation.person_id)
    )  # fmt: skip
    old = db.session.execute(
        sa.select(Conflict.person_id, sa.func.min(Conflict.second_on))
        .where(
            Conflict.person_id.in_(person_ids), Conflict.rule_id.in_(TOO_OLD),
            Conflict.first_ref.startswith("health_certificate/"),
        )
        .group_by(Conflict.person_id)
    )  # fmt: skip
    until = {person_id: day for person_id, day in good if person_id is not None}
    filing = {person_id: day for person_id, day in old}  # noqa: C416 - rows are not pairs to mypy
    return {each: Certificate(until.get(each), filing.get(each)) for each in {*until, *filing}}
