"""The next year's roster of the new school meets the child that moved there, and its adults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

import pytest

from ledger.plans import RowOutcome, RowResult
from ledger.registry import NewSchool
from ledger.roster import Roster
from tests.acting import Pilot, entry, envelope
from tests.ledger.test_roster_doubts import GRANDMOTHER, bring
from tests.ledger.test_transfers import CLASS, IN_MARCH, IN_SEPTEMBER, MARCH, PANYU, pupil_of

NO_PHONE = {**GRANDMOTHER, "phone": None}
ANOTHER_PHONE = {"phone": "10000007777"}
STRANGER = {"name": "（示例）王生人", "relation_code": "97", "phone": "10000000999"}


@dataclass
class Family:
    """A child that moved in March, into class 1 of grade three, with father and grandmother."""

    pilot: Pilot
    child: UUID
    father: UUID
    grandmother: UUID

    def next_year(self, *rows: Mapping[str, object], dry_run: bool = False) -> list[RowResult]:
        """The rows of the new school's list: its own number, the class a grade higher."""
        told = {"grade": "四年级", "class_group": "1班", "student_no": "77001"}
        entries = [replace(entry(2, **{**told, **row}), row=n) for n, row in enumerate(rows)]
        roster, by = Roster(PANYU, 2027), envelope(IN_SEPTEMBER)
        return self.pilot.book.rosters.take(roster, entries, by, dry_run=dry_run)

    def child_of(self, adult: UUID | None) -> UUID:
        assert adult is not None
        [child] = self.pilot.book.learners.get(adult).guardianships
        return child


@pytest.fixture
def family(pilot: Pilot) -> Family:
    [hers] = bring(pilot, entry(2, **NO_PHONE))
    assert hers.id is not None
    registry = pilot.book.registry
    registry.register_school(NewSchool(PANYU, "示例二小", ("primary",), "440113"), envelope())
    registry.open_classes(PANYU, 2026, [("三年级", "1班")], envelope())
    pupil, adults = pupil_of(pilot, pilot.learners[0]), [pilot.learners[0], hers.id]
    transfer_id = pilot.book.transfers.announce(pupil, MARCH, PANYU, envelope(IN_MARCH))
    pilot.book.transfers.claim(transfer_id, CLASS, envelope(IN_MARCH))
    pilot.book.transfers.confirm(transfer_id, adults, envelope(IN_MARCH))
    return Family(pilot, pupil.child_id, *adults)


def told(results: list[RowResult]) -> list[str | None]:
    return [result.code for result in results]


@pytest.mark.parametrize("number", ["77001", None])
@pytest.mark.parametrize("group", ["1班", "3班"])
def test_the_child_and_its_adults_are_met_with_and_without_a_phone(
    family: Family, number: str | None, group: str
) -> None:
    row: dict[str, object] = {"student_no": number, "class_group": group}
    rows = [row, row | NO_PHONE]

    preview = family.next_year(*rows, dry_run=True)
    his, hers = family.next_year(*rows)

    assert (his.id, hers.id) == (family.father, family.grandmother)
    assert [(each.outcome, each.code) for each in preview] == [(RowOutcome.CHANGED, None)] * 2
    assert (his.outcome, hers.outcome) == (RowOutcome.CHANGED, RowOutcome.CHANGED)
    assert family.child_of(his.id) == family.child_of(hers.id) == family.child
    assert {each.outcome for each in family.next_year(*rows)} == {RowOutcome.SAME}


def test_another_phone_makes_nobody_another_person(family: Family) -> None:
    [his] = family.next_year(ANOTHER_PHONE)
    assert (his.id, his.outcome) == (family.father, RowOutcome.CHANGED)


def test_an_adult_who_is_new_is_tied_to_the_child_of_that_class_and_name(family: Family) -> None:
    [new] = family.next_year(STRANGER)
    assert (new.outcome, family.child_of(new.id)) == (RowOutcome.NEW, family.child)


def test_in_another_class_a_name_alone_is_a_doubt_until_a_known_adult_brings_it(
    family: Family,
) -> None:
    his: dict[str, object] = {"class_group": "3班"}
    before = family.pilot.book.ledger.position()
    assert told(family.next_year(his | STRANGER)) == ["child_may_be_known"]
    assert family.pilot.book.ledger.position() == before

    results = family.next_year(his, his | STRANGER)

    assert told(results) == [None, None]
    assert {family.child_of(each.id) for each in results} == {family.child}


def test_of_two_namesakes_the_adults_say_which_one_moved(family: Family) -> None:
    other = {"student_no": "77002", "name": "（示例）陈远山", "phone": "10000000555"}
    results = family.next_year(other, {})
    found = {each.id: family.child_of(each.id) for each in results}
    assert found.pop(family.father) == family.child
    assert family.child not in found.values()


def test_two_namesakes_whose_adults_nobody_knows_are_doubtful(family: Family) -> None:
    other = {"student_no": "77002", "name": "（示例）陈远山", "phone": "10000000555"}
    assert told(family.next_year(STRANGER, other)) == ["child_may_be_known"] * 2


def test_a_child_whom_a_number_names_is_no_other_rows_child(family: Family) -> None:
    family.next_year({})
    [new] = family.next_year({"student_no": "77002", **STRANGER, "class_group": "3班"})
    assert (new.code, new.outcome) == (None, RowOutcome.NEW)
    assert family.child_of(new.id) != family.child


def test_a_class_that_changed_after_the_transfer_was_claimed_is_no_other_child(
    family: Family,
) -> None:
    roster = Roster(PANYU, 2026)
    rows = [entry(2, student_no="77001", class_group="3班"), entry(3, class_group="1班")]
    [his, _] = family.pilot.book.rosters.take(roster, rows, envelope(IN_MARCH), dry_run=False)
    assert (his.id, family.child_of(his.id)) == (family.father, family.child)


def test_a_namesake_of_the_parallel_class_is_a_child_of_its_own(pilot: Pilot) -> None:
    bring(pilot, entry(20, student_no=None))
    row = entry(20, student_no=None, class_group="3班", **STRANGER)
    [new] = bring(pilot, row)
    assert (new.outcome, new.code) == (RowOutcome.NEW, None)
