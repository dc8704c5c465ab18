"""One evening of an invented institution: who comes, who leaves when, and the two who attest it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from bench.institution import Step, Year
from domain.attendance import Attendance
from domain.envelope import Actor, Channel, Role
from domain.learner import Learner
from domain.plan import Door
from domain.session import Session
from ledger.check_in import CheckIn, admitted
from ledger.sessions import STATEMENT_VERSION

COMES, LATE, LEAVES_EARLY, FORGETS = 0.765, 0.06, 0.04, 0.02
SECOND = timedelta(seconds=1)
EARLIEST, IN_TIME, LATEST = -25 * 60, 14 * 60, 29 * 60  # seconds from the beginning
STAYS_ON, GOES_EARLIER = 4 * 60, 9 * 60  # seconds around the end
CLOSES_AFTER = timedelta(minutes=5)


class Evening:
    def __init__(self, year: Year, session: Session) -> None:
        self.year = year
        self.session = session
        rules = year.rules.attendance
        self.door = Door(
            opens_minutes_before=rules.check_in_opens_minutes_before,
            closes_minutes_after_start=rules.check_in_closes_minutes_after_start,
        )
        self.attendances: list[Attendance] = []
        self.attested_at = session.plan.ends_at + timedelta(minutes=12)

    @property
    def cause(self) -> UUID:
        """The command of the second attestation: what an award run follows from."""
        return self.year.by(
            self.attested_at, Role.COORDINATOR, "attest", self.session.id
        ).command_id

    def held(self) -> Iterator[Step]:
        """From the opening of the doors to the second attestation."""
        session, plan = self.session, self.session.plan
        by = self.year.by(plan.begins_at - timedelta(minutes=28), Role.HOST, "open", session.id)
        session.open(self.door, by)
        yield Step([session])
        self.attendances = [self.come(learner, at) for at, learner in self.arrivals()]
        yield Step(self.attendances)
        yield Step([self.leave(each, at) for at, each in self.departures()])
        yield Step([self.attested()])

    def arrivals(self) -> list[tuple[datetime, Learner]]:
        """Who comes, and when; the first one first."""
        chance, begins_at = self.year.chance, self.session.plan.begins_at
        found: list[tuple[datetime, Learner]] = []
        for learner in self.year.learners:
            if chance.random() < COMES:
                window = (IN_TIME + 1, LATEST) if chance.random() < LATE else (EARLIEST, IN_TIME)
                found.append((begins_at + SECOND * chance.randint(*window), learner))
        return sorted(found, key=lambda each: (each[0], each[1].id))

    def come(self, learner: Learner, at: datetime) -> Attendance:
        """Admitted by the same decision as a phone at the door."""
        wish = CheckIn(
            session_id=self.session.id,
            learner_id=learner.id,
            scan_id=self.year.id_of("scan in", self.session.id, learner.id),
            channel=Channel.ROTATING_QR,
            actor=Actor(
                id=learner.id, role=Role.PARENT, organisation=self.session.plan.school_code
            ),
            at=at,
            now=at,
            code_step=int(at.timestamp()) // self.year.rules.attendance.rotating_code_seconds,
            device_hash=learner.id.hex * 2,
        )
        return admitted(wish, self.session, learner, self.door, makes_up=False)

    def departures(self) -> list[tuple[datetime, Attendance]]:
        """Most leave around the end, some early, and a few forget to check out."""
        chance, plan = self.year.chance, self.session.plan
        found: list[tuple[datetime, Attendance]] = []
        for attendance in self.attendances:
            luck = chance.random()
            if luck < FORGETS:
                continue
            at = plan.ends_at + SECOND * chance.randint(-GOES_EARLIER, STAYS_ON)
            if luck < FORGETS + LEAVES_EARLY:
                at = plan.begins_at + (plan.ends_at - plan.begins_at) * 62 // 100
            found.append((max(at, attendance.checked_in_at), attendance))
        return sorted(found, key=lambda each: (each[0], each[1].id))

    def leave(self, attendance: Attendance, at: datetime) -> Attendance:
        learner_id = attendance.learner_id
        scan_id = self.year.id_of("scan out", self.session.id, learner_id)
        by = self.year.by(at, Role.PARENT, "leave", self.session.id, learner_id)
        actor = by.actor.model_copy(update={"id": learner_id})
        leaving = by.model_copy(
            update={"actor": actor, "channel": Channel.ROTATING_QR, "command_id": scan_id}
        )
        self.session.let_out(at, None)
        attendance.check_out(scan_id, leaving)
        return attendance

    def attested(self) -> Session:
        """Closed and counted by the host, attested by host and coordinator."""
        session, year, recorded = self.session, self.year, len(self.attendances)
        closed_at = session.plan.ends_at + CLOSES_AFTER
        host = year.by(closed_at, Role.HOST, "close", session.id)
        session.close(host)
        counted = host.model_copy(update={"command_id": year.id_of("count", session.id)})
        session.count_heads(recorded, recorded, None, counted)
        first = year.by(closed_at, Role.HOST, "attest", session.id)
        session.attest(Role.HOST, STATEMENT_VERSION, recorded, first)
        second = year.by(self.attested_at, Role.COORDINATOR, "attest", session.id)
        session.attest(Role.COORDINATOR, STATEMENT_VERSION, recorded, second)
        return session
