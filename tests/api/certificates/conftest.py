"""A school with certificates due, its key, and browsers of everybody who has to do with them."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from api.access.cookies import CookieKind
from api.app import create_app
from api.bootstrap import Runtime
from api.certificate_documents import check_code_of
from api.signing import create_key
from domain.envelope import Role
from ledger.registry import NewSchool
from projections.certificate_register import RegisteredCertificate
from projections.runner import Runner
from tests.acting import DISTRICT, SCHOOL, STARTS, Pilot, envelope
from tests.api.pilot_school import PilotSchool, pilot_school
from tests.clock import TestClock
from tests.projections.term import Term

OTHER_SCHOOL = "4401040003"
ORIGIN = "http://127.0.0.1:8000"
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}
ISSUING = datetime(2027, 1, 20, 2, 0, tzinfo=UTC)
PAGE = f"/staff/schools/{SCHOOL}/certificates"


@dataclass
class Office:
    """The school, and the ways in."""

    runtime: Runtime
    clock: TestClock
    pilot: Pilot
    term: Term
    door: TestClient
    staff: dict[str, UUID] = field(default_factory=dict)

    def browser(self) -> TestClient:
        made = TestClient(self.door.app, base_url=ORIGIN, headers=SAME_SITE, follow_redirects=False)
        made.portal = self.door.portal
        made.event_hooks = {"response": [lambda _: self.settle()]}
        return made

    def settle(self) -> None:
        """Wait for the read models longer than a page does: the machine may be busy."""
        position = self.runtime.book.ledger.position()
        assert self.runtime.projector.wait_for(position, timeout=30)

    def person(self, *roles: tuple[Role, str], learner_id: UUID | None = None) -> UUID:
        """Somebody new on the staff, with roles in organisations."""
        staff_id, registry = uuid4(), self.runtime.book.registry
        registry.register_staff(staff_id, envelope(), learner_id=learner_id)
        for role, organisation in roles:
            registry.authorise(
                staff_id, role, organisation, date(2026, 8, 1), date(2031, 8, 31), envelope()
            )
        self.settle()
        return staff_id

    def screen_of(self, staff_id: UUID) -> TestClient:
        browser = self.browser()
        login = self.runtime.logins.begin_staff(staff_id, self.clock.at)
        browser.cookies.set(self.runtime.cookies.name(CookieKind.STAFF), login.token)
        return browser

    def screen(self, role: Role, organisation: str = SCHOOL) -> TestClient:
        return self.screen_of(self.person((role, organisation)))

    @property
    def head(self) -> TestClient:
        return self.screen(Role.HEAD)

    @property
    def officer(self) -> TestClient:
        return self.screen(Role.DISTRICT_OFFICER, DISTRICT)

    def phone_of(self, learner_id: UUID) -> TestClient:
        phone = self.browser()
        login = self.runtime.logins.begin_device(learner_id, self.clock.at, confirmed=True)
        phone.cookies.set(self.runtime.cookies.name(CookieKind.DEVICE), login.token)
        return phone

    def due(self) -> list[UUID]:
        due = self.runtime.models.certificates.due_of(SCHOOL)
        return [each.certificate_id for each in due]

    def complete(self, learner_id: UUID) -> None:
        self.term.complete(learner_id)
        self.settle()

    def authorise(self, screen: TestClient | None = None) -> Response:
        """The head ticks everything and presses."""
        ids = [str(each) for each in self.due()]
        return (screen or self.head).post(PAGE, data={"certificate_id": ids})

    def issued(self, kind: str = "annual_completion") -> RegisteredCertificate:
        """A certificate of the first learner, issued over the page."""
        if not self.runtime.models.certificates.certificates_of(SCHOOL):
            self.complete(self.pilot.learners[0])
            assert self.authorise().status_code == 303
        found = self.runtime.models.certificates.certificates_of(SCHOOL)
        return next(each for each in found if each.kind == kind)

    def code(self, number: str) -> str:
        return check_code_of(self.runtime, number)

    def verified(self, number: str) -> str:
        """What the public page says: its heading."""
        answer = self.browser().get("/verify", params={"number": number, "code": self.code(number)})
        assert answer.status_code == 200
        heading = re.search(r'<h1 id="state">(.+?)</h1>', answer.text)
        assert heading is not None
        return heading[1]

    def pdf(self, number: str) -> bytes:
        answer = self.head.get(f"/certificates/{number}.pdf")
        assert answer.status_code == 200
        return answer.content


def autumn(runtime: Runtime) -> Pilot:
    """An evening was held in September; there is a key."""
    pilot = Pilot(runtime.book).set_up()
    runtime.book.registry.register_school(
        NewSchool(OTHER_SCHOOL, "示例中学", ("junior",), DISTRICT), envelope()
    )
    term = Term(pilot)
    term.staff()
    term.evening(pilot.session_id, STARTS, pilot.learners)
    create_key(runtime, ISSUING, years=10)
    return pilot


@pytest.fixture(scope="session")
def beginning(
    server: str, blank: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PilotSchool]:
    with pilot_school(server, blank, tmp_path_factory.mktemp("office") / "var", autumn) as found:
        yield found


@pytest.fixture
def office(runtime: Runtime, clock: TestClock, beginning: PilotSchool) -> Iterator[Office]:
    """It is January; nothing is due yet."""
    pilot = beginning.pilot(runtime.book)
    clock.move_to(ISSUING)
    with Runner(runtime.projector), TestClient(create_app(runtime), base_url=ORIGIN) as door:
        office = Office(runtime, clock, pilot, Term(pilot), door)
        office.settle()
        yield office


@pytest.fixture
def scanned(tmp_path: Path) -> Callable[[bytes], str]:
    """Read the QR code of a PDF from a picture of its page, as a phone would."""
    for program, package in (("pdftoppm", "poppler-utils"), ("zbarimg", "zbar-tools")):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is missing: apt-get install {package}")

    def scan(pdf: bytes) -> str:
        (tmp_path / "sheet.pdf").write_bytes(pdf)
        picture = tmp_path / "sheet"
        subprocess.run(
            ["pdftoppm", "-r", "200", "-png", "-singlefile", tmp_path / "sheet.pdf", picture],
            check=True,
        )
        read = subprocess.run(
            ["zbarimg", "--quiet", "--raw", f"{picture}.png"],
            check=True,
            capture_output=True,
            text=True,
        )
        return read.stdout.strip()

    return scan
