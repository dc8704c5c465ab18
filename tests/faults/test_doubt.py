"""A standby that never answers: the wait is cancelled, and nobody may say "recorded" yet."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest

from ledger.batch import Batch
from ledger.doubt import InDoubt
from ledger.intake import Intake
from ledger.ledger import OutcomeUnknown
from ledger.rows import Row
from tests.acting import STARTS, Pilot, envelope
from tests.database import NAMES, login
from tests.faults.standby import Standby, conninfo
from tests.ledger.evenings import wish
from tests.receipts import receipt_of


def test_a_cancelled_wait_is_an_unknown_outcome_and_asking_again_tells(
    doubtful: tuple[Pilot, Standby],
) -> None:
    pilot, standby = doubtful
    by = envelope(STARTS)
    with standby.impatient(), pytest.raises(OutcomeUnknown):
        pilot.book.learners.consent(pilot.learners[0], "records", "1", by)
    standby.is_wanted("")

    position = pilot.book.learners.consent(pilot.learners[0], "records", "1", by)

    assert position == pilot.book.ledger.position()
    assert pilot.book.learners.get(pilot.learners[0]).consents == {"records": "1"}


def test_so_does_a_batch_on_its_way(doubtful: tuple[Pilot, Standby]) -> None:
    pilot, standby = doubtful
    store, key = pilot.book.ledger.store, uuid4()
    with standby.impatient():
        saving = store.begin(Batch([[Row(key, 1, "test.happened", b"{}")]]))
        with pytest.raises(InDoubt):
            saving.outcomes()
    standby.is_wanted("")
    [outcome] = saving.outcomes()
    assert isinstance(outcome, list)
    assert len(store.select_events(key)) == 1


def test_the_intake_says_so_too(doubtful: tuple[Pilot, Standby]) -> None:
    pilot, standby = doubtful
    book, asked = pilot.book, wish(pilot, pilot.learners[0])

    async def run() -> None:
        intake = Intake(
            book.ledger, login(conninfo(pilot), NAMES.app_role), book.sessions.door_of, receipt_of
        )
        await intake.start()
        with standby.impatient(), pytest.raises(OutcomeUnknown):
            await intake.check_in(asked)
        standby.is_wanted("")
        assert (await intake.check_in(asked)).checked_in_at == STARTS
        await intake.close()

    asyncio.run(run())
    assert len(book.sessions.attendance_ids(pilot.session_id)) == 1
