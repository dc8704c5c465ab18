"""An intake whose task comes to an end nobody asked for: whoever waits hears of it."""

from __future__ import annotations

import asyncio

import pytest

import ledger.intake
from ledger.intake_wire import Wire
from ledger.ledger import OutcomeUnknown
from ledger.wishes import Overloaded
from tests.acting import Pilot
from tests.database import TestDatabase
from tests.ledger.evenings import open_session, wish
from tests.ledger.test_intake import intake_of

PATIENCE = 20.0


def test_a_cancelled_intake_leaves_nobody_without_an_answer(
    pilot: Pilot, database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One is being written, which nobody can take back; the others have not been looked at."""
    monkeypatch.setattr(ledger.intake, "MOST_IN_A_BATCH", 1)
    open_session(pilot)

    async def run() -> None:
        begun = asyncio.Event()

        async def without_end(*_: object) -> None:
            begun.set()
            await asyncio.Event().wait()

        monkeypatch.setattr(Wire, "append", without_end)
        intake = intake_of(pilot.book, database.app)
        await intake.start()
        asked = [asyncio.create_task(intake.check_in(wish(pilot, each))) for each in pilot.learners]
        await asyncio.wait_for(begun.wait(), PATIENCE)
        [task] = [each for each in asyncio.all_tasks() if each.get_name() == "intake"]
        task.cancel()
        given = await asyncio.wait_for(asyncio.gather(*asked, return_exceptions=True), PATIENCE)
        assert [type(each) for each in given] == [OutcomeUnknown, Overloaded, Overloaded]
        with pytest.raises(Overloaded):
            await intake.check_in(wish(pilot, pilot.learners[0]))
        await intake.close()

    asyncio.run(run())
