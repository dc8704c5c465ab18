"""A batch of which some were recorded before: it waits for the standby once, then tells all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from psycopg import AsyncConnection
from psycopg.sql import SQL, Identifier

from domain.session_refusals import CheckInClosed
from ledger.batch import Batch
from ledger.check_in import CheckedIn
from ledger.doubt import InDoubt
from ledger.intake import Intake
from ledger.intake_wire import Wire
from tests.acting import Pilot
from tests.database import TestDatabase
from tests.ledger.evenings import open_session, wish
from tests.ledger.test_intake import answers, during, kinds, recorded

Appended = tuple[list[int | None], list[datetime | None]]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the intake asked the database, in order: each is a round trip."""
    noted = list[str]()

    def note(name: str) -> None:
        question = getattr(Wire, name)

        async def noting(wire: Wire, *given: object) -> object:
            noted.append(name)
            return await question(wire, *given)

        monkeypatch.setattr(Wire, name, noting)

    for name in ("look", "mean_now", "append", "confirm"):
        note(name)
    return noted


def test_a_mixed_batch_waits_once_and_one_that_is_known_confirms(
    pilot: Pilot, database: TestDatabase, asked: list[str]
) -> None:
    open_session(pilot)
    first, early = wish(pilot, pilot.learners[0]), wish(pilot, pilot.learners[2], minutes=-40)

    async def work(intake: Intake) -> None:
        [told] = await answers(intake, first)
        asked.clear()
        again, new, refused = await answers(intake, first, wish(pilot, pilot.learners[1]), early)
        assert asked == ["look", "append"]
        assert isinstance(told, CheckedIn)
        assert isinstance(again, CheckedIn)
        assert isinstance(new, CheckedIn)
        assert again.checked_in_at == told.checked_in_at
        assert isinstance(refused, CheckInClosed)

        asked.clear()
        assert kinds(await answers(intake, first, early)) == ["CheckInClosed", "CheckedIn"]
        assert asked == ["look", "confirm"]

    during(pilot, database, work)
    assert recorded(pilot) == 2


def test_where_another_recorded_all_of_it_meanwhile_the_known_are_confirmed(
    pilot: Pilot, database: TestDatabase, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    open_session(pilot)
    first, second = (wish(pilot, each) for each in pilot.learners[:2])
    append, at_the_desk = Wire.append, wish(pilot, pilot.learners[1])
    crossing = list[bool]()

    async def crossed(wire: Wire, batch: Batch) -> Appended:
        if crossing:
            crossing.clear()
            await asyncio.to_thread(pilot.book.attendances.check_in, at_the_desk)
        return await append(wire, batch)

    monkeypatch.setattr(Wire, "append", crossed)

    async def work(intake: Intake) -> None:
        await answers(intake, first)
        asked.clear()
        crossing.append(True)
        given = await answers(intake, first, second)
        assert kinds(given) == ["AlreadyCheckedIn", "CheckedIn"]
        assert asked[:3] == ["look", "append", "confirm"]

    during(pilot, database, work)
    assert recorded(pilot) == 2


def test_nobody_is_told_what_the_standby_may_not_have(
    pilot: Pilot, database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An append whose wait was cut says nothing about what was read before it."""
    open_session(pilot)
    first, append = wish(pilot, pilot.learners[0]), Wire.append
    doubting = list[bool]()

    async def doubtful(wire: Wire, batch: Batch) -> Appended:
        done = await append(wire, batch)
        if doubting:
            raise InDoubt
        return done

    monkeypatch.setattr(Wire, "append", doubtful)

    async def work(intake: Intake) -> None:
        await answers(intake, first)
        doubting.append(True)
        given = await answers(intake, first, wish(pilot, pilot.learners[1]))
        assert kinds(given) == ["OutcomeUnknown", "OutcomeUnknown"]

    during(pilot, database, work)


@pytest.mark.parametrize("question", ["append", "confirm"])
def test_what_was_read_on_one_connection_is_asked_no_further_on_the_next(
    pilot: Pilot, database: TestDatabase, asked: list[str], monkeypatch: pytest.MonkeyPatch,
    question: str,
) -> None:  # fmt: skip
    """After a failover the next connection is another server's, which may have less."""
    open_session(pilot)
    first = wish(pilot, pilot.learners[0])
    asks: Callable[..., object] = getattr(Wire, question)
    losing = list[bool]()

    async def lost(wire: Wire, *given: object) -> object:
        if losing:
            losing.clear()
            await wire.drop()
        return await asks(wire, *given)  # type: ignore[misc]  # one of several questions

    monkeypatch.setattr(Wire, question, lost)

    async def work(intake: Intake) -> None:
        await answers(intake, first)
        asked.clear()
        losing.append(True)
        beside: Iterable[UUID] = pilot.learners[1:2] if question != "confirm" else ()
        given = await answers(intake, first, *(wish(pilot, each) for each in beside))
        assert kinds(given) == ["CheckedIn"] * len(given)
        assert asked.count("look") == 2

    during(pilot, database, work)


def test_a_scan_that_another_process_was_just_remembering_is_asked_for_again(
    pilot: Pilot, database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The question waits for the other one, and then sees neither its own row nor the other's."""
    open_session(pilot)
    came, again = wish(pilot, pilot.learners[0]), Wire._meanings
    asked_again = list[object]()

    async def noted(wire: Wire, scans: Any) -> dict[UUID, UUID]:
        asked_again.append(scans)
        return await again(wire, scans)

    monkeypatch.setattr(Wire, "_meanings", noted)

    async def work(intake: Intake) -> None:
        async with await AsyncConnection.connect(database.app) as other:
            await other.execute(
                SQL("INSERT INTO {}.scan (scan_id, meaning) VALUES (%s, %s)").format(
                    Identifier(database.names.ledger)
                ),
                (came.scan_id, came.attendance_id),
            )
            telling = asyncio.create_task(answers(intake, came))
            await asyncio.sleep(0.2)
            assert not telling.done()
        assert kinds(await telling) == ["CheckedIn"]

    during(pilot, database, work)
    assert asked_again
    assert recorded(pilot) == 1
