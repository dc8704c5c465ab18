"""A server that has no connection left: who was never written waits, and nobody is in doubt."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import psycopg
import pytest
from fastapi.testclient import TestClient
from psycopg.sql import SQL, Identifier

import ledger.intake
from api.app import create_app
from api.bootstrap import Runtime
from ledger.check_in import CheckedIn
from ledger.wishes import Overloaded
from tests.acting import Pilot
from tests.database import TestDatabase
from tests.faults.cutting import Cut, CuttingProxy
from tests.faults.test_intake_cut import APPEND, during
from tests.journeys.site import until
from tests.ledger.evenings import open_session, wish
from tests.ledger.test_intake import answers, intake_of, kinds, recorded

LIMIT = SQL("ALTER DATABASE {} CONNECTION LIMIT {}")


@contextmanager
def full(at: str) -> Iterator[None]:
    """Connections there are stay; new ones are refused, as by a server that has none left."""
    with psycopg.connect(at, autocommit=True) as owner:
        name = Identifier(owner.info.dbname)
        owner.execute(LIMIT.format(name, 0))
        try:
            yield
        finally:
            owner.execute(LIMIT.format(name, -1))


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger.intake, "SECONDS_BEFORE_RECONNECT", 0.0)


def test_who_was_never_sent_is_told_to_wait_and_the_next_batch_tries_anew(
    pilot: Pilot, database: TestDatabase
) -> None:
    open_session(pilot)
    asked = [wish(pilot, each) for each in pilot.learners]

    async def run() -> None:
        intake = intake_of(pilot.book, database.app)
        with full(database.owner):
            await intake.start()
            given = await answers(intake, *asked)
        assert kinds(given) == ["Overloaded"] * 3
        assert all(isinstance(e, Overloaded) and e.facts == {"retry_after": 5} for e in given)
        assert recorded(pilot) == 0
        assert kinds(await answers(intake, *asked)) == ["CheckedIn"] * 3
        await intake.close()

    asyncio.run(run())
    assert recorded(pilot) == 3


def test_who_was_sent_before_the_server_was_full_stays_in_doubt(
    pilot: Pilot, wire: CuttingProxy, database: TestDatabase
) -> None:
    """The answer to the append is lost, and no connection is had to look what became of it."""
    open_session(pilot)
    first, second = (wish(pilot, each) for each in pilot.learners[:2])

    async def work(intake: ledger.intake.Intake) -> None:
        await intake.check_in(wish(pilot, pilot.learners[2]))
        with full(database.owner):
            wire.cut_next(APPEND, Cut.ANSWER)
            assert kinds(await answers(intake, first)) == ["OutcomeUnknown"]
            assert kinds(await answers(intake, second)) == ["Overloaded"]
        given = await answers(intake, first, second)
        assert [each.position is None for each in given if isinstance(each, CheckedIn)] == [
            True, False
        ]  # fmt: skip

    during(pilot, wire, work)
    assert recorded(pilot) == 3


def test_a_process_that_gets_no_connection_for_check_ins_is_not_ready_until_it_does(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger.intake, "SECONDS_WITHOUT_CONNECTION", 0.05)
    runtime.projector.catch_up()
    with ExitStack() as serving:
        with full(runtime.connections.owner):
            house = serving.enter_context(TestClient(create_app(runtime)))
            refused = house.get("/readyz")
            assert (refused.status_code, refused.json()["status"]) == (503, "unconnected")
            assert refused.json()["check_ins"] is False
        until(lambda: house.get("/readyz").status_code == 200, seconds=5)
        assert house.get("/readyz").json()["check_ins"] is True
