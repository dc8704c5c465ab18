"""The intake's connection is cut, at each of its messages: who asked gets the right answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from uuid import uuid4

import pytest

import ledger.intake
from domain.attendance import Attendance
from domain.plan import SessionPlan
from ledger.check_in import CheckedIn, CheckIn
from ledger.intake import Intake
from ledger.ledger import OutcomeUnknown
from tests.acting import STARTS, Pilot, envelope
from tests.faults.cutting import Cut, CuttingProxy
from tests.ledger.evenings import open_session, wish
from tests.receipts import receipt_of

APPEND = Attendance.CheckedIn.TOPIC.encode()


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger.intake, "SECONDS_BEFORE_RECONNECT", 0.0)


def during(pilot: Pilot, wire: CuttingProxy, work: Callable[[Intake], Awaitable[None]]) -> None:
    async def run() -> None:
        intake = Intake(pilot.book.ledger, wire.conninfo, pilot.book.sessions.door_of, receipt_of)
        await intake.start()
        try:
            await work(intake)
        finally:
            await intake.close()

    asyncio.run(run())


def recorded(pilot: Pilot) -> int:
    return len(pilot.book.sessions.attendance_ids(pilot.session_id))


def phases(asked: CheckIn) -> dict[str, bytes]:
    """What marks each message of a batch: remember the scans, load the streams, append."""
    return {"remember": asked.scan_id.bytes, "load": asked.session_id.bytes, "append": APPEND}


@pytest.mark.parametrize("where", Cut)
@pytest.mark.parametrize("phase", ["connect", "remember", "load", "append"])
def test_a_wire_cut_in_any_phase_changes_no_answer(
    pilot: Pilot, wire: CuttingProxy, phase: str, where: Cut
) -> None:
    open_session(pilot)
    asked = [wish(pilot, learner) for learner in pilot.learners]
    marks = {**phases(asked[0]), "connect": b"user\0"}

    async def work(intake: Intake) -> None:
        wire.cut_next(marks[phase], where)
        if phase == "connect":
            wire.cut_all()
        given = await asyncio.gather(*map(intake.check_in, asked))
        assert [each.checked_in_at for each in given] == [STARTS] * 3

    during(pilot, wire, work)
    assert wire.cuts == 1
    assert recorded(pilot) == 3


def test_every_lost_answer_of_the_intake_is_found_again(pilot: Pilot, wire: CuttingProxy) -> None:
    """Fifty sessions of one learner: fifty appends, each with its answer lost."""
    sessions = [uuid4() for _ in range(50)]
    plan = pilot.book.sessions.get(pilot.session_id).plan
    for session_id in sessions:
        pilot.session_id = session_id
        book_session(pilot, plan)

    async def work(intake: Intake) -> None:
        for session_id in sessions:
            pilot.session_id = session_id
            wire.cut_next(APPEND, Cut.ANSWER)
            given = await intake.check_in(wish(pilot, pilot.learners[0]))
            assert given.checked_in_at == STARTS

    during(pilot, wire, work)
    assert wire.cuts == 50
    for session_id in sessions:
        pilot.session_id = session_id
        assert recorded(pilot) == 1


def book_session(pilot: Pilot, plan: SessionPlan) -> None:
    pilot.book.sessions.schedule(pilot.session_id, plan, envelope(), confirmed=True)
    open_session(pilot)


def test_a_database_that_stays_away_is_an_unknown_outcome_and_asking_again_tells(
    pilot: Pilot, wire: CuttingProxy
) -> None:
    open_session(pilot)
    asked = wish(pilot, pilot.learners[0])

    async def work(intake: Intake) -> None:
        wire.cut_next(APPEND, Cut.ANSWER)
        await intake.check_in(wish(pilot, pilot.learners[1]))
        wire.cut_next(APPEND, Cut.REQUEST, times=8)
        with pytest.raises(OutcomeUnknown):
            await intake.check_in(asked)
        assert isinstance(await intake.check_in(asked), CheckedIn)

    during(pilot, wire, work)
    assert recorded(pilot) == 2


def test_a_wire_cut_between_two_batches_costs_nobody_an_answer(
    pilot: Pilot, wire: CuttingProxy
) -> None:
    open_session(pilot)

    async def work(intake: Intake) -> None:
        for learner in pilot.learners:
            wire.cut_all()
            given = await intake.check_in(wish(pilot, learner))
            assert given.position is not None

    during(pilot, wire, work)
    assert recorded(pilot) == 3
