"""The intake: one batch after the other, one attendance each, and no phone left without answer."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

import ledger.intake
from domain.attendance import AlreadyCheckedIn, ScanIdReused
from domain.learner import UnknownLearner
from domain.refusals import Refused
from domain.session_refusals import CheckInClosed, NotInvited
from ledger.book import Book
from ledger.check_in import CheckedIn, CheckIn
from ledger.intake import Intake
from ledger.wishes import Overloaded
from tests.acting import STARTS, Pilot, envelope
from tests.database import TestDatabase
from tests.ledger.evenings import open_session, wish
from tests.receipts import receipt_of


def intake_of(book: Book, conninfo: str) -> Intake:
    return Intake(book.ledger, conninfo, book.sessions.door_of, receipt_of)


def during(pilot: Pilot, database: TestDatabase, work: Callable[[Intake], Awaitable[None]]) -> None:
    async def run() -> None:
        intake = intake_of(pilot.book, database.app)
        await intake.start()
        try:
            await work(intake)
        finally:
            await intake.close()

    asyncio.run(run())


async def answers(intake: Intake, *wishes: CheckIn) -> list[CheckedIn | BaseException]:
    return await asyncio.gather(*map(intake.check_in, wishes), return_exceptions=True)


def kinds(given: list[CheckedIn | BaseException]) -> list[str]:
    return sorted(type(each).__name__ for each in given)


def recorded(pilot: Pilot) -> int:
    return len(pilot.book.sessions.attendance_ids(pilot.session_id))


def test_everybody_gets_their_own_answer(pilot: Pilot, database: TestDatabase) -> None:
    open_session(pilot)
    early = wish(pilot, pilot.learners[1], minutes=-40)

    async def work(intake: Intake) -> None:
        given = await answers(intake, wish(pilot, pilot.learners[0]), early, wish(pilot, uuid4()))
        assert isinstance(given[0], CheckedIn)
        assert given[0].checked_in_at == STARTS
        assert given[0].position == pilot.book.ledger.position()
        assert [type(each) for each in given[1:]] == [CheckInClosed, UnknownLearner]

    during(pilot, database, work)
    assert recorded(pilot) == 1


def test_twelve_scans_at_once_make_one_attendance_and_twelve_answers(
    pilot: Pilot, database: TestDatabase
) -> None:
    open_session(pilot)
    learner = pilot.learners[0]

    async def work(intake: Intake) -> None:
        given = await answers(intake, *(wish(pilot, learner) for _ in range(12)))
        assert kinds(given) == ["AlreadyCheckedIn"] * 11 + ["CheckedIn"]

    during(pilot, database, work)
    assert recorded(pilot) == 1


def test_one_scan_repeated_at_once_and_later_gets_the_first_answer(
    pilot: Pilot, database: TestDatabase
) -> None:
    open_session(pilot)
    once = wish(pilot, pilot.learners[0])

    async def work(intake: Intake) -> None:
        given = await answers(intake, *[once] * 5)
        given += await answers(intake, replace(once, now=STARTS + timedelta(minutes=1)))
        assert kinds(given) == ["CheckedIn"] * 6
        assert {each.checked_in_at for each in given if isinstance(each, CheckedIn)} == {STARTS}

    during(pilot, database, work)
    assert recorded(pilot) == 1


def test_one_scan_id_for_two_learners_in_one_batch_lets_one_in(
    pilot: Pilot, database: TestDatabase
) -> None:
    open_session(pilot)
    scan = uuid4()

    async def work(intake: Intake) -> None:
        given = await answers(intake, *(wish(pilot, each, scan_id=scan) for each in pilot.learners))
        assert isinstance(given[0], CheckedIn)
        assert [type(each) for each in given[1:]] == [ScanIdReused] * 2

    during(pilot, database, work)
    assert recorded(pilot) == 1


def test_a_refused_first_wish_does_not_refuse_the_second(
    pilot: Pilot, database: TestDatabase
) -> None:
    open_session(pilot)
    learner = pilot.learners[0]

    async def work(intake: Intake) -> None:
        given = await answers(
            intake, wish(pilot, learner, minutes=-50), wish(pilot, learner), wish(pilot, learner)
        )
        assert kinds(given) == ["AlreadyCheckedIn", "CheckInClosed", "CheckedIn"]

    during(pilot, database, work)
    assert recorded(pilot) == 1


def test_two_processes_at_once_let_everybody_in_once(pilot: Pilot, database: TestDatabase) -> None:
    open_session(pilot)
    scans = {learner: uuid4() for learner in pilot.learners}

    def wishes(order: list[UUID]) -> list[CheckIn]:
        return [wish(pilot, each, scan_id=scans[each]) for each in order] + [
            wish(pilot, each) for each in order
        ]

    async def run() -> None:
        both = [intake_of(pilot.book, database.app) for _ in range(2)]
        for intake in both:
            await intake.start()
        given = await asyncio.gather(
            answers(both[0], *wishes(pilot.learners)),
            answers(both[1], *wishes(pilot.learners[::-1])),
        )
        for intake in both:
            await intake.close()
        assert {type(each) for one in given for each in one} <= {CheckedIn, AlreadyCheckedIn}
        admitted = sum(
            isinstance(each, CheckedIn) and each.position is not None
            for one in given
            for each in one
        )
        assert admitted == 3

    asyncio.run(run())
    assert recorded(pilot) == 3


def test_one_scan_id_for_two_learners_in_two_processes_lets_one_in(
    pilot: Pilot, database: TestDatabase
) -> None:
    open_session(pilot)
    first, second = pilot.learners[:2]

    async def run() -> None:
        both = [intake_of(pilot.book, database.app) for _ in range(2)]
        for intake in both:
            await intake.start()
        scan = uuid4()
        await asyncio.gather(
            answers(both[0], wish(pilot, first, scan_id=scan)),
            answers(both[1], wish(pilot, second, scan_id=scan)),
        )
        assert recorded(pilot) == 1
        for intake in both:
            await intake.close()

    asyncio.run(run())


def test_a_wish_that_cannot_be_written_fails_alone(pilot: Pilot, database: TestDatabase) -> None:
    open_session(pilot)
    first, second, third = pilot.learners
    poison = replace(wish(pilot, second), device_hash="\ud800")

    async def work(intake: Intake) -> None:
        given = await answers(intake, wish(pilot, first), poison, wish(pilot, third))
        assert isinstance(given[0], CheckedIn)
        assert not isinstance(given[1], CheckedIn | Refused)
        assert isinstance(given[2], CheckedIn)
        assert isinstance(await intake.check_in(wish(pilot, second)), CheckedIn)

    during(pilot, database, work)
    assert recorded(pilot) == 3


def test_a_phone_that_goes_away_is_checked_in_all_the_same(
    pilot: Pilot, database: TestDatabase
) -> None:
    open_session(pilot)
    learner = pilot.learners[0]

    async def work(intake: Intake) -> None:
        request = asyncio.create_task(intake.check_in(wish(pilot, learner)))
        await asyncio.sleep(0)
        request.cancel()
        with pytest.raises(asyncio.CancelledError):
            await request

    during(pilot, database, work)
    assert recorded(pilot) == 1


def test_a_phone_that_goes_away_and_would_be_refused_leaves_no_trace(
    pilot: Pilot, database: TestDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    async def work(intake: Intake) -> None:
        request = asyncio.create_task(intake.check_in(wish(pilot, pilot.learners[0])))
        await asyncio.sleep(0)
        request.cancel()
        with pytest.raises(asyncio.CancelledError):
            await request

    during(pilot, database, work)
    gc.collect()
    assert recorded(pilot) == 0
    assert caplog.records == []


def test_closing_writes_what_is_waiting_and_takes_no_more(
    pilot: Pilot, database: TestDatabase
) -> None:
    open_session(pilot)

    async def run() -> None:
        intake = intake_of(pilot.book, database.app)
        waiting = [
            asyncio.create_task(intake.check_in(wish(pilot, learner))) for learner in pilot.learners
        ]
        await asyncio.sleep(0)
        await intake.start()
        await intake.close()
        assert all(isinstance(each, CheckedIn) for each in await asyncio.gather(*waiting))
        with pytest.raises(Overloaded):
            await intake.check_in(wish(pilot, pilot.learners[0]))

    asyncio.run(run())
    assert recorded(pilot) == 3


def test_too_many_who_wait_are_told_when_to_come_back(
    pilot: Pilot, database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger.intake, "MOST_WAITING", 2)
    open_session(pilot)

    async def work(intake: Intake) -> None:
        given = await answers(intake, *(wish(pilot, learner) for learner in pilot.learners))
        assert kinds(given) == ["CheckedIn", "CheckedIn", "Overloaded"]

    during(pilot, database, work)


def test_a_long_queue_is_written_in_several_batches(
    pilot: Pilot, database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger.intake, "MOST_IN_A_BATCH", 2)
    open_session(pilot)

    async def work(intake: Intake) -> None:
        wishes = [wish(pilot, learner) for learner in pilot.learners for _ in range(4)]
        assert kinds(await answers(intake, *wishes)) == ["AlreadyCheckedIn"] * 9 + ["CheckedIn"] * 3

    during(pilot, database, work)
    assert recorded(pilot) == 3


def test_an_uninvited_learner_leaves_no_fact(pilot: Pilot, database: TestDatabase) -> None:
    book, other = pilot.book, uuid4()
    plan = book.sessions.get(pilot.session_id).plan.model_copy(update={"grades": ("六年级",)})
    book.sessions.schedule(other, plan, envelope(), confirmed=True)
    book.sessions.open(other, envelope(STARTS))
    position = book.ledger.position()

    async def work(intake: Intake) -> None:
        [given] = await answers(intake, replace(wish(pilot, pilot.learners[0]), session_id=other))
        assert isinstance(given, NotInvited)

    during(pilot, database, work)
    assert book.ledger.position() == position


def test_an_intake_that_never_started_closes(pilot: Pilot, database: TestDatabase) -> None:
    asyncio.run(intake_of(pilot.book, database.app).close())
