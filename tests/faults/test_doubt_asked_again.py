"""After a cancelled wait the row is there to be read: whoever asks again waits for it, too."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

import pytest

from domain.attendance import Attendance
from domain.refusals import Refused
from ledger.check_in import CheckedIn, CheckIn
from ledger.intake import Intake
from ledger.ledger import OutcomeUnknown
from tests.acting import STARTS, Pilot, envelope
from tests.database import NAMES, login
from tests.faults.standby import Standby, conninfo
from tests.ledger.evenings import wish
from tests.receipts import receipt_of

A_WHILE = 0.5


def answered_only_after(standby: Standby, ask: Callable[[], object]) -> object:
    """What is answered, once the standby is no more wanted; fails where it was answered before."""
    with ThreadPoolExecutor(1) as beside:
        asked = beside.submit(ask)
        was_waiting = standby.keeps_waiting(asked)
        standby.is_wanted("")
        asked.exception()
    assert was_waiting
    return asked.result()


def test_a_command_that_was_cancelled_is_not_told_as_recorded_before_the_standby_has_it(
    doubtful: tuple[Pilot, Standby],
) -> None:
    pilot, standby = doubtful
    by = envelope(STARTS)

    def consent() -> int:
        return pilot.book.learners.consent(pilot.learners[0], "records", "1", by)

    with standby.impatient(), pytest.raises(OutcomeUnknown):
        consent()
    with standby.impatient(), pytest.raises(OutcomeUnknown):  # and again as often as one likes
        consent()

    assert answered_only_after(standby, consent) == pilot.book.ledger.position()


def test_nor_is_it_refused_because_of_a_fact_that_only_this_server_has(
    doubtful: tuple[Pilot, Standby],
) -> None:
    pilot, standby = doubtful
    first, second = (wish(pilot, pilot.learners[0], minutes) for minutes in (0, 1))
    with standby.impatient(), pytest.raises(OutcomeUnknown):
        pilot.book.attendances.check_in(first)

    def come() -> Refused:
        with pytest.raises(Refused) as refused:
            pilot.book.attendances.check_in(second)
        return refused.value

    told = answered_only_after(standby, come)
    assert isinstance(told, Refused)
    assert told.code == "already_checked_in"


def test_a_killed_session_is_no_acknowledgement(doubtful: tuple[Pilot, Standby]) -> None:
    """pg_terminate_backend commits here as well, and the writer asks again by itself."""
    pilot, standby = doubtful
    by = envelope(STARTS)
    with standby.impatient("pg_terminate_backend"), pytest.raises(OutcomeUnknown):
        pilot.book.learners.consent(pilot.learners[0], "records", "1", by)

    asked = answered_only_after(
        standby, lambda: pilot.book.learners.consent(pilot.learners[0], "records", "1", by)
    )
    assert asked == pilot.book.ledger.position()


@pytest.mark.parametrize("by", ["pg_cancel_backend", "pg_terminate_backend"])
def test_the_intake_waits_as_well(doubtful: tuple[Pilot, Standby], by: str) -> None:
    pilot, standby = doubtful
    asked = wish(pilot, pilot.learners[0])

    with standby.impatient(by), pytest.raises(OutcomeUnknown):
        come(pilot, asked)

    told = answered_only_after(standby, lambda: come(pilot, asked))
    assert isinstance(told, CheckedIn)
    assert told.checked_in_at == STARTS
    found = pilot.book.ledger.find(Attendance, asked.attendance_id)
    assert found is not None
    assert found.version == 1


def test_a_drivers_cancel_is_no_acknowledgement(doubtful: tuple[Pilot, Standby]) -> None:
    pilot, standby = doubtful
    asked = wish(pilot, pilot.learners[0])

    async def run() -> None:
        async with opened(pilot) as intake:
            answer = asyncio.create_task(intake.check_in(asked))
            while not answer.done():
                await asyncio.sleep(0.05)
                if standby.is_waited_for() and (wire := intake._wire._connection):
                    await wire.cancel_safe()
            with pytest.raises(OutcomeUnknown):
                await answer

    asyncio.run(run())
    told = answered_only_after(standby, lambda: come(pilot, asked))
    assert isinstance(told, CheckedIn)


def test_a_phone_that_went_away_leaves_its_check_in_waiting(
    doubtful: tuple[Pilot, Standby],
) -> None:
    pilot, standby = doubtful
    asked = wish(pilot, pilot.learners[0])

    async def run() -> CheckedIn:
        async with opened(pilot) as intake:
            gone = asyncio.create_task(intake.check_in(asked))
            await asyncio.to_thread(standby.wait_for_somebody)
            gone.cancel()
            again = asyncio.create_task(intake.check_in(asked))
            await asyncio.sleep(A_WHILE)
            assert standby.is_waited_for()
            assert not again.done()
            standby.is_wanted("")
            return await again

    assert asyncio.run(run()).checked_in_at == STARTS


@asynccontextmanager
async def opened(pilot: Pilot) -> AsyncIterator[Intake]:
    app = login(conninfo(pilot), NAMES.app_role)
    intake = Intake(pilot.book.ledger, app, pilot.book.sessions.door_of, receipt_of)
    await intake.start()
    try:
        yield intake
    finally:
        await intake.close()


def come(pilot: Pilot, asked: CheckIn) -> CheckedIn:
    async def run() -> CheckedIn:
        async with opened(pilot) as intake:
            return await intake.check_in(asked)

    return asyncio.run(run())
