"""Totals of credits, and how many online hours count beside those in person."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from domain.totals import Totals
from tests.domain.given import credit


def in_person_and_online(in_person: int, online: int) -> Totals:
    return Totals.of([credit(0, hours=in_person), credit(1, hours=online, mode="micro_class")])


def test_totals_tell_how_hours_were_earned() -> None:
    totals = Totals.of(
        [
            credit(0, mode="theme_activity"),
            credit(1, mode="micro_class", hours=100, family="life_education"),
            credit(2, mode="parent_lecturer", hours=400, family="life_education"),
        ]
    )
    assert (totals.hours, totals.face_to_face, totals.online) == (700, 600, 100)
    assert totals.families == {"mental_health": 1, "life_education": 2}
    assert (totals.theme_activities, totals.shares) == (1, 1)


def test_four_hours_online_count_beside_four_in_person() -> None:
    assert in_person_and_online(400, 400).counted(50) == 800


def test_without_a_share_every_online_hour_counts() -> None:
    assert in_person_and_online(0, 400).counted(100) == 400


@given(in_person=st.integers(0, 20), online=st.integers(0, 20), percent=st.integers(0, 100))
def test_online_hours_are_never_more_than_their_share(
    in_person: int, online: int, percent: int
) -> None:
    counted = in_person_and_online(in_person * 50, online * 50).counted(percent)
    online_counted = counted - in_person * 50
    assert 0 <= online_counted <= online * 50
    assert online_counted * 100 <= percent * counted
    if online_counted < online * 50:
        assert (online_counted + 1) * 100 > percent * (counted + 1)
