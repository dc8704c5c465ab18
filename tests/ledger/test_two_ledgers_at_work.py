"""Two ledgers of one database at once: check-ins, a worker and rebuilds of each, and no mixing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from api.migrations import steps as web_steps
from domain.attendance import Attendance
from ledger.book import Book
from ledger.check_in import CheckedIn
from ledger.events_table import channel_of
from ledger.intake import Intake
from ledger.ledger import EVENTS_TABLE
from ledger.migrations import Names, migrate
from ledger.vault import VaultKeys
from projections.database import Views
from projections.projection import Projection
from projections.projector import Projector
from projections.read_models import ReadModels
from projections.rebuild import Rebuild
from projections.runner import Runner
from tests.acting import Pilot
from tests.database import NAMES, TestDatabase
from tests.ledger.evenings import open_session, wish
from tests.receipts import receipt_of

SOON = 30.0
SECOND = Names("second")


@dataclass
class Working:
    """One of the ledgers, and all that works at it."""

    app: str
    names: Names
    pilot: Pilot
    projector: Projector
    rebuilt: Projection

    async def evening(self) -> list[CheckedIn]:
        sessions = self.pilot.book.sessions
        intake = Intake(self.pilot.book.ledger, self.app, sessions.door_of, receipt_of)
        await intake.start()
        wishes = [wish(self.pilot, each) for each in self.pilot.learners]
        given = await asyncio.gather(*map(intake.check_in, wishes))
        await intake.close()
        return given

    def rebuild(self) -> None:
        for _ in range(3):
            assert Rebuild(self.projector.views, self.rebuilt).run().differing == ()


def second_app(database: TestDatabase) -> tuple[str, str]:
    """The second ledger's connection strings, for its events and its vault."""
    passwords = {role: f"password of {role}" for role in SECOND.roles}
    migrate(database.owner, SECOND, passwords, web_steps())
    words = conninfo_to_dict(database.owner)
    app, vault, _ = (
        make_conninfo("", **{**words, "user": role, "password": passwords[role]})
        for role in SECOND.roles
    )
    return app, vault


@pytest.fixture
def both(database: TestDatabase) -> Iterator[tuple[Working, Working]]:
    keys = VaultKeys(encryption=b"2" * 32, index=b"2" * 32)
    opened: list[Working] = []
    with ExitStack() as stack:
        for names, families, (app, vault) in (
            (NAMES, 12, (database.app, database.vault)),
            (SECOND, 9, second_app(database)),
        ):
            book = stack.enter_context(Book(app, vault, names, keys))
            views = stack.enter_context(Views(app, names))
            models = ReadModels(views)
            pilot = Pilot(book).set_up(families)
            open_session(pilot)
            projector = Projector(views, [models.history, models.attendances, models.schools])
            opened.append(Working(app, names, pilot, projector, models.history))
        yield opened[0], opened[1]


def test_two_ledgers_work_beside_each_other(
    both: tuple[Working, Working], database: TestDatabase
) -> None:
    with ExitStack() as stack:
        crowd = stack.enter_context(ThreadPoolExecutor(4))
        runners = [stack.enter_context(Runner(each.projector)) for each in both]
        assert all(runner.wait_until_active(SOON) for runner in runners)
        evenings = [crowd.submit(asyncio.run, each.evening()) for each in both]
        rebuilds = [crowd.submit(each.rebuild) for each in both]
        given = [evening.result() for evening in evenings]
        for rebuild in rebuilds:
            rebuild.result()
        for each in both:
            names = [projection.name for projection in each.projector.projections]
            assert each.projector.wait_for(each.pilot.book.ledger.position(), SOON, names)
        assert all(runner.is_active for runner in runners)

    for each, answers in zip(both, given, strict=True):
        ledger = each.pilot.book.ledger
        own = ledger.store.select_notifications(None, 1000, topics=[Attendance.CheckedIn.TOPIC])
        assert sorted(a.position or 0 for a in answers) == [found.id for found in own]
        assert len(own) == len(each.pilot.learners)
        for projection in each.projector.projections:
            report = Rebuild(each.projector.views, projection).check()
            assert (report.position, report.differing) == (ledger.position(), ())


def test_what_one_ledger_records_wakes_nobody_of_the_other(
    both: tuple[Working, Working], database: TestDatabase
) -> None:
    first, second = both
    with psycopg.connect(database.owner, autocommit=True) as listener:
        for each in both:
            listener.execute(f'LISTEN "{channel_of(each.names.ledger, EVENTS_TABLE)}"'.encode())
        asyncio.run(second.evening())
        heard = {found.channel for found in listener.notifies(timeout=1.0)}

    assert heard == {channel_of(second.names.ledger, EVENTS_TABLE)}
    assert channel_of(first.names.ledger, EVENTS_TABLE) not in heard
