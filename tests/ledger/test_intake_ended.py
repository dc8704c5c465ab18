"""An intake whose task comes to an end nobody asked for: whoever waits hears of it."""

from __future__ import annotations

import asyncio

import pytest

import ledger.intake
from ledger.intake import Intake, Overloaded
from ledger.ledger import OutcomeUnknown
from tests.acting import Pilot
from tests.database import TestDatabase
from tests.ledger.evenings import open_session, wish
from tests.receipts import receipt_of

PATIENCE = 20.0


def test_a_cancelled_intake_leaves_nobody_without_an_answer(
    pilot: Pilot, database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One is being written, the other has not been looked at."""
    monkeypatch.setattr(ledger.intake, "MOST_IN_A_BATCH", 1)
    open_session(pilot)

    async def run() -> None:
        begun = asyncio.Event()
        intake = Intake(
            pilot.book.ledger,
            database.app,
            pilot.book.sessions.door_of,
            receipt_of,
            lambda _: begun.set(),
        )
        await intake.start()
        asked = [asyncio.create_task(intake.check_in(wish(pilot, each))) for each in pilot.learners]
        await asyncio.wait_for(begun.wait(), PATIENCE)
        [task] = [each for each in asyncio.all_tasks() if each.get_name() == "intake"]
        task.cancel()
        given = await asyncio.wait_for(asyncio.gather(*asked, return_exceptions=True), PATIENCE)
        assert [type(each) for each in given] == [OutcomeUnknown] * 3
        with pytest.raises(Overloaded):
            await intake.check_in(wish(pilot, pilot.learners[0]))
        await intake.close()

    asyncio.run(run())
