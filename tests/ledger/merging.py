"""Merging in tests: who proposes, who approves, and evenings that a record was at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID, uuid4

from domain.correction import Correction, MergeOrder, Order, UnmergeOrder
from domain.envelope import Role
from domain.irregularity_finding import HeardBy
from domain.merging import Evidence
from ledger.plans import Filing
from tests.acting import ENDS, SCHOOL, STARTS, Pilot, envelope, planned
from tests.ledger.evenings import credited

LATER = ENDS + timedelta(days=3)
COORDINATOR, HEAD = uuid4(), uuid4()


def merge_of(survivor: UUID, merged: UUID, school: str = SCHOOL) -> MergeOrder:
    return MergeOrder(
        school_code=school, survivor_id=survivor, merged_id=merged,
        evidence=Evidence.SAME_NAME_AND_CHILD,
    )  # fmt: skip


def parting(survivor: UUID, merged: UUID, school: str = SCHOOL) -> UnmergeOrder:
    return UnmergeOrder(school_code=school, survivor_id=survivor, merged_id=merged)


def signed_by_two(pilot: Pilot, order: Order) -> Correction:
    """One person proposes what the preview shows, another one signs the same."""
    corrections = pilot.book.corrections
    by = envelope(LATER, Role.COORDINATOR, COORDINATOR)
    preview = corrections.preview(order, by)
    proposed = corrections.propose(order, preview.sha256, by)
    if order.needs_hearing:
        pilot.book.hearings.hear(proposed.id, HeardBy.IN_PERSON, "（示例）", by)
    return corrections.approve(proposed.id, preview.sha256, envelope(LATER, Role.HEAD, HEAD))


def evening(pilot: Pilot, number: int, learners: Sequence[UUID]) -> UUID:
    """Another course, a week later each time; the learners who were there are credited."""
    later = timedelta(days=7 * number)
    plan = planned(f"第{number}课", begins_at=STARTS + later, ends_at=ENDS + later, row=number)
    book = pilot.book
    filed = book.plans.file(Filing(SCHOOL, 2026, 1), [plan], envelope(), dry_run=False)
    [session_id] = [result.id for result in filed if result.row == number and result.id]
    credited(book, session_id, STARTS + later, learners)
    return session_id
