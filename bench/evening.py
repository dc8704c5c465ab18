"""One evening of an invented institution: who comes, who leaves when, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from bench.institution import Step, Year
from domain.attendance import Attendance
from domain.envelope import Actor, Channel, Envelope, Role
from ledger.awards import Awards
from ledger.check_in import CheckedIn, CheckIn, decide

LATE, LEAVES_EARLY, FORGETS = 0.06, 0.04, 0.02
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
EARLIEST, IN_TIME, LATEST = -25 * 60, 14 * 60, 29 * 60  # seconds from the beginning
STAYS_ON, GOES_EARLIER = 4 * 60, 9 * 60  # seconds around the end
CODE_SECONDS = 12


class Evening:
    def __init__(self, year: Year, session_id: UUID) -> None:
        self.year = year
        self.sessions = year.sessions
        self.session = year.sessions.get(session_id)
        self.plan = self.session.plan
        self.attested_at = self.plan.ends_at + 12 * MINUTE
        self.attendances: list[Attendance] = []

    def steps(self) -> Iterator[Step]:
        """From the opening of the doors to the last stay that nobody confirmed."""
        session_id = self.session.id
        self.sessions.open(
            session_id, self.by(self.plan.begins_at - 28 * MINUTE, Role.HOST, "open")
        )
        for at, learner_id in self.arrivals():
            self.come(learner_id, at)
        for at, attendance in self.departures():
            self.leave(attendance, at)
        second = self.attest()
        yield self.year.said()
        yield from self.judged(second)

    def by(self, at: datetime, role: Role, what: str) -> Envelope:
        return self.year.by(at, role, what, self.session.id)

    def arrivals(self) -> list[tuple[datetime, UUID]]:
        """Who comes, and when; the first one first."""
        chance, found = self.year.chance, list[tuple[datetime, UUID]]()
        for learner in self.year.learners:
            if chance.random() < self.year.size.comes:
                window = (IN_TIME + 1, LATEST) if chance.random() < LATE else (EARLIEST, IN_TIME)
                found.append((self.plan.begins_at + SECOND * chance.randint(*window), learner.id))
        return sorted(found)

    def come(self, learner_id: UUID, at: datetime) -> None:
        """The decision of every door; which scan meant what is no fact and is not remembered."""
        memory = self.year.memory
        wish = CheckIn(
            session_id=self.session.id,
            learner_id=learner_id,
            scan_id=self.year.id_of("scan in", self.session.id, learner_id),
            channel=Channel.ROTATING_QR,
            actor=self.parent(learner_id),
            at=at,
            now=at,
            code_step=int(at.timestamp()) // CODE_SECONDS,
            device_hash=learner_id.hex * 2,
        )
        door = self.sessions.door_of
        made = decide(wish, memory.load(wish.streams), door, wish.attendance_id)
        assert not isinstance(made, CheckedIn)
        self.attendances.append(made)
        memory.commit(wish.scan_id, lambda: [made])

    def departures(self) -> list[tuple[datetime, Attendance]]:
        """Most leave around the end, some early, and a few forget to check out."""
        chance, plan = self.year.chance, self.plan
        found: list[tuple[datetime, Attendance]] = []
        for attendance in self.attendances:
            luck = chance.random()
            at = plan.ends_at + SECOND * chance.randint(-GOES_EARLIER, STAYS_ON)
            if luck < LEAVES_EARLY:
                at = plan.begins_at + (plan.ends_at - plan.begins_at) * 62 // 100
            if luck < 1 - FORGETS:
                found.append((max(at, attendance.checked_in_at), attendance))
        return sorted(found, key=lambda each: (each[0], each[1].id))

    def leave(self, attendance: Attendance, at: datetime) -> None:
        scan_id = self.year.id_of("scan out", self.session.id, attendance.learner_id)
        leaving = Envelope(
            command_id=scan_id,
            actor=self.parent(attendance.learner_id),
            channel=Channel.ROTATING_QR,
            occurred_at=at,
        )
        self.session.let_out(at, None)
        attendance.check_out(scan_id, leaving)
        self.year.memory.commit(scan_id, lambda: [attendance])

    def parent(self, learner_id: UUID) -> Actor:
        return Actor(id=learner_id, role=Role.PARENT, organisation=self.plan.school_code)

    def attest(self) -> Envelope:
        """Closed and counted by the host, attested by two; returns the second attestation."""
        session_id, closed_at = self.session.id, self.plan.ends_at + 5 * MINUTE
        self.sessions.close(session_id, self.by(closed_at, Role.HOST, "close"))
        present, counted = len(self.attendances), self.by(closed_at, Role.HOST, "count")
        self.sessions.count_heads(session_id, present, None, counted)
        self.sessions.attest(session_id, Role.HOST, self.by(closed_at, Role.HOST, "attest"))
        second = self.by(self.attested_at, Role.COORDINATOR, "attest")
        self.sessions.attest(session_id, Role.COORDINATOR, second)
        return second

    def judged(self, second: Envelope) -> Iterator[Step]:
        """The award run that follows the attestation, and a week later the stays left open."""
        session_id, at, cause = self.session.id, second.at, second.command_id

        def run(awards: Awards) -> int:
            return awards.run(session_id, at, cause)

        run(self.year.awards)
        yield self.year.said(run)
        days = self.sessions.rulebook_of(self.session).attendance.missing_check_out_confirm_days
        later = at + timedelta(days=days, minutes=1)
        for attendance in sorted(self.attendances, key=lambda each: each.id):
            if attendance.checked_out_at is None and not attendance.is_settled:
                yield self.settled(attendance.id, later)

    def settled(self, attendance_id: UUID, at: datetime) -> Step:
        def settle(awards: Awards) -> None:
            awards.award_one(self.session.id, attendance_id, at, attendance_id)

        settle(self.year.awards)
        return self.year.said(settle)
