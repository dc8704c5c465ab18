"""Rosters become learners: one natural person is one learner, whoever brings them first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from ledger.book import Book
from ledger.plans import RowOutcome
from ledger.roster import Roster
from tests.acting import SCHOOL, Pilot, entry, envelope

OTHER = "4401040003"


def test_two_schools_that_bring_the_same_parents_at_once_find_one_learner_each(
    pilot: Pilot,
) -> None:
    rows = [entry(row) for row in range(20, 30)]

    def bring(code: str) -> list[str]:
        results = pilot.book.rosters.take(Roster(code, 2026), rows, envelope(), dry_run=False)
        return [str(result.id) for result in results]

    with ThreadPoolExecutor(2) as offices:
        [here, there] = offices.map(bring, [SCHOOL, OTHER])

    assert here == there
    assert len(set(here)) == len(rows)


def test_a_dry_run_leaves_neither_event_nor_person(book: Book) -> None:
    Pilot(book).set_up(families=0)
    before = book.ledger.position()

    [result] = book.rosters.take(Roster(SCHOOL, 2026), [entry(2)], envelope(), dry_run=True)

    assert result.outcome is RowOutcome.NEW
    assert book.ledger.position() == before
    assert result.id is not None
    assert book.vault.open([result.id]) == {}


def test_father_and_son_who_share_a_phone_are_two_learners(pilot: Pilot) -> None:
    rows = [
        entry(40, phone="10000009999", name="（示例）甲父"),
        entry(41, phone="10000009999", name="（示例）甲爷", relation_code="61", is_guardian=False),
    ]

    results = pilot.book.rosters.take(Roster(SCHOOL, 2026), rows, envelope(), dry_run=False)

    assert len({result.id for result in results}) == 2


def test_a_second_father_is_left_to_a_person(pilot: Pilot) -> None:
    same_child = {"child_name": "（示例）陈小50", "student_no": "20230050"}
    rows = [entry(50), entry(51, **same_child, name="（示例）另一人", phone="10000008888")]

    first, second = pilot.book.rosters.take(Roster(SCHOOL, 2026), rows, envelope(), dry_run=False)

    assert first.outcome is RowOutcome.NEW
    assert (second.outcome, second.code) == (
        RowOutcome.DOUBTFUL, "another_person_has_this_relation",
    )  # fmt: skip


def test_a_new_phone_is_a_change_and_the_same_file_again_is_none(pilot: Pilot) -> None:
    changed = [entry(2, phone="10000007777")]

    [first] = pilot.book.rosters.take(Roster(SCHOOL, 2026), changed, envelope(), dry_run=False)
    before = pilot.book.ledger.position()
    [again] = pilot.book.rosters.take(Roster(SCHOOL, 2026), changed, envelope(), dry_run=False)

    assert (first.outcome, again.outcome) == (RowOutcome.CHANGED, RowOutcome.SAME)
    assert pilot.book.ledger.position() == before
    assert first.id == pilot.learners[0]


def test_an_older_list_does_not_bring_back_an_older_phone(pilot: Pilot) -> None:
    learner = pilot.learners[0]

    def phone() -> str:
        return pilot.book.vault.open([learner])[learner].fields["phone"]

    def brought(phone: str) -> RowOutcome:
        rows = [entry(2, phone=phone)]
        [found] = pilot.book.rosters.take(Roster(SCHOOL, 2026), rows, envelope(), dry_run=False)
        assert found.id == learner
        return found.outcome

    september = phone()
    assert brought("10000007777") is RowOutcome.CHANGED
    assert brought(september) is RowOutcome.SAME
    assert phone() == "10000007777"
    assert brought("10000008888") is RowOutcome.CHANGED
    assert brought("10000007777") is RowOutcome.SAME
    assert phone() == "10000008888"
