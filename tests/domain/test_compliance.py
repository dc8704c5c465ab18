"""A school's duty of a term: 2 activities and 8 class hours, counted once, and the light."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

import pytest

from domain.calendar import Term
from domain.compliance import Compliance, Light, Tally, TermSession, Verdict, comply
from domain.standing import Standing
from tests.domain.given import RULES

TERM = Term(school_year=2026, term_no=1, begins=date(2026, 9, 1), ends=date(2027, 2, 21))
OCTOBER = date(2026, 10, 15)
GRADES = ("一年级", "三年级")


def session(number: int = 1, class_hours: int = 400, **different: Any) -> TermSession:
    """An attested evening for the whole school in September, each of another course."""
    begins_at = datetime(2026, 9, 10, 11, tzinfo=UTC) + timedelta(days=number)
    facts: dict[str, Any] = {
        "session_id": named(f"session {number}"),
        "course_id": named(f"course {number}"),
        "mode": "on_site",
        "class_hours": class_hours,
        "grades": (),
        "begins_at": begins_at,
        "ends_at": begins_at + timedelta(hours=2),
        "standing": Standing.ATTESTED,
    }
    return TermSession(**(facts | different))


def planned(number: int, day: date, **different: Any) -> TermSession:
    begins_at = datetime.combine(day, time(11), UTC)
    times: dict[str, Any] = {"begins_at": begins_at, "ends_at": begins_at + timedelta(hours=2)}
    return session(number, standing=Standing.SCHEDULED, **times, **different)


def named(name: str) -> UUID:
    return uuid5(NAMESPACE_OID, name)


def on(day: date, *sessions: TermSession) -> Compliance:
    return comply(sessions, GRADES, TERM, RULES, datetime.combine(day, time(4), UTC))


def test_worked_example_8() -> None:
    """2 activities of 3 class hours: 6 < 8. 1 activity of 8: 1 < 2. 2 activities of 4: met."""
    after_the_term = date(2027, 3, 10)

    two_of_three = on(after_the_term, session(1, 300), session(2, 300))
    one_of_eight = on(after_the_term, session(1, 800))
    two_of_four = on(after_the_term, session(1, 400), session(2, 400))

    assert (two_of_three.counted, two_of_three.light) == (Tally(2, 600), Light.NOT_MET)
    assert (one_of_eight.counted, one_of_eight.light) == (Tally(1, 800), Light.NOT_MET)
    assert (two_of_four.counted, two_of_four.light) == (Tally(2, 800), Light.MET)


def test_the_same_course_for_several_classes_counts_once_by_its_longest_run() -> None:
    course = named("reading together")
    short = session(1, 200, course_id=course, grades=("一年级",))
    long = session(2, 300, course_id=course, grades=("三年级",))

    judged = on(OCTOBER, short, long, session(3, 400))

    assert judged.counted == Tally(2, 700)
    assert judged.verdicts[short.session_id] is Verdict.PARALLEL_RUN
    assert judged.verdicts[long.session_id] is Verdict.COUNTS


def test_the_second_report_says_what_one_family_of_a_grade_could_have_had() -> None:
    course = named("reading together")
    judged = on(
        OCTOBER,
        session(1, 200, course_id=course, grades=("一年级",)),
        session(2, 300, course_id=course, grades=("三年级",)),
        session(3, 400, grades=("三年级",)),
        session(4, 100),
    )

    assert judged.by_grade == {"一年级": Tally(2, 300), "三年级": Tally(3, 800)}
    assert judged.in_reach_by_grade == judged.by_grade


@pytest.mark.parametrize(
    ("different", "verdict"),
    [
        ({"standing": Standing.CANCELLED}, Verdict.CANCELLED),
        ({"standing": Standing.VOIDED}, Verdict.VOIDED),
        ({"standing": Standing.OPENED}, Verdict.NOT_ATTESTED),
        ({"standing": Standing.CLOSED}, Verdict.NOT_ATTESTED),
        ({"standing": Standing.SCHEDULED}, Verdict.NOT_HELD),
        ({"mode": "info_push"}, Verdict.MODE_NOT_COUNTED),
        ({"mode": "parent_meeting"}, Verdict.MODE_NOT_COUNTED),
    ],
)
def test_what_does_not_count_says_why(different: dict[str, Any], verdict: Verdict) -> None:
    one = session(1, **different)
    judged = on(OCTOBER, one)

    assert (judged.verdicts[one.session_id], judged.counted) == (verdict, Tally(0, 0))


def test_a_session_to_come_is_planned_and_counts_only_as_within_reach() -> None:
    coming = planned(2, date(2026, 11, 1))
    judged = on(OCTOBER, session(1), coming)

    assert judged.verdicts[coming.session_id] is Verdict.PLANNED
    assert (judged.counted, judged.in_reach) == (Tally(1, 400), Tally(2, 800))


def test_the_light_is_on_course_while_the_plan_suffices_and_time_is_left() -> None:
    plan = session(1), planned(2, date(2027, 2, 10))

    assert on(OCTOBER, *plan).light is Light.ON_COURSE
    assert on(date(2027, 1, 24), *plan).light is Light.AT_RISK  # 28 days left
    assert on(OCTOBER, plan[0]).light is Light.AT_RISK


def test_after_the_term_what_was_held_may_still_be_attested_while_late_posting_lasts() -> None:
    plan = session(1), session(2, standing=Standing.CLOSED)

    assert on(date(2027, 3, 7), *plan).light is Light.AT_RISK
    assert on(date(2027, 3, 8), *plan).light is Light.NOT_MET
    assert on(date(2027, 2, 22), plan[0]).light is Light.NOT_MET
    assert on(date(2027, 2, 21), plan[0]).light is Light.AT_RISK  # one may be announced today


def test_a_school_without_any_session_has_reported_nothing() -> None:
    assert on(OCTOBER).light is Light.NOT_REPORTED


def test_a_week_that_has_begun_counts_as_left() -> None:
    assert [on(date(2027, 2, day)).weeks_left for day in (7, 8, 20, 21, 22)] == [2, 2, 1, 0, 0]


def test_what_did_not_begin_by_its_end_was_not_held() -> None:
    one = planned(1, OCTOBER)
    for seconds, verdict in ((-1, Verdict.PLANNED), (0, Verdict.NOT_HELD)):
        judged = comply([one], GRADES, TERM, RULES, one.ends_at + timedelta(seconds=seconds))
        assert judged.verdicts[one.session_id] is verdict
