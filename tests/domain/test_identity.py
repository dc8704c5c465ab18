"""Ids made of their parts: the same parts, the same id; one bit differs, and so does the id."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from domain.identity import attendance_id, beside, derived, timed_id
from tests.domain.given import CHEN, EVENING, LIN

moments = st.datetimes(datetime(2024, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def test_an_id_is_made_of_its_parts_for_ever() -> None:
    assert derived("school", "4401040001") == UUID("28c9994e-ab76-58c6-9919-21752a631bf7")
    assert derived("a", "b") == derived("a", "b") != derived("ab") != derived("b", "a")
    assert derived(1) != derived(True)  # equal as keys, different as words


@given(st.uuids(), st.uuids())
def test_an_attendance_id_begins_like_its_session_and_is_a_uuid_of_version_8(
    session: UUID, learner: UUID
) -> None:
    made = attendance_id(session, learner)
    assert made.bytes[:6] == session.bytes[:6]
    assert (made.version, made.variant) == (8, "specified in RFC 4122")
    assert made == attendance_id(session, learner)


@given(st.uuids(), st.uuids(), st.uuids())
def test_no_two_learners_share_an_attendance(session: UUID, one: UUID, two: UUID) -> None:
    assert (attendance_id(session, one) == attendance_id(session, two)) == (one == two)


@given(moments, st.text(max_size=9))
def test_a_planned_id_is_a_uuid_of_version_7_of_the_planned_second(at: datetime, key: str) -> None:
    made = timed_id(at, "4401040001", key)
    milliseconds = int.from_bytes(made.bytes[:6])
    assert made.version == 7
    assert datetime.fromtimestamp(milliseconds // 1000, UTC) == at.replace(microsecond=0)
    assert made == timed_id(at, "4401040001", key)


@given(moments, st.integers(1, 10_000_000), st.text(max_size=9), st.text(max_size=9))
def test_planned_ids_are_ordered_by_the_second(
    at: datetime, seconds: int, one: str, two: str
) -> None:
    assert timed_id(at, one) < timed_id(at + timedelta(seconds=seconds), two)


def test_schools_that_begin_at_the_same_time_do_not_share_the_first_six_bytes() -> None:
    firsts = {timed_id(EVENING, f"44010400{n:02}", "row").bytes[:6] for n in range(50)}
    assert len(firsts) > 40


def test_a_learner_has_one_attendance_id_in_each_session() -> None:
    sessions = [timed_id(EVENING, "4401040001", str(n)) for n in range(20)]
    assert len({attendance_id(s, who) for s in sessions for who in (CHEN, LIN)}) == 40


def test_ids_of_planned_times_and_of_what_lies_beside_a_session_never_change() -> None:
    planned = [timed_id(EVENING, "4401040001", n, f"第{n}行") for n in range(40)]
    around = [beside(each, "credit", n) for n, each in enumerate(planned)]
    there = [attendance_id(each, CHEN) for each in planned]
    digests = [
        sha256(b"".join(each.bytes for each in ids)).hexdigest()[:16]
        for ids in (planned, around, there)
    ]
    assert digests == ["a8ba9ec4bfb9de75", "73012386a2c4e3b5", "06a80cb8911334ac"]
