"""Records that look alike are suggested, and merged by nobody; a roster leads to the survivor."""

from __future__ import annotations

from ledger.roster import Roster
from tests.acting import SCHOOL, Pilot, entry, envelope
from tests.ledger.merging import LATER, merge_of, signed_by_two


def test_a_later_roster_leads_to_the_survivor(pilot: Pilot) -> None:
    one, other, _ = pilot.learners
    signed_by_two(pilot, merge_of(one, other))
    [row] = pilot.book.rosters.take(
        Roster(SCHOOL, 2027), [entry(3, grade="四年级")], envelope(LATER), dry_run=False
    )
    assert row.id == one
    assert len(pilot.book.learners.get(one).enrolments_at(SCHOOL, 2027)) == 1


def test_a_row_that_fits_two_records_suggests_to_merge_them(pilot: Pilot) -> None:
    """The phone and name of one, the child and name of the other."""
    one, other, _ = pilot.learners
    mixed = entry(9, name=entry(2).name, phone=entry(2).phone, child_name=entry(3).child_name,
                  student_no=entry(3).student_no)  # fmt: skip
    renamed = entry(3, name=entry(2).name, phone=None, relation_code="61")
    roster = Roster(SCHOOL, 2026)
    [second] = pilot.book.rosters.take(roster, [renamed], envelope(), dry_run=False)
    mixed = entry(9, name=entry(2).name, phone=entry(2).phone, relation_code="61",
                  child_name=entry(3).child_name, student_no=entry(3).student_no)  # fmt: skip
    [doubt] = pilot.book.rosters.take(roster, [mixed], envelope(), dry_run=False)

    assert doubt.code == "two_persons_match"
    [pair] = pilot.book.likeness.among([one, other])
    assert {pair.one, pair.other} == {one, second.id}
    assert pair.kinds == ("roster_doubt",)
    signed_by_two(pilot, merge_of(one, second.id or one))
    [settled] = pilot.book.rosters.take(roster, [mixed], envelope(), dry_run=False)
    assert (settled.code, settled.id) == (None, one)


def test_father_and_son_with_one_phone_are_suggested_and_merged_by_nobody(pilot: Pilot) -> None:
    son = entry(5, name="（示例）陈小建", phone=entry(2).phone)
    [result] = pilot.book.rosters.take(Roster(SCHOOL, 2026), [son], envelope(), dry_run=False)
    [pair] = pilot.book.likeness.among(pilot.learners)
    assert {pair.one, pair.other} == {pilot.learners[0], result.id}
    assert pair.kinds == ("same_phone",)
    assert pilot.book.learners.get(pilot.learners[0]).merges == {}


def test_a_dry_run_of_a_roster_notes_no_likeness(pilot: Pilot) -> None:
    son = entry(5, name="（示例）陈小建", phone=entry(2).phone)
    pilot.book.rosters.take(Roster(SCHOOL, 2026), [son], envelope(), dry_run=True)
    assert pilot.book.likeness.among(pilot.learners) == []
