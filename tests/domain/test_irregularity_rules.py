"""The rules of irregularities: what is ordinary goes unseen, each oddity has a rule of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from domain.envelope import Channel
from domain.irregularity_look import Elsewhere, Evening, Flag, LateEntry, Look, Rule, Seen
from domain.irregularity_rules import DEFAULTS, families_among, flags_of, most_within, score_of
from ledger.rulebooks import default_rulebook

STARTS = datetime(2026, 9, 18, 11, 0, tzinfo=UTC)
ENDS = STARTS + timedelta(minutes=80)
RULES = default_rulebook().attendance
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HALL, LIBRARY = UUID(int=1), UUID(int=2)
HOST, DESK = UUID(int=8), UUID(int=9)
EVENING = Evening(
    HALL, "4401040001", "2026-1", "报告厅", 200, 40, STARTS, ENDS, STARTS, ENDS, HOST
)  # fmt: skip


def seen(number: int, **given: Any) -> Seen:
    """The parent of one child, who scanned the code as it was shown."""
    values: dict[str, Any] = {
        "learner_id": UUID(int=100 + number), "child_ids": (UUID(int=500 + number),),
        "channel": Channel.ROTATING_QR, "recorded_by": UUID(int=100 + number),
        "checked_in_at": STARTS, "came": STARTS, "left": ENDS, "device_hash": f"phone {number}",
    }  # fmt: skip
    return Seen(**(values | given))


def scanned(number: int, step: int, age: int, channel: str = Channel.ROTATING_QR) -> Seen:
    """Somebody whose scan of a code came so many seconds after the screen began to show it."""
    length = 12 if channel == Channel.ROTATING_QR else 60
    at = EPOCH + timedelta(seconds=step * length + age)
    return seen(number, channel=channel, code_step=step, checked_in_at=at, came=at)


def found(look: Look) -> list[Flag]:
    return list(flags_of(look))


def looked(persons: Sequence[Seen], **given: Any) -> Look:
    return Look(EVENING, RULES, persons, **given)


def test_an_ordinary_evening_is_seen_by_no_rule() -> None:
    assert found(looked([seen(n) for n in range(60)])) == []


def elsewhere(minutes: int, **given: Any) -> Elsewhere:
    """The person of number 0, who went to the library so many minutes before leaving the hall."""
    came = ENDS - timedelta(minutes=minutes)
    there = Elsewhere(
        UUID(int=100), STARTS, ENDS, LIBRARY, EVENING.school_code, "图书馆", came, None
    )
    return replace(there, **given)


def test_nobody_is_at_two_places_for_longer_than_clocks_may_differ() -> None:
    def flags(minutes: int) -> list[Flag]:
        return found(looked([seen(0)], elsewhere=[elsewhere(minutes)]))

    assert flags(29) == []
    [flag] = flags(30)
    assert (flag.rule, flag.score, flag.facts) == (Rule.OVERLAP, 50, {"overlap_minutes": 30})
    assert flag.session_ids == (HALL, LIBRARY)
    assert flag.learner_ids == (UUID(int=100),)


def test_two_sessions_in_the_same_room_are_no_two_places() -> None:
    assert found(looked([seen(0)], elsewhere=[elsewhere(60, other_place="报告厅")])) == []


def test_a_stay_without_a_check_out_proves_no_overlap_within_a_school() -> None:
    assert found(looked([seen(0)], elsewhere=[elsewhere(60, left=None)])) == []


@pytest.mark.parametrize(("minutes", "is_odd"), [(4, True), (10, True), (11, False)])
def test_check_ins_at_two_schools_lie_apart_by_the_way_between_them(
    minutes: int, *, is_odd: bool
) -> None:
    there = elsewhere(
        0, left=None, other_school_code="4401040002",
        other_came=STARTS + timedelta(minutes=minutes),
    )  # fmt: skip
    assert [f.facts for f in found(looked([seen(0)], elsewhere=[there]))] == (
        [{"apart_minutes": minutes}] if is_odd else []
    )


def test_a_family_may_share_a_phone_and_a_few_families_too() -> None:
    child = (UUID(int=500),)
    family = [seen(n, child_ids=child, device_hash="one") for n in range(5)]
    assert found(looked(family)) == []
    assert found(looked([seen(n, device_hash="one") for n in range(3)])) == []


def test_a_phone_that_checks_in_four_families_is_odd() -> None:
    [flag] = found(looked([seen(n, device_hash="one") for n in range(4)]))
    assert flag.rule is Rule.SHARED_DEVICE
    assert flag.facts == {"persons": 4, "families": 4}
    assert len(flag.learner_ids) == 4


def test_families_are_joined_by_whoever_shares_a_child() -> None:
    a, b, c = (UUID(int=n) for n in (1, 2, 3))
    chain = [seen(1, child_ids=(a,)), seen(2, child_ids=(b,)), seen(3, child_ids=(a, b))]
    assert families_among(chain) == 1
    assert families_among([*chain, seen(4, child_ids=(c,)), seen(5, child_ids=())]) == 3


def entered(number: int, seconds: int, channel: str = Channel.STAFF_ENTRY) -> Seen:
    at = STARTS + timedelta(seconds=seconds)
    return seen(
        number, channel=channel, recorded_by=DESK, checked_in_at=at, came=at, device_hash=None
    )


def test_a_desk_takes_people_one_by_one_but_not_by_the_dozen_in_a_minute() -> None:
    assert found(looked([entered(n, n * 10) for n in range(60)])) == []
    [flag] = found(looked([entered(n, n * 3) for n in range(30)]))
    assert (flag.rule, flag.score, flag.staff_ids) == (Rule.STAFF_BURST, 100, (DESK,))
    assert flag.learner_ids == ()


def test_a_scanner_of_personal_codes_is_as_fast_as_it_likes() -> None:
    assert found(looked([entered(n, n, Channel.STAFF_SCAN) for n in range(60)])) == []


def test_a_correction_is_no_entry_at_the_desk() -> None:
    put_right = [replace(entered(n, 0), is_corrected=True) for n in range(30)]
    assert found(looked(put_right)) == []


def test_the_window_holds_what_lies_in_it() -> None:
    moments = [STARTS + timedelta(seconds=each) for each in (0, 60, 120, 121, 500)]
    assert most_within(moments, timedelta(minutes=2)) == 3
    assert most_within([], timedelta(minutes=2)) == 0


def late(number: int, days: float) -> LateEntry:
    return LateEntry(UUID(int=100 + number), ENDS + timedelta(days=days), DESK)


def test_entries_are_late_once_the_days_for_confirming_stays_are_over() -> None:
    assert found(looked([], late=[late(n, 7) for n in range(9)])) == []
    assert found(looked([], late=[late(n, 8) for n in range(2)])) == []
    [flag] = found(looked([], late=[late(n, 14) for n in range(3)]))
    assert (flag.rule, flag.score) == (Rule.LATE_ENTRY, 100)
    assert flag.facts == {"persons": 3, "days": 14}


def test_each_day_of_late_entries_is_a_cause_of_its_own() -> None:
    flags = found(looked([], late=[late(n, day) for n in range(3) for day in (9, 10)]))
    assert len({flag.cause for flag in flags}) == 2


@pytest.mark.parametrize(("minutes", "is_odd"), [(65, False), (64, True), (0, True)])
def test_a_session_may_end_a_little_early(minutes: int, *, is_odd: bool) -> None:
    held = replace(EVENING, closed_at=STARTS + timedelta(minutes=minutes))
    flags = found(Look(held, RULES, []))
    assert [flag.rule for flag in flags] == ([Rule.SHORT_SESSION] if is_odd else [])


def test_class_hours_that_were_taken_back_make_a_session_long_enough() -> None:
    held = replace(EVENING, closed_at=STARTS + timedelta(minutes=40), class_hours=100)
    assert found(Look(held, RULES, [])) == []


def crowd(first: int = 1000, scans: int = 40) -> list[Seen]:
    """People who scan what the screen shows, four to a code."""
    return [scanned(n, first + n // 4, n % 4 * 3 + 2) for n in range(scans)]


def test_a_picture_that_was_sent_round_is_opened_late_by_all_who_have_it() -> None:
    relayed = [scanned(100 + n, 2000, 19 + n) for n in range(5)]
    [flag] = found(looked([*crowd(), *relayed]))
    assert flag.rule is Rule.RELAYED_CODE
    assert set(flag.learner_ids) == {each.learner_id for each in relayed}
    assert flag.facts == {"persons": 5, "codes": 1, "late_elsewhere": 0}


def test_a_slow_network_makes_every_code_late_and_is_no_relay() -> None:
    slow = [scanned(n, 1000 + n // 4, 20 + n % 4) for n in range(20)]
    waiting = [scanned(100 + n, 3000 + n, 20) for n in range(12)]
    assert found(looked([*slow[:4], *waiting, *crowd(4000, 8)])) == []


def test_a_few_late_scans_of_a_full_code_are_slow_phones() -> None:
    full = [scanned(n, 1000, 3) for n in range(20)] + [scanned(9 + n, 1000, 20) for n in range(4)]
    assert found(looked([*full, *crowd(2000)])) == []


def test_a_number_that_was_read_out_is_typed_late() -> None:
    typed = [scanned(n, 50, 76 + n, Channel.TYPED_CODE) for n in range(4)]
    on_time = [scanned(50 + n, 60 + n, 30, Channel.TYPED_CODE) for n in range(20)]
    [flag] = found(looked([*typed, *on_time]))
    assert flag.rule is Rule.RELAYED_CODE


def test_whoever_came_by_no_code_is_part_of_no_relay() -> None:
    by_desk = [seen(n, channel=Channel.STAFF_SCAN, code_step=1) for n in range(9)]
    assert found(looked(by_desk)) == []


def test_the_score_is_fifty_at_the_threshold_and_full_at_its_double() -> None:
    assert [score_of(n, 10) for n in (10, 15, 20, 99)] == [50, 75, 100, 100]
    assert score_of(1, 0) == 50
    assert DEFAULTS.relay_persons == 4
