"""An invented school, large enough to be measured: no files, no names, only its facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from domain.aggregate import LedgerAggregate
from domain.attendance import Attendance
from domain.calendar import CITY_ZONE, Term, local_day, school_year_of
from domain.envelope import Actor, Channel, Envelope, Role
from domain.identity import derived, timed_id
from domain.learner import Enrolment, Learner
from domain.plan import SessionPlan
from ledger.book import Book
from ledger.check_in import CheckIn
from ledger.registry import NewSchool
from ledger.rulebooks import default_rulebook

SCHOOL, DISTRICT, GRADE = "4401040001", "440104", "三年级"
CLASSES = tuple(f"{number}班" for number in range(1, 36))
HOST, COORDINATOR = UUID(int=1), UUID(int=2)
LENGTH = timedelta(minutes=80)
LEARNERS_AT_ONCE = 300


def envelope(
    at: datetime,
    role: Role = Role.COORDINATOR,
    actor_id: UUID = COORDINATOR,
    channel: Channel = Channel.ONLINE,
) -> Envelope:
    actor = Actor(id=actor_id, role=role, organisation=SCHOOL)
    return Envelope(command_id=uuid4(), actor=actor, channel=channel, occurred_at=at)


class World:
    """One school around a moment: its rules, its term, its learners, and sessions on request."""

    def __init__(self, book: Book, at: datetime, learners: int) -> None:
        self.book = book
        self.at = at
        self.today = local_day(at, CITY_ZONE)
        self.school_year = school_year_of(self.today)
        self.learners: list[UUID] = []
        self._set_up()
        self._enrol(learners)

    def open_session(self, begins_at: datetime, number: int) -> UUID:
        """A session whose door is open from a quarter of an hour before it begins."""
        session_id = timed_id(begins_at, SCHOOL, number)
        sessions = self.book.sessions
        early = begins_at - timedelta(minutes=15)
        plan = self._plan(begins_at, number)
        sessions.schedule(session_id, plan, envelope(early - timedelta(days=1)), confirmed=True)
        sessions.open(session_id, envelope(early, Role.HOST, HOST))
        return session_id

    def held_session(self, days_ago: int, learners: Sequence[UUID]) -> UUID:
        """A session that all of them came to and left at its end; the host attested it."""
        begins_at = self.at - timedelta(days=days_ago)
        session_id = self.open_session(begins_at, days_ago)
        record(self.book, self.attendances(session_id, begins_at, learners))
        ends, sessions = begins_at + LENGTH, self.book.sessions
        sessions.close(session_id, envelope(ends, Role.HOST, HOST))
        sessions.count_heads(session_id, len(learners), None, envelope(ends, Role.HOST, HOST))
        sessions.attest(session_id, Role.HOST, envelope(ends, Role.HOST, HOST))
        return session_id

    def attest(self, session_id: UUID) -> int:
        """The second attestation, after which hours are awarded."""
        return self.book.sessions.attest(session_id, Role.COORDINATOR, envelope(self.at))

    def attendances(
        self, session_id: UUID, begins_at: datetime, learners: Iterable[UUID]
    ) -> Iterator[Attendance]:
        """Attendances from the beginning to the end, not recorded yet."""
        for learner_id in learners:
            attendance = attendance_of(wish(session_id, learner_id, begins_at))
            leaves = envelope(begins_at + LENGTH, Role.PARENT, learner_id, Channel.ROTATING_QR)
            attendance.check_out(uuid4(), leaves)
            yield attendance

    def _set_up(self) -> None:
        book, before = self.book, self.at - timedelta(days=200)
        first_day = local_day(before, CITY_ZONE)
        rules = default_rulebook().model_copy(update={"effective_from": first_day})
        book.rulebooks.publish_at_set_up(rules, envelope(before))
        book.registry.open_term(self._term(first_day), envelope(before))
        school = NewSchool(SCHOOL, "示例小学", ("primary",), DISTRICT, established_on=first_day)
        book.registry.register_school(school, envelope(before))
        classes = [(GRADE, name) for name in CLASSES]
        book.registry.open_classes(SCHOOL, self.school_year, classes, envelope(before))

    def _term(self, begins: date) -> Term:
        ends = self.today + timedelta(days=100)
        return Term(school_year=self.school_year, term_no=1, begins=begins, ends=ends)

    def _enrol(self, count: int) -> None:
        by = envelope(self.at - timedelta(days=190))
        self.learners = [derived("bench learner", number) for number in range(count)]
        for start in range(0, count, LEARNERS_AT_ONCE):
            part = self.learners[start : start + LEARNERS_AT_ONCE]
            record(self.book, (enrolled(each, self.school_year, by) for each in part))

    def _plan(self, begins_at: datetime, number: int) -> SessionPlan:
        return SessionPlan(
            school_code=SCHOOL, district_code=DISTRICT, school_year=self.school_year, term_no=1,
            course_id=derived("bench course", number), title="读懂孩子的情绪",
            family="mental_health", stage="primary", mode="on_site", carrier="in_school",
            class_hours=200, class_hour_minutes=40, begins_at=begins_at,
            ends_at=begins_at + LENGTH, place="报告厅",
        )  # fmt: skip


def enrolled(learner_id: UUID, school_year: int, by: Envelope) -> Learner:
    """A parent of one child in grade three."""
    learner = Learner(id=learner_id, name_commitment="0" * 64, envelope=by)
    learner.link_child(child_of(learner_id), "51", True, "roster", by)
    place = Enrolment(
        child_id=child_of(learner_id), school_code=SCHOOL, stage="primary", grade=GRADE,
        class_group=CLASSES[learner_id.int % len(CLASSES)], school_year=school_year,
    )  # fmt: skip
    learner.enrol(place, by)
    return learner


def child_of(learner_id: UUID) -> UUID:
    return derived("bench child", learner_id)


def wish(session_id: UUID, learner_id: UUID, at: datetime) -> CheckIn:
    """A phone's check-in at a moment."""
    return CheckIn(
        session_id=session_id, learner_id=learner_id, scan_id=uuid4(),
        channel=Channel.ROTATING_QR, actor=Actor(id=learner_id, role=Role.PARENT), at=at, now=at,
        code_step=1, device_hash=learner_id.hex * 2,
    )  # fmt: skip


def attendance_of(asked: CheckIn) -> Attendance:
    """What a check-in that nobody judged would record: for yardsticks that only save."""
    return Attendance(
        session_id=asked.session_id, learner_id=asked.learner_id, school_code=SCHOOL,
        child_ids=(child_of(asked.learner_id),), scan_id=asked.scan_id,
        code_step=asked.code_step, device_hash=asked.device_hash, envelope=asked.envelope,
    )  # fmt: skip


def record(book: Book, aggregates: Iterable[LedgerAggregate]) -> int:
    """Record through the batch door, each aggregate a unit; return how many events."""
    mapper = book.ledger.events_mapper
    units = [[mapper.to_stored_event(e) for e in each.collect_events()] for each in aggregates]
    book.ledger.store.insert_units(units)
    return sum(len(unit) for unit in units)
