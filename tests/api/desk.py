"""A school at work: its session, its staff signed in one by one, and whoever else might ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from fastapi.testclient import TestClient

from api.access.cookies import CookieKind
from api.app import create_app
from api.bootstrap import Runtime
from domain.attendance import Stay
from domain.correction import AttendanceOrder
from domain.envelope import Role
from domain.rules import ReversalReason
from ledger.exams import PaperResult
from ledger.registry import NewSchool
from projections.projector import Projector
from projections.runner import Runner
from tests.acting import DISTRICT, ENDS, SCHOOL, SET_UP, STARTS, Pilot, envelope
from tests.clock import TestClock

ORIGIN = "http://127.0.0.1:8000"
ELSEWHERE = "4401040003"
MOST_SECONDS = 30.0
CITY, OTHER_DISTRICT = "440100", "440105"

# Everybody who might ask: a role where it is held, or the device of a parent, or nobody.
ASKERS: Mapping[str, tuple[Role, str] | None] = MappingProxyType(
    {
        "nobody": None,
        "parent": (Role.PARENT, ""),
        "host": (Role.HOST, SCHOOL),
        "class_teacher": (Role.CLASS_TEACHER, SCHOOL),
        "coordinator": (Role.COORDINATOR, SCHOOL),
        "head": (Role.HEAD, SCHOOL),
        "host_elsewhere": (Role.HOST, ELSEWHERE),
        "class_teacher_elsewhere": (Role.CLASS_TEACHER, ELSEWHERE),
        "coordinator_elsewhere": (Role.COORDINATOR, ELSEWHERE),
        "head_elsewhere": (Role.HEAD, ELSEWHERE),
        "district_officer": (Role.DISTRICT_OFFICER, DISTRICT),
        "district_officer_elsewhere": (Role.DISTRICT_OFFICER, OTHER_DISTRICT),
        "auditor": (Role.AUDITOR, DISTRICT),
        "auditor_elsewhere": (Role.AUDITOR, OTHER_DISTRICT),
        "city_administrator": (Role.CITY_ADMINISTRATOR, CITY),
        "data_protection_officer": (Role.DATA_PROTECTION_OFFICER, DISTRICT),
        "operator": (Role.OPERATOR, CITY),
    }
)


@dataclass
class Desk:
    """The pilot's school with a running read side, and the browsers of whoever asks."""

    runtime: Runtime
    clock: TestClock
    pilot: Pilot
    house: TestClient
    people: dict[str, UUID] = field(default_factory=dict)
    until: date = date(2027, 8, 31)

    @property
    def app(self) -> Any:
        return self.house.app

    @property
    def session(self) -> str:
        return f"/staff/sessions/{self.pilot.session_id}"

    @property
    def session_api(self) -> str:
        return f"/api/v1/sessions/{self.pilot.session_id}"

    def browser(self, asker: str, learner_id: UUID | None = None) -> TestClient:
        """The browser of an asker. Staff with a learner id are parents at the school as well."""
        client = self.client(Origin=ORIGIN)
        match ASKERS[asker]:
            case None:
                pass
            case (Role.PARENT, _):
                parent = learner_id or self.pilot.learners[0]
                login = self.runtime.logins.begin_device(parent, self.clock.at, confirmed=True)
                client.cookies.set(self.runtime.cookies.name(CookieKind.DEVICE), login.token)
            case (role, organisation):
                person = self.person(asker, role, organisation, learner_id)
                login = self.runtime.logins.begin_staff(person, self.clock.at)
                client.cookies.set(self.runtime.cookies.name(CookieKind.STAFF), login.token)
        return client

    def client(self, **headers: str) -> TestClient:
        """A program of somebody else's, in the house's own event loop."""
        client = TestClient(self.app, base_url=ORIGIN, headers=headers, follow_redirects=False)
        client.portal = self.house.portal
        return client

    def person(self, asker: str, role: Role, organisation: str, learner_id: UUID | None) -> UUID:
        if asker not in self.people:
            registry, staff_id = self.runtime.book.registry, uuid4()
            registry.register_staff(staff_id, envelope(), learner_id)
            position = registry.authorise(
                staff_id, role, organisation, date(2026, 8, 1), self.until, envelope()
            )
            self.catch_up(position)
            self.people[asker] = staff_id
        return self.people[asker]

    def authorised_until(self, day: date) -> None:
        """How long the grants hold of everybody who signs in from now on."""
        self.until = day

    def at_the_door(self) -> None:
        """Ten minutes before the beginning."""
        self.clock.move_to(STARTS - timedelta(minutes=10))

    def open(self) -> None:
        self.at_the_door()
        by = envelope(self.clock.at, Role.HOST)
        self.catch_up(self.runtime.book.sessions.open(self.pilot.session_id, by))

    def tap(self, learner_id: UUID, way: str = "check-in", by: str = "host") -> None:
        form = {"learner_id": str(learner_id), "scan_id": str(uuid4())}
        answer = self.browser(by).post(f"{self.session}/{way}", data=form)
        assert answer.status_code == 303, answer.text
        self.catch_up(self.runtime.book.ledger.position())

    def typed(self, score: int) -> UUID:
        """A paper result of the first learner, waiting for its second person."""
        exams, by = self.runtime.book.exams, envelope(self.clock.at)
        exam_id = exams.publish(SCHOOL, "期末", self.clock.at.date(), by)
        result = PaperResult(self.pilot.learners[0], score)
        assert exams.enter_results(exam_id, [result], envelope(self.clock.at)) == {}
        self.catch_up(self.runtime.book.ledger.position())
        return exam_id

    def checked(self, exam_id: UUID, score: int) -> None:
        result = PaperResult(self.pilot.learners[0], score)
        refused = self.runtime.book.exams.check_results(exam_id, [result], envelope(self.clock.at))
        assert refused == {}
        self.catch_up(self.runtime.book.ledger.position())

    def close(self) -> None:
        self.clock.move_to(ENDS)
        by = envelope(self.clock.at, Role.HOST)
        self.catch_up(self.runtime.book.sessions.close(self.pilot.session_id, by))

    def attested(self) -> None:
        """The whole evening of two learners, to the award of their hours."""
        self.open()
        for learner in self.pilot.learners[:2]:
            self.tap(learner)
        self.close()
        self.tap(self.pilot.learners[0], "check-out")
        self.browser("host").post(f"{self.session}/head-count", data={"present": "2"})
        self.browser("host").post(f"{self.session}/attest-as-host")
        self.browser("coordinator").post(f"{self.session}/attest-as-coordinator")
        book = self.runtime.book
        assert book.awards.run(self.pilot.session_id, self.clock.at, uuid4()) == 2
        self.catch_up(book.ledger.position())

    def put_right(self, minutes: int) -> None:
        """The first learner was there for so long: signed and applied now."""
        order = AttendanceOrder(
            session_id=self.pilot.session_id,
            learner_id=self.pilot.learners[0],
            stay=Stay(begins=STARTS, ends=STARTS + timedelta(minutes=minutes)),
            reason_code=ReversalReason.ENTRY_ERROR,
        )
        corrections, by = self.runtime.book.corrections, envelope(self.clock.at)
        corrections.propose(order, corrections.preview(order, by).sha256, by)
        self.catch_up(self.runtime.book.ledger.position())

    def catch_up(self, position: int) -> None:
        """Wait for the read models longer than a page would: the machine may be busy."""
        assert self.runtime.projector.wait_for(position, timeout=MOST_SECONDS)

    def readings(self, purpose: str) -> int:
        """How often names were shown for a purpose, by the vault's own log."""
        with psycopg.connect(self.runtime.connections.owner) as owner:
            row = owner.execute(
                "SELECT count(*) FROM ledger_vault.access_log WHERE purpose = %s", (purpose,)
            ).fetchone()
        assert row is not None
        return int(row[0])


def two_schools(runtime: Runtime, families: int = 3) -> Pilot:
    """The pilot's school, and another one without a family."""
    pilot = Pilot(runtime.book).set_up(families)
    other = NewSchool(ELSEWHERE, "示例中学", ("junior",), DISTRICT)
    runtime.book.registry.register_school(other, envelope())
    return pilot


@contextmanager
def running(runtime: Runtime) -> Iterator[None]:
    """As a process does it, but for what was done to the template: its read models are there."""
    runner = Runner(runtime.projector)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Projector, "set_up", lambda _: None)
        runner.start()
    try:
        yield
    finally:
        runner.stop()


@contextmanager
def at_work(
    runtime: Runtime,
    clock: TestClock,
    pilot: Pilot,
    at: datetime = SET_UP,
    people: Mapping[str, UUID] = MappingProxyType({}),
) -> Iterator[Desk]:
    with running(runtime), TestClient(create_app(runtime), base_url=ORIGIN) as house:
        clock.move_to(at)
        desk = Desk(runtime, clock, pilot, house, dict(people))
        desk.catch_up(runtime.book.ledger.position())
        yield desk
