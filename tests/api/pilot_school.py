"""The pilot's school, set up and shown once for all tests that begin there: each gets a copy."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from uuid import UUID

from psycopg.conninfo import make_conninfo
from pydantic import SecretStr

from api.bootstrap import Runtime, build
from api.settings import Settings
from ledger.book import Book
from tests.acting import SET_UP, Pilot
from tests.api.desk import Desk, at_work, two_schools
from tests.clock import TestClock
from tests.database import Beginning, made, write_role_secrets


@dataclass(frozen=True)
class PilotSchool(Beginning):
    """And who is there."""

    learners: tuple[UUID, ...]
    session_id: UUID
    at: datetime = SET_UP
    people: Mapping[str, UUID] = field(default_factory=dict[str, UUID])

    def pilot(self, book: Book) -> Pilot:
        """The school as a copy's own book sees it."""
        return Pilot(book, list(self.learners), self.session_id)

    def at_work(self, runtime: Runtime, clock: TestClock) -> AbstractContextManager[Desk]:
        return at_work(runtime, clock, self.pilot(runtime.book), self.at, self.people)


@contextmanager
def pilot_school(
    server: str, template: str, var: Path, begin: Callable[[Runtime], Pilot] = two_schools
) -> Iterator[PilotSchool]:
    """Three families and a planned session; a second school, which has neither."""
    write_role_secrets(var / "secrets")
    with made(server, template) as name:
        at = make_conninfo(server, dbname=name)
        runtime = build(Settings(database_url=SecretStr(at), var=var), now=TestClock(SET_UP))
        try:
            pilot = begin(runtime)
            runtime.projector.catch_up()
        finally:
            runtime.close()
        yield PilotSchool(name, var, tuple(pilot.learners), pilot.session_id)


@contextmanager
def after_the_evening(server: str, school: PilotSchool, var: Path) -> Iterator[PilotSchool]:
    """The same when its session was held, attested by two persons and credited."""
    shutil.copytree(school.var, var)
    clock = TestClock(school.at)
    with made(server, school.database) as name:
        at = make_conninfo(server, dbname=name)
        runtime = build(Settings(database_url=SecretStr(at), var=var), now=clock)
        try:
            with school.at_work(runtime, clock) as desk:
                desk.attested()
        finally:
            runtime.close()
        yield replace(school, database=name, var=var, at=clock.at, people=desk.people)
