"""Making up: when a missed session may be made up for, by what, and what that is worth."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from domain.calendar import CITY_ZONE, local_day
from domain.crediting import CreditClaim
from domain.hours import rounded_down
from domain.leave import Leave
from domain.make_up import MakeUp, MakeUpReason
from domain.micro_class import MicroClass
from domain.refusals import Refused
from domain.rulebook import Rulebook
from domain.session import Session
from domain.session_refusals import SessionState
from domain.standing import Standing

MADE_UP = "make_up.rate_percent"


class MakeUpNotDue(Refused):
    """There was no granted leave, or the session was not cancelled, or the learner was there."""

    code = "make_up_not_due"


class MakeUpOtherCourse(Refused):
    """A session is made up for by the same course, by whatever school it is held."""

    code = "make_up_other_course"


class MakeUpTooLate(Refused):
    """A session is made up for within the rulebook's days (`until`; make_up.within_days, LOCAL)."""

    code = "make_up_too_late"


def due_until(
    missed: Session, reason: MakeUpReason, leave: Leave | None, within_days: int, *, attended: bool
) -> date:
    """The last day on which a learner may make up for a session. Raises MakeUpNotDue."""
    granted = leave is not None and leave.is_granted is True
    due = {
        MakeUpReason.LEAVE: granted,
        MakeUpReason.CANCELLED: missed.standing is Standing.CANCELLED,
        MakeUpReason.ACCESSIBILITY: missed.standing is not Standing.CANCELLED,
    }[reason]
    if attended or not due:
        raise MakeUpNotDue(reason=reason.value)
    granted_at = leave.granted_at if leave and reason is MakeUpReason.LEAVE else None
    return last_day(local_day(missed.plan.begins_at, CITY_ZONE), granted_at, within_days)


def last_day(missed_on: date, granted_at: datetime | None, within_days: int) -> date:
    """The days count from the session, and from the grant where leave was granted after it.

    What the school granted late takes no day from the parent (rulebook: make_up.within_days, "after
    granted leave", LOCAL).
    """
    granted_on = local_day(granted_at, CITY_ZONE) if granted_at else missed_on
    return max(missed_on, granted_on) + timedelta(days=within_days)


def by_session(
    missed: Session, reason: MakeUpReason, other: Session, until: date, at: datetime
) -> MakeUp:
    """Make up by another run of the course, to come.

    Raises MakeUpOtherCourse, MakeUpTooLate, SessionState for one that has begun.
    """
    plan, its = missed.plan, other.plan
    same_name = (plan.title, plan.family) == (its.title, its.family)
    if other.id == missed.id or not (plan.course_id == its.course_id or same_name):
        raise MakeUpOtherCourse
    if other.standing is not Standing.SCHEDULED or at >= its.begins_at:
        raise SessionState(stands=other.standing.value)
    if local_day(its.begins_at, CITY_ZONE) > until:
        raise MakeUpTooLate(until=until)
    return _make_up(missed, reason, other.id, until)


def by_micro_class(
    missed: Session, reason: MakeUpReason, other: MicroClass, until: date, at: datetime
) -> MakeUp:
    """Make up by the recording or micro-class of the course.

    Raises MakeUpOtherCourse, MakeUpTooLate.
    """
    plan, its = missed.plan, other.plan
    if plan.course_id != its.course_id and (plan.title, plan.family) != (its.title, its.family):
        raise MakeUpOtherCourse
    if local_day(at, CITY_ZONE) > until:
        raise MakeUpTooLate(until=until)
    return _make_up(missed, reason, other.id, until)


def as_made_up(claim: CreditClaim, make_up: MakeUp | None, rulebook: Rulebook) -> CreditClaim:
    """The claim of what makes up for a session: at the make-up's rate, for the missed course.

    What came too late is an ordinary claim again.
    """
    if make_up is None or claim.day > make_up.until:
        return claim
    worth = claim.hours * rulebook.make_up.rate_percent // 100
    return claim.model_copy(
        update={
            "source_kind": "make_up",
            "course_id": make_up.course_id,
            "course_version": make_up.course_version,
            "hours": rounded_down(worth, rulebook.units.award_step),
            "rule_ref": MADE_UP,
        }
    )


def _make_up(missed: Session, reason: MakeUpReason, by_id: UUID, until: date) -> MakeUp:
    return MakeUp(
        missed_session_id=missed.id,
        by_id=by_id,
        reason=reason,
        course_id=missed.plan.course_id,
        course_version=missed.plan.course_version,
        term=missed.plan.term,
        until=until,
    )
