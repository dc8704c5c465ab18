"""An irregularity behind the doors, which concerns the parent who knocks; and a sample."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from domain.audit_sample import Drawable, SeedSource
from domain.envelope import Role
from domain.irregularity import Irregularity
from domain.irregularity_look import Flag, Rule
from tests.acting import DISTRICT, SCHOOL, Pilot, envelope


def irregularity_things(pilot: Pilot, at: datetime) -> dict[str, str]:
    sessions = (pilot.session_id,)
    flag = Flag(
        Rule.SHARED_DEVICE, SCHOOL, "2026-1", sessions, 60, {"persons": 5, "families": 4},
        learner_ids=(pilot.learners[0],), cause="phone",
    )  # fmt: skip
    pilot.book.irregularities.flag([flag], at, uuid4())
    key = Irregularity.create_id(flag.rule, sessions, flag.cause)
    return {"irregularity_id": str(key)}


def sample_things(pilot: Pilot, at: datetime) -> dict[str, str]:
    """A sample that was announced before, and drawn: the one session of the evening."""
    day = at.date() - timedelta(days=1)
    drawable = Drawable(
        organisation=DISTRICT, begins=day, ends=day, upto=pilot.book.ledger.position(), size=1,
        seed_source=SeedSource.PAILIE5, seed_day=day + timedelta(days=1),
    )  # fmt: skip
    samples, sessions = pilot.book.audit_samples, [pilot.session_id]
    before, after = at - timedelta(days=1), at + timedelta(days=1)
    by = envelope(before, Role.AUDITOR)
    sample_id = samples.announce(drawable, sessions, by)
    samples.draw(sample_id, "48213", sessions, envelope(after, Role.AUDITOR))
    return {"sample_id": str(sample_id)}
