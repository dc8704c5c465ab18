"""Where a learner was on the day of a session: who has left since, was still there."""

from __future__ import annotations

from domain.calendar import CITY_ZONE, local_day
from domain.enrolment import Enrolment
from domain.learner import Learner
from domain.session import Session


def places_on_the_day(session: Session, learner: Learner) -> tuple[Enrolment, ...]:
    """The learner's places at the school of a session, as they were on its day."""
    plan = session.plan
    day = local_day(plan.begins_at, CITY_ZONE)
    return learner.enrolments_at(plan.school_code, plan.school_year, day)
