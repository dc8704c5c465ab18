"""The pilot's school, set up and shown once for all tests that begin there: each gets a copy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from psycopg.conninfo import make_conninfo
from pydantic import SecretStr

from api.bootstrap import Runtime, build
from api.settings import Settings
from ledger.book import Book
from tests.acting import SET_UP, Pilot
from tests.api.desk import two_schools
from tests.clock import TestClock
from tests.database import Beginning, made, write_role_secrets


@dataclass(frozen=True)
class PilotSchool(Beginning):
    """And who is there."""

    learners: tuple[UUID, ...]
    session_id: UUID

    def pilot(self, book: Book) -> Pilot:
        """The school as a copy's own book sees it."""
        return Pilot(book, list(self.learners), self.session_id)


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
