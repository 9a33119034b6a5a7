"""When the ladder or the law is another from one planning to the next."""

import shutil
from datetime import date, timedelta

import sqlalchemy as sa

from config import settings
from tests.factories import make_residence_permit
from tests.test_pipeline import DAY, make_expert, refresh, remind
from tracker.core.db import db
from tracker.obligations.models import Obligation


def test_edited_ladder_tells_what_is_newly_due_and_nothing_again(office, sink, tmp_path):
    near = make_expert(name_en="NEAR", email="near@example.org")
    far = make_expert(name_en="FAR", email="far@example.org")
    make_residence_permit(near)
    make_residence_permit(far, expires_on=date(2026, 11, 20))
    refresh(near, far)
    remind()
    plan = tmp_path / "plan.yaml"
    stages = "{id: d45, days_before: 45, to: [expert]}, {id: d7, days_before: 7, to: [expert]}"
    plan.write_text(f"filing: {{rules: [RP-EXT], stages: [{stages}]}}")
    before = sink.addresses()

    office.config["REMINDER_PLAN"] = str(plan)
    remind(DAY + timedelta(days=1))

    assert before == ["far@example.org", "near@example.org"]
    assert sink.addresses() == ["far@example.org", "far@example.org", "near@example.org"]


def test_changed_law_is_noticed_by_the_next_planning(office, sink, tmp_path):
    """An upgrade or a lawyer's edit moves every day without a command."""
    person = make_expert()
    make_residence_permit(person)
    refresh(person)
    remind(date(2026, 9, 1))
    config = tmp_path / "config"
    shutil.copytree(settings.ROOT / "config", config)
    law = config / "regulations" / "residence_permit.yaml"
    law.write_text(law.read_text("utf-8").replace("before: 30", "before: 40", 1), "utf-8")

    office.config["RULES_DIR"] = str(config / "regulations")
    office.extensions.pop("rulebook")
    remind(date(2026, 9, 2))

    safe_on = sa.select(Obligation.safe_on).where(Obligation.rule_id == "RP-EXT")
    assert db.session.scalar(safe_on) == date(2026, 9, 21)
