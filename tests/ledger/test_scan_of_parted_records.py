"""One scan of a record that is merged and parted within one open door makes one attendance."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from uuid import uuid4

import pytest

from domain.attendance import ScanIdReused
from domain.session_refusals import CheckInClosed
from ledger.check_in import CheckedIn, CheckIn
from ledger.intake import Intake
from ledger.scans import Scans
from tests.acting import Pilot
from tests.database import TestDatabase
from tests.ledger.evenings import open_session, wish
from tests.ledger.merging import merge_of, parting, signed_by_two
from tests.receipts import receipt_of

Door = Callable[[CheckIn], CheckedIn]


@pytest.fixture(params=["one by one", "intake"])
def door(pilot: Pilot, database: TestDatabase, request: pytest.FixtureRequest) -> Door:
    book = pilot.book

    async def through_the_intake(asked: CheckIn) -> CheckedIn:
        intake = Intake(book.ledger, database.app, book.sessions.door_of, receipt_of)
        await intake.start()
        try:
            return await intake.check_in(asked)
        finally:
            await intake.close()

    if request.param == "intake":
        return lambda asked: asyncio.run(through_the_intake(asked))
    return book.attendances.check_in


def test_a_meaning_moves_only_from_what_it_is(pilot: Pilot) -> None:
    scans, (scan, first, second, third) = Scans(pilot.book.ledger), (uuid4() for _ in range(4))
    scans.remember({scan: first})
    assert scans.mean_now(scan, first, second)
    assert not scans.mean_now(scan, first, third)
    assert scans.remember({scan: third}) == {scan: second}


def test_a_scan_counts_for_the_record_that_spoke_and_for_no_other(pilot: Pilot, door: Door) -> None:
    survivor, merged, _ = pilot.learners
    scan = uuid4()
    open_session(pilot)
    with pytest.raises(CheckInClosed):
        door(wish(pilot, merged, -40, scan))
    signed_by_two(pilot, merge_of(survivor, merged))
    first = door(wish(pilot, merged, 0, scan))
    assert door(wish(pilot, merged, 0, scan)).checked_in_at == first.checked_in_at

    signed_by_two(pilot, parting(survivor, merged))

    with pytest.raises(ScanIdReused):
        door(wish(pilot, merged, 0, scan))
    assert len(pilot.book.sessions.attendance_ids(pilot.session_id)) == 1
    door(wish(pilot, merged))  # a scan of their own
    assert len(pilot.book.sessions.attendance_ids(pilot.session_id)) == 2
