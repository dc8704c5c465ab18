"""A roster is one person's word: it undoes nothing that was decided since it was written."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from domain.custody import CustodyReason
from ledger.plans import RowOutcome, RowResult
from ledger.roster import Roster, RosterEntry
from tests.acting import SCHOOL, Pilot, entry, envelope
from tests.ledger.merging import merge_of, signed_by_two
from tests.ledger.test_custody import child_of

GRANDMOTHER = {"name": "（示例）林奶奶", "relation_code": "62", "phone": "10000000066"}


def bring(pilot: Pilot, *rows: RosterEntry, dry_run: bool = False) -> list[RowResult]:
    return pilot.book.rosters.take(Roster(SCHOOL, 2026), rows, envelope(), dry_run=dry_run)


def codes(results: list[RowResult]) -> list[str | None]:
    return [result.code for result in results]


def parted(pilot: Pilot, adult: UUID, child: UUID) -> None:
    reason = CustodyReason.CUSTODY_CHANGED
    pilot.book.custody.propose(adult, child, reason, envelope(actor_id=uuid4()))
    pilot.book.custody.confirm(adult, child, envelope(actor_id=uuid4()))


@pytest.mark.parametrize("changes", [{}, {"phone": "10000007777"}, {"class_group": "1班"}])
def test_an_old_roster_brings_no_guardianship_back(pilot: Pilot, changes: dict[str, str]) -> None:
    father = pilot.learners[0]
    parted(pilot, father, child_of(pilot, father))
    before, known = pilot.book.ledger.position(), pilot.book.vault.open([father])

    for dry_run in (True, False):
        [result] = bring(pilot, entry(2, **changes), dry_run=dry_run)
        assert (result.outcome, result.code) == (RowOutcome.DOUBTFUL, "guardianship_was_ended")

    assert pilot.book.learners.get(father).guardianships == {}
    assert pilot.book.ledger.position() == before
    assert pilot.book.vault.open([father]) == known


def test_the_others_of_that_family_are_taken(pilot: Pilot) -> None:
    father = pilot.learners[0]
    child = child_of(pilot, father)
    parted(pilot, father, child)

    his, hers, beside = bring(pilot, entry(2), entry(2, **GRANDMOTHER), entry(3))

    assert his.outcome is RowOutcome.DOUBTFUL
    assert (hers.outcome, beside.outcome) == (RowOutcome.NEW, RowOutcome.SAME)
    assert hers.id is not None
    assert child in pilot.book.learners.get(hers.id).guardianships


def test_another_child_of_the_same_adult_is_taken(pilot: Pilot) -> None:
    father = pilot.learners[0]
    parted(pilot, father, child_of(pilot, father))
    other = {"child_name": "（示例）陈小二", "student_no": "20239999"}

    results = bring(pilot, entry(2), entry(2, **other))

    assert codes(results) == ["guardianship_was_ended", None]
    assert len(pilot.book.learners.get(father).guardianships) == 1


def test_what_was_ended_under_a_record_that_was_merged_stays_ended(pilot: Pilot) -> None:
    speaks, father = pilot.learners[1], pilot.learners[0]
    parted(pilot, father, child_of(pilot, father))
    signed_by_two(pilot, merge_of(speaks, father))
    assert codes(bring(pilot, entry(2))) == ["guardianship_was_ended"]


def test_a_tie_that_only_gave_way_to_another_record_is_no_doubt(pilot: Pilot) -> None:
    signed_by_two(pilot, merge_of(pilot.learners[1], pilot.learners[0]))
    assert codes(bring(pilot, entry(2), entry(3))) == [None, None]


def test_a_proposal_that_nobody_confirmed_is_no_doubt(pilot: Pilot) -> None:
    father = pilot.learners[0]
    reason = CustodyReason.CUSTODY_CHANGED
    pilot.book.custody.propose(father, child_of(pilot, father), reason, envelope())
    [result] = bring(pilot, entry(2))
    assert result.outcome is RowOutcome.SAME
