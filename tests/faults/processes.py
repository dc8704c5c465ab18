"""The program as processes of its own, on the system's clock: to be killed at any moment."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from pydantic import SecretStr

from api.access.cookies import CookieKind
from api.access.tickets import new_device_id
from api.bootstrap import Runtime, build
from api.settings import Settings
from domain.calendar import Term, school_year_of
from domain.envelope import Actor, Channel, Role
from ledger.check_in import CheckIn
from ledger.plans import Filing
from ledger.registry import NewSchool
from ledger.roster import Roster
from ledger.rulebooks import default_rulebook
from tests.acting import DISTRICT, SCHOOL, entry, envelope, planned
from tests.database import TestDatabase, write_role_secrets
from tests.journeys.site import free_port

CONSOLE = Path(sys.executable).with_name("parent-credits")


@dataclass
class Installation:
    """A runtime for looking in, and the processes that do the work."""

    runtime: Runtime
    environment: dict[str, str]
    learners: list[UUID] = field(default_factory=list)
    session_id: UUID = field(default_factory=lambda: UUID(int=0))
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """`work` or `serve`, as an operator would start it."""
        process = subprocess.Popen([CONSOLE, *words], env=self.environment)
        self.running.append(process)
        return process

    def end(self) -> None:
        for process in self.running:
            process.kill()
            process.wait()
        self.runtime.close()

    def phone(self, learner_id: UUID) -> dict[str, str]:
        """The cookies of a parent's enrolled phone."""
        runtime, at = self.runtime, datetime.now(UTC)
        login = runtime.logins.begin_device(learner_id, at, confirmed=True)
        phone = new_device_id()
        return {
            runtime.cookies.name(CookieKind.DEVICE): login.token,
            runtime.cookies.name(CookieKind.PHONE): phone,
        }

    def come(self, learner_id: UUID) -> None:
        """Check in at the desk, without a web process."""
        now = datetime.now(UTC)
        self.runtime.book.attendances.check_in(
            CheckIn(
                session_id=self.session_id, learner_id=learner_id, scan_id=uuid4(),
                channel=Channel.STAFF_ENTRY, actor=Actor(id=uuid4(), role=Role.HOST),
                at=now, now=now,
            )
        )  # fmt: skip


def install(database: TestDatabase, folder: Path, families: int) -> Installation:
    """A school whose session is open now, with a roster of so many families."""
    port = free_port()
    var = folder / "var"
    write_role_secrets(var / "secrets")
    url = f"http://127.0.0.1:{port}"
    settings = Settings(database_url=SecretStr(database.owner), var=var, port=port, public_url=url)
    environment = {
        "PATH": "/usr/bin:/bin",
        "PARENT_CREDITS_DATABASE_URL": database.owner,
        "PARENT_CREDITS_VAR": str(var),
        "PARENT_CREDITS_PORT": str(port),
        "PARENT_CREDITS_PUBLIC_URL": url,
        "PARENT_CREDITS_LOG_LEVEL": "error",
    }
    made = Installation(build(settings), environment)
    found_school(made, families)
    return made


def found_school(made: Installation, families: int) -> None:
    book, now = made.runtime.book, datetime.now(UTC)
    year = school_year_of(now.date())
    begins = (now + timedelta(minutes=5)).replace(second=0, microsecond=0)
    rules = default_rulebook().model_copy(update={"effective_from": date(year, 9, 1)})
    book.rulebooks.publish_at_set_up(rules, envelope(now))
    new = NewSchool(SCHOOL, "示例小学", ("primary",), DISTRICT)
    book.registry.register_school(new, envelope(now))
    term = Term(school_year=year, term_no=1, begins=date(year, 9, 1), ends=date(year + 1, 8, 31))
    book.registry.open_term(term, envelope(now))
    rows = [entry(row) for row in range(2, families + 2)]
    taken = book.rosters.take(Roster(SCHOOL, year), rows, envelope(now), dry_run=False)
    made.learners = [result.id for result in taken if result.id]
    row = planned(begins_at=begins, ends_at=begins + timedelta(minutes=80))
    [session] = book.plans.file(Filing(SCHOOL, year, 1), [row], envelope(now), dry_run=False)
    assert session.id is not None
    made.session_id = session.id
    book.sessions.open(session.id, envelope(now, Role.HOST))
