"""The intake's connection is cut while a phone goes away: the wish is still written."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from psycopg import AsyncConnection, OperationalError

from ledger.check_in import CheckedIn
from ledger.intake import Intake
from ledger.intake_wire import Wire
from tests.acting import Pilot
from tests.database import TestDatabase
from tests.ledger.evenings import open_session, wish
from tests.ledger.test_intake import answers, during, recorded


def test_a_phone_that_goes_away_is_checked_in_though_its_connection_was_cut(
    pilot: Pilot, database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_session(pilot)
    asked, look = list[object](), Wire.look

    async def cut_at_first(wire: Wire, *given: Any) -> object:
        asked.append(given)
        if len(asked) == 1:
            await asyncio.sleep(0.05)
            raise OperationalError
        return await look(wire, *given)

    monkeypatch.setattr(Wire, "look", cut_at_first)

    async def work(intake: Intake) -> None:
        request = asyncio.create_task(intake.check_in(wish(pilot, pilot.learners[0])))
        await asyncio.sleep(0.01)
        request.cancel()

    during(pilot, database, work)
    assert len(asked) > 1
    assert recorded(pilot) == 1


def test_what_a_dying_connection_warned_of_is_not_said_of_the_next_one(
    pilot: Pilot, database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a process of the server crashes the others warn, and end; nothing was appended."""
    open_session(pilot)
    opened, look, connect = list[AsyncConnection[Any]](), Wire.look, AsyncConnection.connect

    async def noted(*given: Any, **named: Any) -> AsyncConnection[Any]:
        opened.append(await connect(*given, **named))
        return opened[-1]

    async def dying_at_first(wire: Wire, *given: Any) -> object:
        if len(opened) == 1:
            await opened[0].execute("DO $$ BEGIN RAISE WARNING 'another process crashed'; END $$")
            raise OperationalError
        return await look(wire, *given)

    monkeypatch.setattr(AsyncConnection, "connect", noted)
    monkeypatch.setattr(Wire, "look", dying_at_first)

    async def work(intake: Intake) -> None:
        [told] = await answers(intake, wish(pilot, pilot.learners[0]))
        assert isinstance(told, CheckedIn)
        assert told.position is not None

    during(pilot, database, work)
    assert len(opened) == 2
    assert recorded(pilot) == 1
