"""An irregularity behind the doors: it concerns the parent who knocks."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from domain.irregularity import Irregularity
from domain.irregularity_look import Flag, Rule
from tests.acting import SCHOOL, Pilot


def irregularity_things(pilot: Pilot, at: datetime) -> dict[str, str]:
    sessions = (pilot.session_id,)
    flag = Flag(
        Rule.SHARED_DEVICE, SCHOOL, "2026-1", sessions, 60, {"persons": 5, "families": 4},
        learner_ids=(pilot.learners[0],), cause="phone",
    )  # fmt: skip
    pilot.book.irregularities.flag([flag], at, uuid4())
    key = Irregularity.create_id(flag.rule, sessions, flag.cause)
    return {"irregularity_id": str(key)}
