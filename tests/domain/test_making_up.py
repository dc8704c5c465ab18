"""A missed session is made up for once, by the same course, in time, so often in a term."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from domain.leave import Leave
from domain.make_up import (
    MakeUp,
    MakeUpAssignedOtherwise,
    MakeUpNotAssigned,
    MakeUpOfAnother,
    MakeUpReason,
    MakeUps,
    MakeUpsUsed,
    MakeUpTaken,
)
from domain.making_up import (
    MakeUpNotDue,
    MakeUpOtherCourse,
    MakeUpTooLate,
    as_made_up,
    by_micro_class,
    by_session,
    due_until,
)
from domain.session import Session
from domain.session_refusals import SessionState
from tests.domain.given import CHEN, EVENING, RULES, by, changed, claim, history, news
from tests.domain.refusing import refused
from tests.domain.sessions import ENDS, at, attested, cancelled, opened, plan, scheduled
from tests.domain.studies import micro_class
from tests.domain.test_leave import asked

DAYS = RULES.make_up.within_days
DAY = timedelta(days=1)
LEAVE = MakeUpReason.LEAVE
LAST = (EVENING + DAYS * DAY).date()


def next_run(days: int = 7, **different: object) -> Session:
    later = {"begins_at": EVENING + days * DAY, "ends_at": ENDS + days * DAY}
    return Session(id=uuid4(), plan=plan(**{**later, **different}), envelope=at(-9000))


def way(missed: Session, other: Session) -> MakeUp:
    return by_session(missed, LEAVE, other, LAST, EVENING)


def granted(session: Session) -> Leave:
    leave = asked(session)
    leave.grant(by())
    return leave


@pytest.mark.parametrize("reason", MakeUpReason)
def test_a_make_up_is_due_for_what_was_missed_with_a_reason(reason: MakeUpReason) -> None:
    missed = cancelled() if reason is MakeUpReason.CANCELLED else scheduled()
    leave = granted(scheduled())
    assert due_until(missed, reason, leave, DAYS, attended=False) == LAST
    with refused(MakeUpNotDue, reason=reason.value):
        due_until(missed, reason, leave, DAYS, attended=True)


@pytest.mark.parametrize("late", [0, 1, DAYS])
def test_leave_that_is_granted_late_takes_no_day_of_the_make_up(late: int) -> None:
    leave = asked(scheduled())
    leave.turn_down(by())
    leave.grant(at(late * 1440, CHEN))
    for reason, until in ((LEAVE, LAST + late * DAY), (MakeUpReason.ACCESSIBILITY, LAST)):
        assert due_until(attested(), reason, leave, DAYS, attended=False) == until


def test_without_leave_or_for_what_was_held_there_is_none() -> None:
    for leave in (None, asked(scheduled())):
        with refused(MakeUpNotDue, reason="leave"):
            due_until(attested(), LEAVE, leave, DAYS, attended=False)
    with refused(MakeUpNotDue, reason="cancelled"):
        due_until(attested(), MakeUpReason.CANCELLED, None, DAYS, attended=False)


def test_it_is_made_up_for_by_another_run_also_at_another_school() -> None:
    missed = attested()
    elsewhere = next_run(school_code="4401040003", course_id=uuid4())

    found = way(missed, elsewhere)

    assert (found.by_id, found.course_id) == (elsewhere.id, missed.plan.course_id)
    assert found.until == LAST


def test_another_course_does_not_make_up() -> None:
    missed = attested()
    for other in (missed, next_run(course_id=uuid4(), title="别的课")):
        with pytest.raises(MakeUpOtherCourse):
            way(missed, other)


@pytest.mark.parametrize("days", [DAYS, DAYS + 1])
def test_it_is_made_up_for_in_time(days: int) -> None:
    if days <= DAYS:
        assert way(attested(), next_run(days)).reason is LEAVE
    else:
        with refused(MakeUpTooLate, until=LAST):
            way(attested(), next_run(days))


def test_what_has_begun_makes_up_for_nothing() -> None:
    with refused(SessionState, stands="opened"):
        way(attested(), opened())
    with refused(SessionState, stands="scheduled"):
        way(attested(), next_run(0))


def test_a_recording_makes_up_too() -> None:
    missed = attested()
    title = missed.plan.title
    recording = micro_class(title=title)

    found = by_micro_class(missed, LEAVE, recording, LAST, EVENING + DAY)

    assert found.by_id == recording.id
    last_day = EVENING + DAYS * DAY
    assert by_micro_class(missed, LEAVE, recording, LAST, last_day) == found
    with refused(MakeUpTooLate, until=LAST):
        by_micro_class(missed, LEAVE, recording, LAST, last_day + DAY)
    with pytest.raises(MakeUpOtherCourse):
        by_micro_class(missed, LEAVE, micro_class(), LAST, EVENING)


def make_ups(*ways: MakeUp, most: int = 2) -> MakeUps:
    made = MakeUps(learner_id=CHEN, envelope=by())
    for each in ways:
        made.assign("4401040001", each, most, by())
    return made


def test_a_term_has_so_many_make_ups() -> None:
    ways = [way(attested(), next_run()) for _ in range(3)]
    made = make_ups(*ways[:2])
    with refused(MakeUpsUsed, most=2):
        made.assign("4401040001", ways[2], 2, by())
    other_term = ways[2].model_copy(update={"term": "2026-2"})
    made.assign("4401040001", other_term, 2, by())
    assert len(made.assigned) == 3


def test_a_session_is_made_up_for_once_and_one_way_serves_one_session() -> None:
    missed, other = attested(), next_run()
    first = way(missed, other)
    made = make_ups(first)
    made.collect_events()
    made.assign("4401040001", first, 2, by())
    assert news(made) == []
    for wrong in (way(missed, next_run()), way(attested(), other)):
        with pytest.raises(MakeUpAssignedOtherwise):
            made.assign("4401040001", wrong, 2, by())


def test_what_another_record_of_the_person_was_assigned_counts_too() -> None:
    first, second, third = (way(attested(), next_run()) for _ in range(3))
    made = make_ups(first)
    with pytest.raises(MakeUpAssignedOtherwise):
        made.assign(
            "4401040001", second.model_copy(update={"by_id": third.by_id}), 2, by(), [third]
        )
    with refused(MakeUpsUsed, most=2):
        made.assign("4401040001", second, 2, by(), [third])


def test_it_is_completed_once_and_in_time() -> None:
    found = way(attested(), next_run())
    made = make_ups(found)
    made.complete(uuid4(), found.until, by())
    made.complete(found.by_id, found.until + DAY, by())
    assert made.completed == set()
    made.complete(found.by_id, found.until, by())
    made.complete(found.by_id, found.until, by())

    told = news(made)

    assert [event.TOPIC for event in told] == [
        "make_up.opened", "make_up.assigned", "make_up.completed",
    ]  # fmt: skip
    again = history(told)
    assert isinstance(again, MakeUps)
    assert again.completed == {found.by_id}


def take_back(made: MakeUps, found: MakeUp, *, attended: bool = False) -> None:
    made.take_back(found.missed_session_id, found.by_id, uuid4(), at(0), attended=attended)


def test_what_was_assigned_in_error_is_taken_back_once_and_assigned_anew() -> None:
    found = way(attested(), next_run())
    made = make_ups(found)
    take_back(made, found)
    take_back(made, found)
    made.assign("4401040001", found, 1, by())
    take_back(made, found)

    told = news(made)

    assert [event.TOPIC for event in told[2:]] == [
        "make_up.taken_back", "make_up.assigned", "make_up.taken_back",
    ]  # fmt: skip
    again = history(told)
    assert isinstance(again, MakeUps)
    assert again.assigned == {}


def test_what_was_attended_or_counted_or_is_another_s_is_not_taken_back() -> None:
    found = way(attested(), next_run())
    made = make_ups(found)
    for wrong in ({"missed_session_id": uuid4()}, {"by_id": uuid4()}):
        with pytest.raises(MakeUpNotAssigned):
            take_back(made, found.model_copy(update=wrong))
    with pytest.raises(MakeUpOfAnother):
        made.take_back(found.missed_session_id, found.by_id, uuid4(), at(0, CHEN), attended=False)
    with pytest.raises(MakeUpTaken):
        take_back(made, found, attended=True)
    made.complete(found.by_id, found.until, by())
    with pytest.raises(MakeUpTaken):
        take_back(made, found)


def test_what_makes_up_counts_at_its_rate_for_the_missed_course() -> None:
    found = way(attested(), next_run())
    half = changed("make_up.rate_percent", 50)
    made = as_made_up(claim(1), found, half)
    assert (made.hours, made.course_id, made.source_kind) == (100, found.course_id, "make_up")
    assert half.figure(made.rule_ref).value == 50
    assert as_made_up(claim(DAYS), found, half).hours == 100  # on the last day
    late: dict[str, UUID] = {}
    assert as_made_up(claim(1), None, half).model_copy(update=late) == claim(1)
    assert as_made_up(claim(DAYS + 2), found, half) == claim(DAYS + 2)


def test_what_makes_up_counts_for_the_version_of_the_course_that_was_missed() -> None:
    missed = Session(id=uuid4(), plan=plan().of_version(3), envelope=at(-9000))
    found = way(missed, next_run())
    made = as_made_up(claim(1, hours=150), found, changed("make_up.rate_percent", 35))
    assert (found.course_version, made.course_version) == (3, 3)
    assert (made.hours, type(made.hours)) == (50, int)
    assert "course_version" in made.model_fields_set
