"""An evening at the pilot's school: a session that is open, phones of parents, a host at work."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient

from api import arrivals
from api.access.cookies import CookieKind
from api.app import create_app
from api.bootstrap import Runtime
from api.pages.enrolment import NOTICE_VERSION
from domain.envelope import Role
from ledger.plans import Filing
from projections.runner import Runner
from tests.acting import ENDS, SCHOOL, SET_UP, STARTS, Pilot, envelope, planned
from tests.api.parents.hall import serving
from tests.api.pilot_school import PilotSchool
from tests.clock import TestClock

ORIGIN = "http://127.0.0.1:8000"
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


@dataclass
class Evening:
    """The school, its session, and the ways into the building."""

    runtime: Runtime
    clock: TestClock
    pilot: Pilot
    door: TestClient
    later: timedelta = timedelta()

    @property
    def session_id(self) -> UUID:
        return self.pilot.session_id

    @property
    def session_text(self) -> str:
        return arrivals.session_text(self.session_id)

    @property
    def parent(self) -> UUID:
        return self.pilot.learners[0]

    def open_session(self) -> None:
        self.clock.move_to(STARTS - timedelta(minutes=10))
        by = envelope(self.clock.at, Role.HOST)
        self.runtime.settle(self.runtime.book.sessions.open(self.session_id, by))

    def second_session(self, title: str) -> Evening:
        """The same school a week later, its session open."""
        week = timedelta(days=7)
        row = planned(title, row=3, begins_at=STARTS + week, ends_at=ENDS + week)
        [result] = self.runtime.book.plans.file(
            Filing(SCHOOL, 2026, 1), [row], envelope(), dry_run=False
        )
        assert result.id is not None
        self.runtime.book.sessions.open(result.id, envelope(STARTS + week, Role.HOST))
        return replace(self, pilot=replace(self.pilot, session_id=result.id), later=week)

    def phone(self) -> TestClient:
        """A phone with a browser of its own, nobody enrolled on it."""
        phone = TestClient(
            self.door.app, base_url=ORIGIN, headers=SAME_SITE, follow_redirects=False
        )
        phone.portal = self.door.portal  # the intake lives in the door's event loop
        return phone

    def enrolled_phone(self, learner_id: UUID | None = None) -> TestClient:
        phone = self.phone()
        code = self.runtime.enrolment_codes.issue(learner_id or self.parent, self.clock.at)
        answer = phone.post("/enrol", data={"code": code, "consent": NOTICE_VERSION})
        assert answer.status_code == 303
        return phone

    def host_screen(self, role: Role = Role.HOST, school: str = SCHOOL) -> TestClient:
        """The screen of a member of staff who is signed in."""
        staff_id, by = uuid4(), envelope(SET_UP)
        registry = self.runtime.book.registry
        registry.register_staff(staff_id, by)
        registry.authorise(
            staff_id, role, school, date(2026, 8, 1), date(2027, 8, 31), envelope(SET_UP)
        )
        login = self.runtime.logins.begin_staff(staff_id, self.clock.at)
        screen = self.phone()
        screen.cookies.set(self.runtime.cookies.name(CookieKind.STAFF), login.token)
        return screen

    def token(self) -> str:
        session = self.runtime.book.sessions.get(self.session_id)
        return arrivals.codes_ahead(self.runtime, session)[0].code

    def typed_code(self) -> str:
        session = self.runtime.book.sessions.get(self.session_id)
        return arrivals.typed_ahead(self.runtime, session)[0].code

    def code_that_nobody_shows(self) -> str:
        session = self.runtime.book.sessions.get(self.session_id)
        shown = {code.code for code in arrivals.typed_ahead(self.runtime, session)}
        return next(
            c for c in iter(lambda: f"{secrets.randbelow(10**6):06d}", "") if c not in shown
        )

    def scan(self, phone: TestClient) -> None:
        """Point the phone at the screen."""
        answer = phone.get(f"/in/{self.session_text}/{self.token()}")
        assert (answer.status_code, answer.headers["location"]) == (303, "/in")

    def settle(self) -> None:
        """Wait until the read models show all that is recorded."""
        self.runtime.settle(self.runtime.book.ledger.position())

    def attended(self) -> int:
        """How many attendances are recorded."""
        return len(self.runtime.book.sessions.attendance_ids(self.session_id))


@pytest.fixture(scope="session")
def beginning(school: PilotSchool) -> PilotSchool:
    return school


@pytest.fixture
def evening(runtime: Runtime, clock: TestClock, school: PilotSchool) -> Iterator[Evening]:
    pilot = school.pilot(runtime.book)
    app = create_app(runtime)
    with Runner(runtime.projector), TestClient(app, base_url=ORIGIN) as door:
        made = Evening(runtime, clock, pilot, door)
        made.open_session()
        yield made


@pytest.fixture
def closed_hall(
    runtime: Runtime, clock: TestClock, school: PilotSchool
) -> Iterator[tuple[Evening, str]]:
    """The evening, served to real browsers; the session is planned."""
    pilot = school.pilot(runtime.book)
    with Runner(runtime.projector), serving(runtime) as address:
        yield Evening(runtime, clock, pilot, TestClient(create_app(runtime))), address


@pytest.fixture
def hall(closed_hall: tuple[Evening, str]) -> tuple[Evening, str]:
    closed_hall[0].open_session()
    return closed_hall
