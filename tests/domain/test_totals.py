"""Totals of credits, and how many online hours count beside those in person."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from domain.crediting import Credit
from domain.rulebook import Rulebook
from domain.totals import Totals
from tests.domain.given import RULES, changed, credit


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
    assert in_person_and_online(400, 400).counted(RULES) == 800


def test_without_a_share_every_online_hour_counts() -> None:
    assert in_person_and_online(0, 400).counted(online_at_most(100)) == 400


def online_at_most(percent: int, external: int = 50) -> Rulebook:
    rules = changed("no_double_credit.online_max_percent", percent)
    own = rules.external.model_copy(update={"max_percent_of_requirement": external})
    return rules.model_copy(update={"external": own})


@given(in_person=st.integers(0, 20), online=st.integers(0, 20), percent=st.integers(0, 100))
def test_online_hours_are_never_more_than_their_share(
    in_person: int, online: int, percent: int
) -> None:
    counted = in_person_and_online(in_person * 50, online * 50).counted(online_at_most(percent))
    online_counted = counted - in_person * 50
    assert 0 <= online_counted <= online * 50
    assert online_counted * 100 <= percent * counted
    if online_counted < online * 50:
        assert (online_counted + 1) * 100 > percent * (counted + 1)


@given(own=st.integers(0, 20), external=st.integers(0, 20), asked=st.integers(0, 12))
def test_hours_from_elsewhere_are_never_more_than_their_share_of_what_is_asked(
    own: int, external: int, asked: int
) -> None:
    lines = (credit(0, hours=own * 50), recognised(1, external * 50))
    counted = Totals.of(lines).counted(RULES, asked * 100)
    assert counted == own * 50 + min(external * 50, asked * 50)


@given(
    own=st.integers(0, 6),
    online=st.integers(0, 6),
    external=st.integers(0, 6),
    external_online=st.integers(0, 6),
    asked=st.integers(0, 8),
    share=st.sampled_from([0, 25, 50, 75, 100]),
    percent=st.sampled_from([0, 50, 75, 100]),
)
def test_both_shares_bind_together_and_nothing_that_keeps_them_is_more(
    own: int, online: int, external: int, external_online: int, asked: int, share: int, percent: int
) -> None:
    """Every choice of whole hours is tried; the rule counts as much as the best of them."""
    totals = Totals.of(
        (
            credit(0, hours=own),
            credit(1, hours=online, mode="micro_class"),
            recognised(2, external),
            recognised(3, external_online, face_to_face=False),
        )
    )
    best = max(
        own + o + x + y
        for o in range(online + 1)
        for x in range(external + 1)
        for y in range(external_online + 1)
        if (x + y) * 100 <= share * asked and (o + y) * (100 - percent) <= percent * (own + x)
    )
    assert totals.counted(online_at_most(percent, share), asked) == best


def test_recognised_hours_in_person_are_counted_before_those_online() -> None:
    """Half of eight hours: three in person and one of the three online."""
    lines = (recognised(0, 300), recognised(1, 300, face_to_face=False), credit(2, hours=400))
    assert Totals.of(lines).counted(RULES, 800) == 800


def test_where_no_hours_are_asked_for_all_that_were_recognised_count() -> None:
    assert Totals.of((credit(0), recognised(1, 900))).counted(RULES) == 1100


def recognised(number: int, hours: int, *, face_to_face: bool = True) -> Credit:
    line = credit(number, hours=hours, mode="external_recognised")
    return line.model_copy(update={"face_to_face": face_to_face})
