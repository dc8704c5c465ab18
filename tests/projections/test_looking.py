"""What the irregularity rules are shown: one evening, the same persons elsewhere, late entries."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from domain.correction import AttendanceOrder
from domain.envelope import Channel, Role
from domain.rules import ReversalReason
from domain.waiting_scan import Way
from ledger.waiting_scans import RefusedScan
from projections.projector import Projector
from projections.read_models import ReadModels
from tests.acting import ENDS, STARTS, Pilot, envelope
from tests.ledger.merging import merge_of, signed_by_two
from tests.ledger_evening import hold
from tests.paper import NEXT_DAY, checking, hold_and_close, print_sheets, signed, typing


@pytest.fixture
def library(pilot: Pilot) -> UUID:
    """A second session at the same time, in another room; who is in the hall is there too."""
    hall, session_id = pilot.book.sessions.get(pilot.session_id), uuid4()
    plan = hall.plan.model_copy(update={"place": "图书馆"})
    pilot.book.sessions.schedule(session_id, plan, envelope(), confirmed=True)
    return session_id


def held_in(pilot: Pilot, session_id: UUID, *learners: UUID) -> None:
    hall, pilot.session_id = pilot.session_id, session_id
    hold(pilot, learners)
    pilot.session_id = hall


def test_whoever_was_at_two_places_is_seen_at_both(
    pilot: Pilot, library: UUID, projector: Projector, models: ReadModels
) -> None:
    hold(pilot, pilot.learners[:2])
    held_in(pilot, library, pilot.learners[0])
    projector.catch_up()
    [pair] = models.looking.elsewhere(pilot.session_id)
    assert (pair.learner_id, pair.other_session_id) == (pilot.learners[0], library)
    assert (pair.came, pair.left, pair.other_left) == (STARTS, ENDS, ENDS)
    assert pair.other_place == "图书馆"
    assert [each.learner_id for each in models.looking.seen(library)] == [pilot.learners[0]]


def test_two_records_that_were_merged_are_one_person_at_two_places(
    pilot: Pilot, library: UUID, projector: Projector, models: ReadModels
) -> None:
    survivor, merged, _ = pilot.learners
    hold(pilot, [survivor])
    held_in(pilot, library, merged)
    projector.catch_up()
    assert models.looking.elsewhere(pilot.session_id) == []
    signed_by_two(pilot, merge_of(survivor, merged))
    projector.catch_up()
    for session_id in (pilot.session_id, library):
        [pair] = models.looking.elsewhere(session_id)
        assert pair.learner_id == survivor


def test_whoever_turned_out_not_to_be_there_is_seen_nowhere(
    pilot: Pilot, library: UUID, projector: Projector, models: ReadModels
) -> None:
    hold(pilot, pilot.learners[:1])
    held_in(pilot, library, pilot.learners[0])
    order = AttendanceOrder(
        session_id=pilot.session_id, learner_id=pilot.learners[0],
        reason_code=ReversalReason.NOT_PRESENT,
    )  # fmt: skip
    by = envelope(NEXT_DAY)
    corrections = pilot.book.corrections
    corrections.propose(order, corrections.preview(order, by).sha256, by)
    projector.catch_up()
    assert models.looking.seen(pilot.session_id) == []
    assert models.looking.elsewhere(library) == []


def test_paper_and_waiting_scans_are_late_by_when_they_were_taken(
    pilot: Pilot, projector: Projector, models: ReadModels
) -> None:
    first, second, _ = pilot.learners
    [sheet] = print_sheets(pilot, [first])
    hold_and_close(pilot)
    later, rows = NEXT_DAY + timedelta(days=3), signed(sheet, 1)
    scan = RefusedScan(
        session_id=pilot.session_id, scan_id=uuid4(), way=Way.IN, learner_id=second,
        scanned_at=STARTS, reason_code="session_not_open",
    )  # fmt: skip
    by = envelope(later, Role.HOST, channel=Channel.STAFF_SCAN)
    pilot.book.waiting_scans.keep(scan, by)
    pilot.book.waiting_scans.take(pilot.session_id, scan.scan_id, envelope(later, Role.HOST))
    pilot.book.sheets.enter(sheet.id, rows, typing())
    pilot.book.sheets.check(sheet.id, rows, checking(later))
    projector.catch_up()
    late = models.looking.late(pilot.session_id)
    assert {(each.learner_id, each.entered_at) for each in late} == {
        (first, later), (second, later)
    }  # fmt: skip


def test_nothing_is_looked_at_before_two_persons_attested(
    pilot: Pilot, projector: Projector, models: ReadModels
) -> None:
    pilot.book.sessions.open(pilot.session_id, envelope(STARTS, Role.HOST))
    projector.catch_up()
    assert models.looking.evening(pilot.session_id) is None
