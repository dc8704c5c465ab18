"""A roster is one person's word: it undoes nothing that was decided since it was written."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from domain.custody import CustodyReason
from domain.enrolment import Leaving
from ledger.plans import RowOutcome, RowResult
from ledger.roster import Roster, RosterEntry
from ledger.transfers import NewClass, Pupil
from tests.acting import SCHOOL, Pilot, entry, envelope
from tests.ledger.merging import merge_of, signed_by_two
from tests.ledger.test_custody import child_of
from tests.ledger.test_transfers import CLASS, IN_MARCH, MARCH, PANYU, moved

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


def gone(pilot: Pilot, father: UUID) -> None:
    pupil = Pupil(child_of(pilot, father), SCHOOL, 2026, [father])
    pilot.book.transfers.leave(pupil, MARCH, Leaving.LEFT, envelope(IN_MARCH))


def test_an_old_roster_takes_no_child_back_that_moved(pilot: Pilot) -> None:
    father = pilot.learners[0]
    moved(pilot, father)

    results = bring(pilot, entry(2), entry(3), entry(9))

    assert codes(results) == ["child_has_left", None, None]
    [place] = pilot.book.learners.get(father).enrolments_at(PANYU, 2026)
    assert place.class_group == CLASS.class_group
    assert pilot.book.learners.get(father).enrolments_at(SCHOOL, 2026) == ()


@pytest.mark.parametrize("changes", [{}, {"class_group": "1班"}, GRANDMOTHER])
def test_no_adult_of_a_child_that_left_is_taken(pilot: Pilot, changes: dict[str, str]) -> None:
    """Nor one who is new: another row of the file knows that the child is gone."""
    gone(pilot, pilot.learners[0])
    before = pilot.book.ledger.position()
    rows = [entry(2), entry(2, **changes)]
    assert codes(bring(pilot, *rows)) == ["child_has_left", "child_has_left"]
    assert pilot.book.ledger.position() == before


def test_an_adult_beside_whom_a_place_stands_is_as_before(pilot: Pilot) -> None:
    father = pilot.learners[0]
    [hers] = bring(pilot, entry(2, **GRANDMOTHER))
    gone(pilot, father)
    results = bring(pilot, entry(2), entry(2, **GRANDMOTHER))
    assert {(each.id, each.code) for each in results} == {
        (father, "child_has_left"), (hers.id, None),
    }  # fmt: skip


def test_a_child_that_moves_back_is_here_again_by_its_transfer(pilot: Pilot) -> None:
    father, transfers = pilot.learners[0], pilot.book.transfers
    moved(pilot, father)
    there = Pupil(child_of(pilot, father), PANYU, 2026, [father])
    back = transfers.announce(there, MARCH, SCHOOL, envelope(IN_MARCH))
    here = NewClass(SCHOOL, "primary", "三年级", "2班")
    transfers.claim(back, here, envelope(IN_MARCH))
    transfers.confirm(back, [father], envelope(IN_MARCH))

    assert codes(bring(pilot, entry(2))) == [None]
    assert len(pilot.book.learners.get(father).enrolments_at(SCHOOL, 2026)) == 1


def test_the_list_of_another_school_year_takes_the_child(pilot: Pilot) -> None:
    father = pilot.learners[0]
    gone(pilot, father)
    next_year = Roster(SCHOOL, 2027)
    row = entry(2, grade="四年级")
    [result] = pilot.book.rosters.take(next_year, [row], envelope(IN_MARCH), dry_run=False)
    assert (result.outcome, result.code) == (RowOutcome.CHANGED, None)
