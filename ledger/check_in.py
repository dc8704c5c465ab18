"""The decision of a check-in, one for every door: phone, typed code, staff, intake."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from domain.attendance import Attendance, ScanIdReused, ahead_of
from domain.calendar import CITY_ZONE, local_day
from domain.envelope import Actor, Channel, Envelope
from domain.identity import attendance_id
from domain.learner import Enrolment, Learner, UnknownLearner
from domain.make_up import MakeUps
from domain.plan import Door
from domain.session import Session
from domain.session_refusals import UnknownSession
from domain.staff import OwnCase, Staff
from domain.waiting_scan import must_take_late


@dataclass(frozen=True)
class CheckIn:
    """One wish to check in. `at` is when the code was scanned, `now` when we heard of it.

    `waited`: staff decided that a scan counts which came too late for the door.
    """

    session_id: UUID
    learner_id: UUID
    scan_id: UUID
    channel: Channel
    actor: Actor
    at: datetime
    now: datetime
    code_step: int | None = None
    device_hash: str | None = None
    waited: bool = False

    def of(self, learner_id: UUID) -> CheckIn:
        """The same wish under the record that speaks for the person now."""
        return replace(self, learner_id=learner_id)

    @property
    def attendance_id(self) -> UUID:
        return attendance_id(self.session_id, self.learner_id)

    @property
    def by_staff(self) -> bool:
        return self.channel in {Channel.STAFF_SCAN, Channel.STAFF_ENTRY}

    @property
    def streams(self) -> tuple[UUID, ...]:
        """What the decision looks at, beside the make-ups of merged records."""
        make_ups = MakeUps.create_id(self.learner_id)
        own = (self.session_id, self.learner_id, self.attendance_id, make_ups)
        return (*own, self.actor.id) if self.by_staff else own

    @property
    def envelope(self) -> Envelope:
        return Envelope(
            command_id=self.scan_id, actor=self.actor, channel=self.channel, occurred_at=self.at
        )


@dataclass(frozen=True)
class CheckedIn:
    """The answer to a check-in: when, and whether this scan is the one that recorded it."""

    checked_in_at: datetime
    position: int | None = None


def decide(
    wish: CheckIn,
    loaded: Mapping[UUID, object],
    door_of: Callable[[Session], Door],
    meaning: UUID,
) -> Attendance | CheckedIn:
    """Admit a learner, or give the first answer again.

    Raises UnknownSession, UnknownLearner, ScanIdReused, AlreadyCheckedIn, FromTheFuture,
    OwnCase, SessionNotOpen, CheckInClosed, NotInvited.
    """
    if meaning != wish.attendance_id:
        raise ScanIdReused
    session, learner = both(wish, loaded)
    attendance = loaded.get(wish.attendance_id)
    if isinstance(attendance, Attendance):
        return CheckedIn(attendance.answer(wish.scan_id))
    refuse_own_case(wish, learner, loaded.get(wish.actor.id))
    records = (learner.id, *learner.merged_ids)
    make_ups = [loaded.get(MakeUps.create_id(each)) for each in records]
    makes_up = any(isinstance(m, MakeUps) and session.id in m.assigned for m in make_ups)
    return admitted(wish, session, learner, door_of(session), makes_up=makes_up)


def admitted(
    wish: CheckIn, session: Session, learner: Learner, door: Door, *, makes_up: bool
) -> Attendance:
    """Raises FromTheFuture, SessionNotOpen, CheckInClosed, NotInvited."""
    ahead = ahead_of(wish.at, wish.now)
    at = min(wish.at, wish.now)
    if wish.waited:
        must_take_late(session, at, door)
    else:
        session.admit(at, door, by_staff=wish.by_staff)
    day = local_day(wish.at, CITY_ZONE)
    places = learner.enrolments_at(session.plan.school_code, session.plan.school_year, day)
    return Attendance(
        session_id=wish.session_id,
        learner_id=wish.learner_id,
        school_code=session.plan.school_code,
        child_ids=children_through(session, places, makes_up=makes_up),
        scan_id=wish.scan_id,
        code_step=wish.code_step,
        device_hash=wish.device_hash,
        ahead_of_clock=ahead,
        envelope=wish.envelope,
    )


def children_through(
    session: Session, places: tuple[Enrolment, ...], *, makes_up: bool
) -> tuple[UUID, ...]:
    """Who makes up here may come through no child of theirs. Raises NotInvited."""
    if makes_up and not any(session.plan.invites(place) for place in places):
        return ()
    return session.invited(places)


def merged_make_ups(loaded: Mapping[UUID, object]) -> set[UUID]:
    """Where the make-ups of merged records are: the record that speaks takes them."""
    learners = (each for each in loaded.values() if isinstance(each, Learner))
    return {MakeUps.create_id(each) for learner in learners for each in learner.merged_ids}


def both(wish: CheckIn, loaded: Mapping[UUID, object]) -> tuple[Session, Learner]:
    """The session and the learner of a wish. Raises UnknownSession, UnknownLearner."""
    session, learner = loaded.get(wish.session_id), loaded.get(wish.learner_id)
    if not isinstance(session, Session):
        raise UnknownSession(id=wish.session_id)
    if not isinstance(learner, Learner):
        raise UnknownLearner(id=wish.learner_id)
    return session, learner


def refuse_own_case(wish: CheckIn, learner: Learner, staff: object) -> None:
    """Staff who are parents here are recorded by a colleague. Raises OwnCase."""
    own = staff.learner_id if wish.by_staff and isinstance(staff, Staff) else None
    if own in {learner.id, *learner.merged_ids}:
        raise OwnCase


def merged_into(wish: CheckIn, loaded: Mapping[UUID, object]) -> UUID | None:
    """The record that the learner of a wish was merged into, if it was."""
    learner = loaded.get(wish.learner_id)
    return learner.merged_into if isinstance(learner, Learner) else None
