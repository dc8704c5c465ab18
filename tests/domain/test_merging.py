"""Merging two records of one person, and parting them: the person keeps every child and place."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import NAMESPACE_OID, UUID, uuid5

import pytest

from domain.enrolment import Enrolment, Leaving, Places
from domain.learner import Learner
from domain.merging import (
    Evidence,
    MergedAlready,
    MergeWithOneself,
    NotMerged,
    merge,
    unmerge,
)
from domain.refusals import Refused
from tests.domain.given import by, history, news

SCHOOL, NEXT, DAY = "4401040001", "4401040009", date(2026, 10, 1)
MING, HONG, LEI = (uuid5(NAMESPACE_OID, name) for name in ("小明", "小红", "小磊"))
FIRST, SECOND, THIRD = (uuid5(NAMESPACE_OID, name) for name in ("一", "二", "三"))


def place(child: UUID, **different: object) -> Enrolment:
    values: dict[str, object] = {
        "child_id": child, "school_code": SCHOOL, "stage": "primary", "grade": "三年级",
        "class_group": "2班", "school_year": 2026,
    }  # fmt: skip
    return Enrolment.model_validate(values | different)


def grandmother(record: UUID, *children: UUID) -> Learner:
    """One record of her, through these grandchildren; so far it is no news."""
    made = Learner(id=record, name_commitment="c0ffee", envelope=by())
    for child in children:
        made.link_child(child, "61", False, "roster", by())
        made.enrol(place(child), by())
    news(made)
    return made


def merged(survivor: Learner, other: Learner) -> None:
    merge(survivor, other, Evidence.SAME_PHONE, (), by())


def invited(learner: Learner) -> set[UUID]:
    return {each.child_id for each in learner.enrolments_at(SCHOOL, 2026)}


def test_the_survivor_takes_part_through_the_children_of_both() -> None:
    one, other = grandmother(FIRST, MING), grandmother(SECOND, MING, HONG)
    merged(one, other)

    assert invited(one) == {MING, HONG}
    assert invited(other) == set()
    assert one.merged_ids == {SECOND}
    assert other.merged_into == FIRST
    [fact, *_] = news(one)
    assert isinstance(fact, Learner.Merged)
    assert (fact.brought.children, fact.brought.records) == ((HONG,), (SECOND,))


def test_the_same_merge_again_is_no_news() -> None:
    one, other = grandmother(FIRST, MING), grandmother(SECOND, HONG)
    merged(one, other)
    news(one), news(other)
    merged(one, other)
    assert news(one) == news(other) == []


def test_nobody_is_merged_with_oneself() -> None:
    one = grandmother(FIRST, MING)
    with pytest.raises(MergeWithOneself):
        merged(one, one)
    assert news(one) == []


def test_a_record_that_was_merged_is_merged_no_second_time() -> None:
    one, other, third = grandmother(FIRST), grandmother(SECOND), grandmother(THIRD)
    merged(one, other)
    for survivor, gone in ((third, other), (other, third)):
        with pytest.raises(MergedAlready):
            merged(survivor, gone)


def test_a_chain_of_merges_leads_to_its_end() -> None:
    one, other, third = (grandmother(FIRST, MING), grandmother(SECOND, HONG),
                         grandmother(THIRD, LEI))  # fmt: skip
    merged(other, one)
    merged(third, other)

    assert third.merged_ids == {FIRST, SECOND}
    assert invited(third) == {MING, HONG, LEI}


def test_unmerge_gives_back_what_came_and_leaves_what_was_there() -> None:
    one, other = grandmother(FIRST, MING), grandmother(SECOND, MING, HONG)
    before = (invited(one), invited(other), dict(other.guardianships))
    merged(one, other)
    unmerge(one, other, by())

    assert (invited(one), invited(other), dict(other.guardianships)) == before
    assert set(one.guardianships) == {MING}
    assert one.merged_ids == frozenset()
    assert other.merged_into is None


@pytest.mark.parametrize("first", [0, 1])
def test_a_child_that_two_merged_records_had_stays_until_the_last_of_them_is_parted(
    first: int,
) -> None:
    one, parts = grandmother(FIRST, MING), [grandmother(SECOND, HONG), grandmother(THIRD, HONG)]
    for each in parts:
        merged(one, each)
    gone, left = parts[first], parts[1 - first]

    unmerge(one, gone, by(), [left])
    assert (invited(one), invited(gone)) == ({MING, HONG}, {HONG})
    one.enrol(place(HONG, school_year=2027, grade="四年级"), by())
    unmerge(one, left, by())

    assert (set(one.guardianships), set(left.guardianships)) == ({MING}, {HONG})
    assert (invited(one), invited(left)) == ({MING}, {HONG})
    assert len(left.enrolments_at(SCHOOL, 2027)) == 1
    assert one.enrolments_at(SCHOOL, 2027) == ()


def test_a_place_of_a_later_year_goes_back_with_its_child() -> None:
    one, other = grandmother(FIRST, MING), grandmother(SECOND, HONG)
    merged(one, other)
    later = place(HONG, school_year=2027, grade="四年级")
    one.enrol(later, by())
    unmerge(one, other, by())

    assert other.enrolments_at(SCHOOL, 2027) == (later,)
    assert one.years_enrolled("primary") == {2026}


def test_a_place_that_had_ended_comes_as_ended() -> None:
    one, other = grandmother(FIRST), grandmother(SECOND, MING)
    other.end_enrolment(place(MING), DAY, Leaving.LEFT, by())
    merged(one, other)

    assert invited(one) == set()
    assert one.years_enrolled("primary") == {2026}


def test_a_place_that_had_ended_goes_back_as_ended() -> None:
    one, other = grandmother(FIRST), grandmother(SECOND, MING)
    other.end_enrolment(place(MING), DAY, Leaving.TRANSFERRED, by())
    other.enrol(place(MING, school_code=NEXT), by())
    merged(one, other)
    news(other)
    unmerge(one, other, by())

    assert other.enrolments.ended == {place(MING).key: (DAY, Leaving.TRANSFERRED)}
    assert [type(fact).__name__ for fact in news(other)] == ["UnmergedFrom", "GuardianshipLinked"]


def test_a_place_that_ended_while_the_records_were_one_goes_back_as_ended() -> None:
    one, other = grandmother(FIRST), grandmother(SECOND, MING)
    merged(one, other)
    later = place(MING, school_year=2027, grade="四年级")
    one.enrol(later, by())
    for gone in (place(MING), later):
        one.end_enrolment(gone, DAY, Leaving.LEFT, by())
    unmerge(one, other, by())

    assert other.enrolments.ended == dict.fromkeys(
        (place(MING).key, later.key), (DAY, Leaving.LEFT)
    )
    assert other.enrolments_at(SCHOOL, 2026, DAY) == ()
    assert one.enrolments == Places()


@pytest.mark.parametrize("parted", [False, True])
def test_a_place_that_began_with_a_move_comes_and_goes_back_with_its_day(parted: bool) -> None:
    one, other, moved = grandmother(FIRST), grandmother(SECOND, MING), place(MING, school_code=NEXT)
    if not parted:
        other.enrol(moved, by(), DAY)
    merged(one, other)
    if parted:
        one.enrol(moved, by(), DAY)
        unmerge(one, other, by())

    holds = (other if parted else one).enrolments.holds
    assert [holds(MING, NEXT, 2026, day) for day in (DAY - timedelta(days=1), DAY)] == [False, True]


@pytest.mark.parametrize("again", [date(2026, 12, 1), None])
def test_a_place_that_was_taken_again_goes_back_as_it_stands(again: date | None) -> None:
    """The child came back after the merge, and may have left once more."""
    one, other = grandmother(FIRST), grandmother(SECOND, MING)
    other.end_enrolment(place(MING), DAY, Leaving.LEFT, by())
    merged(one, other)
    one.enrol(place(MING), by())
    if again:
        one.end_enrolment(place(MING), again, Leaving.LEFT, by())
    unmerge(one, other, by())

    known = {place(MING).key: (again, Leaving.LEFT)} if again else {}
    assert other.enrolments.ended == known


@pytest.mark.parametrize("into_another", [False, True])
def test_what_was_not_merged_here_is_not_parted_here(into_another: bool) -> None:
    one, other, third = grandmother(FIRST), grandmother(SECOND), grandmother(THIRD)
    if into_another:
        merged(third, other)
    with pytest.raises(NotMerged):
        unmerge(one, other, by())


def test_of_a_chain_the_last_merge_is_undone_first() -> None:
    one, other, third = grandmother(FIRST), grandmother(SECOND), grandmother(THIRD)
    merged(other, one)
    merged(third, other)
    with pytest.raises(MergedAlready):
        unmerge(other, one, by())
    unmerge(third, other, by())
    unmerge(other, one, by())
    assert third.merged_ids == other.merged_ids == frozenset()


def test_both_records_are_the_same_after_a_reload() -> None:
    records = [Learner(id=key, name_commitment="c0ffee", envelope=by()) for key in (FIRST, SECOND)]
    one, other = records
    other.link_child(MING, "61", False, "roster", by())
    other.enrol(place(MING), by())
    merged(one, other)
    unmerge(one, other, by())
    merged(one, other)
    for record in records:
        assert vars(history(news(record))) == vars(record)


def test_every_refusal_of_a_merge_has_a_code_of_its_own() -> None:
    kinds: tuple[type[Refused], ...] = (MergeWithOneself, MergedAlready, NotMerged)
    assert len({kind.code for kind in kinds}) == len(kinds)
