"""The decision of a check-in, one for every door: phone, typed code, staff, intake."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from domain.attendance import Attendance, ScanIdReused, ahead_of
from domain.calendar import CITY_ZONE, local_day
from domain.envelope import Actor, Channel, Envelope, Role
from domain.identity import attendance_id
from domain.learner import Enrolment, Learner, UnknownLearner
from domain.links import Links
from domain.make_up import MakeUps
from domain.plan import Door
from domain.session import Session
from domain.session_refusals import UnknownSession
from domain.staff import OwnCase, Staff
from domain.waiting_scan import must_take_late


class CheckIn(Struct, frozen=True, dict=True):
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

    @cached_property
    def attendance_id(self) -> UUID:
        return attendance_id(self.session_id, self.learner_id)

    @property
    def by_staff(self) -> bool:
        """A person on duty recorded it; a device at the door decides nothing."""
        is_person = self.actor.role is not Role.MACHINE
        return is_person and self.channel in {Channel.STAFF_SCAN, Channel.STAFF_ENTRY}

    @property
    def streams(self) -> tuple[UUID, ...]:
        """What the decision looks at, beside the make-ups and links of merged records."""
        beside = beside_record(self.learner_id)
        own = (self.session_id, self.learner_id, self.attendance_id, *beside)
        return (*own, self.actor.id) if self.by_staff else own

    @property
    def envelope(self) -> Envelope:
        return Envelope(
            command_id=self.scan_id, actor=self.actor, channel=self.channel, occurred_at=self.at
        )


@dataclass(frozen=True)
class CheckedIn:
    """The answer to a check-in: when, and whether this scan is the one that recorded it.

    Whoever recorded it gets the log's receipt for it.
    """

    checked_in_at: datetime
    position: int | None = None
    receipt: str | None = None


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
    others = merged(loaded.get(wish.learner_id))
    keys = [wish.attendance_id, *(attendance_id(wish.session_id, each) for each in others)]
    if meaning not in keys:
        raise ScanIdReused
    session, learner = both(wish, loaded)
    for attendance in map(loaded.get, keys):  # under whichever record the person came in
        if isinstance(attendance, Attendance):
            return CheckedIn(attendance.answer(wish.scan_id))
    refuse_own_case(wish, learner, loaded.get(wish.actor.id))
    beside = [loaded.get(key) for each in (learner.id, *others) for key in beside_record(each)]
    makes_up = any(isinstance(m, MakeUps) and session.id in m.assigned for m in beside)
    links = [each for each in beside if isinstance(each, Links)]
    return admitted(wish, session, learner, door_of(session), links, makes_up=makes_up)


def admitted(
    wish: CheckIn,
    session: Session,
    learner: Learner,
    door: Door,
    links: Sequence[Links],
    *,
    makes_up: bool,
) -> Attendance:
    """Raises FromTheFuture, SessionNotOpen, CheckInClosed, NotInvited."""
    ahead = ahead_of(wish.at, wish.now)
    let_in(wish, session, door)
    day = local_day(wish.at, CITY_ZONE)
    places = learner.enrolments_at(session.plan.school_code, session.plan.school_year, day)
    is_invited = makes_up or any(session.plan.invites(place) for place in places)
    link_id = None if is_invited else link_to(session, links)
    return Attendance.begin(
        Attendance.CheckedIn,
        wish.attendance_id,
        session_id=wish.session_id,
        learner_id=wish.learner_id,
        school_code=session.plan.school_code,
        child_ids=children_through(session, places, is_unseen=makes_up or link_id is not None),
        scan_id=wish.scan_id,
        code_step=wish.code_step,
        device_hash=wish.device_hash,
        ahead_of_clock=ahead,
        link_id=link_id,
        envelope=wish.envelope,
    )


def let_in(wish: CheckIn, session: Session, door: Door) -> None:
    """Raises SessionNotOpen, CheckInClosed."""
    at = min(wish.at, wish.now)
    if wish.waited:
        must_take_late(session, at, door)
    else:
        session.admit(at, door, by_staff=wish.by_staff)


def children_through(
    session: Session, places: tuple[Enrolment, ...], *, is_unseen: bool
) -> tuple[UUID, ...]:
    """Who makes up, or has a link that waits, comes through no child. Raises NotInvited."""
    if is_unseen and not any(session.plan.invites(place) for place in places):
        return ()
    return session.invited(places)


def link_to(session: Session, links: Sequence[Links]) -> UUID | None:
    """A link that waits, to a class that the session invites."""
    year = session.plan.school_year
    waiting = (each for known in links for each in known.waiting())
    fits = (
        key for key, place in waiting if place.school_year == year and session.plan.invites(place)
    )
    return next(fits, None)


def beside_record(learner_id: UUID) -> tuple[UUID, UUID]:
    """What a record has beside itself that a check-in looks at."""
    return MakeUps.create_id(learner_id), Links.create_id(learner_id)


def beside_merged(wishes: Iterable[CheckIn], loaded: Mapping[UUID, object]) -> set[UUID]:
    """The same of merged records, and where these came in: the record that speaks takes it."""
    return {
        key
        for wish in wishes
        for each in merged(loaded.get(wish.learner_id))
        for key in (attendance_id(wish.session_id, each), *beside_record(each))
    }


def merged(known: object) -> frozenset[UUID]:
    """Every record that a learner speaks for beside their own."""
    return known.merged_ids if isinstance(known, Learner) else frozenset()


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
    if not wish.by_staff or not isinstance(staff, Staff):
        return
    if staff.learner_id in {learner.id, *learner.merged_ids}:
        raise OwnCase


def merged_into(wish: CheckIn, loaded: Mapping[UUID, object]) -> UUID | None:
    """The record that the learner of a wish was merged into, if it was."""
    learner = loaded.get(wish.learner_id)
    return learner.merged_into if isinstance(learner, Learner) else None
