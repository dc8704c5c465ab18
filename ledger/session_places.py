"""Where a learner was on the day of a session: who has left since, was still there."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from domain.calendar import CITY_ZONE, local_day
from domain.enrolment import Enrolment
from domain.learner import Learner
from domain.session import Session
from domain.session_refusals import GuardianshipEndedByThen


def places_on_the_day(session: Session, learner: Learner) -> tuple[Enrolment, ...]:
    """The learner's places at the school of a session, as they and the ties were on its day."""
    return learner.enrolments_at(*_where_and_when(session))


def invited_on_the_day(session: Session, learner: Learner) -> tuple[UUID, ...]:
    """The children through whom a learner was invited, as staff are told of it.

    Raises NotInvited, GuardianshipEndedByThen.
    """
    places = places_on_the_day(session, learner)
    plan = session.plan
    if not any(plan.invites(place) for place in places):
        parted = learner.parted_at(*_where_and_when(session))
        if any(plan.invites(place) for place in parted):
            raise GuardianshipEndedByThen
    return session.invited(places)


def _where_and_when(session: Session) -> tuple[str, int, date]:
    plan = session.plan
    return plan.school_code, plan.school_year, local_day(plan.begins_at, CITY_ZONE)
