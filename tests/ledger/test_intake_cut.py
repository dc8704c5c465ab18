"""The intake's connection is cut while a phone goes away: the wish is still written."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from uuid import UUID

import pytest
from psycopg import OperationalError

from ledger.intake import Intake
from ledger.intake_wire import Wire
from tests.acting import Pilot
from tests.database import TestDatabase
from tests.ledger.evenings import open_session, wish
from tests.ledger.test_intake import during, recorded


def test_a_phone_that_goes_away_is_checked_in_though_its_connection_was_cut(
    pilot: Pilot, database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_session(pilot)
    asked, load = list[object](), Wire.load

    async def cut_at_first(wire: Wire, ids: Iterable[UUID]) -> dict[UUID, object]:
        asked.append(ids)
        if len(asked) == 1:
            await asyncio.sleep(0.05)
            raise OperationalError
        return await load(wire, ids)

    monkeypatch.setattr(Wire, "load", cut_at_first)

    async def work(intake: Intake) -> None:
        request = asyncio.create_task(intake.check_in(wish(pilot, pilot.learners[0])))
        await asyncio.sleep(0.01)
        request.cancel()

    during(pilot, database, work)
    assert len(asked) > 1
    assert recorded(pilot) == 1
