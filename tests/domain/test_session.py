"""A session walks one way: scheduled, opened, closed, counted, attested by two persons."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.envelope import Envelope, Role
from domain.learner import Enrolment
from domain.plan import Door, SessionPlan
from domain.refusals import Refused
from domain.session import (
    AttestsAlone,
    CheckInClosed,
    DifferenceUnexplained,
    NotInvited,
    Session,
    SessionNotOpen,
    SessionState,
    Standing,
    StayConfirmationOver,
    needs_explanation,
)
from domain.staff import OwnCase
from tests.domain.given import CHEN, EVENING, LIN, by, history, news

ENDS = EVENING + timedelta(minutes=80)
DOOR = Door(opens_minutes_before=30, closes_minutes_after_start=30)
CHILD = uuid4()


def plan(**different: object) -> SessionPlan:
    values: dict[str, object] = {
        "school_code": "4401040001", "district_code": "440104", "school_year": 2026, "term_no": 1,
        "course_id": LIN, "title": "读懂孩子的情绪", "family": "mental_health",
        "stage": "primary", "mode": "on_site", "carrier": "in_school", "class_hours": 200,
        "class_hour_minutes": 40, "grades": ("三年级",), "begins_at": EVENING, "ends_at": ENDS,
        "place": "报告厅",
    }  # fmt: skip
    return SessionPlan.model_validate(values | different)


def at(minutes: float, actor: UUID = LIN) -> Envelope:
    return by(actor, EVENING + timedelta(minutes=minutes)).model_copy(
        update={"command_id": uuid4()}
    )


def scheduled() -> Session:
    return Session(id=uuid4(), plan=plan(), envelope=at(-9000))


def opened() -> Session:
    session = scheduled()
    session.open(DOOR, at(-20))
    return session


def closed() -> Session:
    session = opened()
    session.close(at(80))
    return session


def counted() -> Session:
    session = closed()
    session.count_heads(10, 10, None, at(81))
    return session


def attested() -> Session:
    session = counted()
    session.attest(Role.HOST, "attestation/1", at(82, LIN))
    session.attest(Role.COORDINATOR, "attestation/1", at(83, CHEN))
    return session


def cancelled() -> Session:
    session = scheduled()
    session.cancel("speaker_ill", at(-60))
    return session


STANDINGS = {
    Standing.SCHEDULED: scheduled, Standing.CANCELLED: cancelled, Standing.OPENED: opened,
    Standing.CLOSED: counted, Standing.ATTESTED: attested,
}  # fmt: skip
STEPS: dict[str, tuple[Callable[[Session], None], set[Standing]]] = {
    "reschedule": (lambda s: s.reschedule(plan(place="操场"), at(-50)), {Standing.SCHEDULED}),
    "cancel": (lambda s: s.cancel("weather", at(-50)), {Standing.SCHEDULED}),
    "open": (lambda s: s.open(DOOR, at(-10)), {Standing.SCHEDULED, Standing.OPENED}),
    "close": (lambda s: s.close(at(90)), {Standing.OPENED, Standing.CLOSED}),
    "count": (
        lambda s: s.count_heads(9, 9, None, at(91)),
        {Standing.OPENED, Standing.CLOSED},
    ),
    "attest": (lambda s: s.attest(Role.HOST, "1", at(92, uuid4())), {Standing.CLOSED}),
    "admit": (lambda s: s.admit(EVENING, DOOR, by_staff=False), {Standing.OPENED}),
    "let_out": (lambda s: s.let_out(ENDS, None), {Standing.OPENED, Standing.CLOSED}),
    "let_out_by_staff": (
        lambda s: s.let_out(ENDS, 7),
        {Standing.OPENED, Standing.CLOSED, Standing.ATTESTED},
    ),
}


@pytest.mark.parametrize("standing", STANDINGS)
@pytest.mark.parametrize("step", STEPS)
def test_each_step_follows_only_from_where_it_may(step: str, standing: Standing) -> None:
    session = STANDINGS[standing]()
    news(session)
    take, may = STEPS[step]
    if standing in may:
        take(session)
    else:
        with pytest.raises(Refused):
            take(session)
        assert news(session) == []
        assert session.standing is standing


@pytest.mark.parametrize("standing", STANDINGS)
def test_a_session_is_the_same_after_a_reload(standing: Standing) -> None:
    session = STANDINGS[standing]()
    again = history(news(session))
    assert again is not None
    assert vars(again) == vars(session)


def test_the_same_plan_and_the_same_step_again_are_no_news() -> None:
    session = scheduled()
    session.reschedule(session.plan, at(-60))
    session.open(DOOR, at(-20))
    session.open(DOOR, at(-19))
    session.close(at(80))
    session.close(at(81))
    assert [type(event).__name__ for event in news(session)] == ["Scheduled", "Opened", "Closed"]
    assert session.closed_at == ENDS


@example(0)
@example(-1)
@given(st.integers(-3, 3))
def test_what_was_announced_changes_until_it_begins(seconds: int) -> None:
    session = scheduled()
    change = at(seconds / 60)
    if seconds < 0:
        session.reschedule(plan(place="操场"), change)
        assert session.plan.place == "操场"
    else:
        with pytest.raises(SessionState):
            session.reschedule(plan(place="操场"), change)


@example(-31)
@example(80)
@given(st.one_of(st.integers(-33, -27), st.integers(77, 83)))
def test_a_session_is_opened_from_the_doors_hour_until_its_end(minutes: int) -> None:
    session = scheduled()
    if -30 <= minutes < 80:
        session.open(DOOR, at(minutes))
        assert session.opened_at == EVENING + timedelta(minutes=minutes)
    else:
        with pytest.raises(CheckInClosed):
            session.open(DOOR, at(minutes))


@example(30, False)
@example(80, True)
@given(st.integers(-33, 85), st.booleans())
def test_staff_record_late_comers_until_the_end(minutes: int, by_staff: bool) -> None:
    session = opened()
    moment = EVENING + timedelta(minutes=minutes)
    if -30 <= minutes < (80 if by_staff else 30):
        session.admit(moment, DOOR, by_staff=by_staff)
    else:
        with pytest.raises(CheckInClosed):
            session.admit(moment, DOOR, by_staff=by_staff)


@example(0, "attested")
@example(-1, "attested")
@given(st.integers(-2, 2), st.sampled_from(["counted", "attested"]))
def test_staff_confirm_a_stay_within_the_rulebooks_days(seconds: int, standing: str) -> None:
    session = {"counted": counted, "attested": attested}[standing]()
    assert session.closed_at is not None
    moment: datetime = session.closed_at + timedelta(days=7, seconds=seconds)
    if seconds < 0:
        session.let_out(moment, 7)
    else:
        with pytest.raises(StayConfirmationOver):
            session.let_out(moment, 7)


def test_learners_themselves_leave_until_the_session_is_attested() -> None:
    counted().let_out(ENDS, None)
    with pytest.raises(SessionNotOpen):
        attested().let_out(ENDS, None)


@pytest.mark.parametrize(
    ("grades", "invited"), [((), True), (("三年级",), True), (("四年级",), False)]
)
def test_a_learner_is_invited_through_a_childs_grade(
    grades: tuple[str, ...], invited: bool
) -> None:
    session = Session(id=uuid4(), plan=plan(grades=grades), envelope=at(-9000))
    place = Enrolment(
        child_id=CHILD, school_code="4401040001", stage="primary", grade="三年级",
        class_group="2班", school_year=2026,
    )  # fmt: skip
    elsewhere = place.model_copy(update={"school_code": "4401040002"})
    with pytest.raises(NotInvited):
        session.invited((elsewhere,))
    if invited:
        assert session.invited((place, elsewhere)) == (CHILD,)
    else:
        with pytest.raises(NotInvited):
            session.invited((place,))


@given(st.integers(0, 200), st.integers(0, 200))
def test_a_difference_is_large_above_three_persons_and_a_twentieth(
    present: int, recorded: int
) -> None:
    difference = abs(present - recorded)
    large = difference > 3 and difference * 20 > max(present, recorded)
    assert needs_explanation(present, recorded) == large


def test_a_large_difference_wants_its_reason() -> None:
    session = closed()
    news(session)
    with pytest.raises(DifferenceUnexplained):
        session.count_heads(20, 10, None, at(81))
    assert news(session) == []
    session.count_heads(20, 10, "grandparents", at(82))
    assert session.counted == 20


def test_heads_are_counted_again_until_somebody_attests() -> None:
    session = counted()
    session.count_heads(9, 10, None, at(82))
    session.attest(Role.HOST, "1", at(83))
    with pytest.raises(SessionState):
        session.count_heads(10, 10, None, at(84))
    assert session.counted == 9


def test_the_same_counting_command_again_is_no_news() -> None:
    session = closed()
    command = at(81)
    for _ in range(2):
        session.count_heads(10, 10, None, command)
    assert len(news(session)) == 4


def test_nobody_attests_before_the_count() -> None:
    with pytest.raises(SessionState):
        closed().attest(Role.HOST, "1", at(81))


def test_only_host_and_coordinator_attest() -> None:
    with pytest.raises(SessionState):
        counted().attest(Role.HEAD, "1", at(81))


def test_one_person_attests_once_and_never_for_both() -> None:
    session = counted()
    news(session)
    session.attest(Role.HOST, "1", at(82, LIN))
    session.attest(Role.HOST, "1", at(83, LIN))
    with pytest.raises(SessionState):
        session.attest(Role.HOST, "1", at(83, CHEN))
    with pytest.raises(AttestsAlone):
        session.attest(Role.COORDINATOR, "1", at(83, LIN))
    assert len(news(session)) == 1
    assert session.standing is Standing.CLOSED


def test_the_second_attestation_is_complete_and_comes_again_without_news() -> None:
    session = counted()
    session.attest(Role.COORDINATOR, "1", at(82, LIN))
    session.attest(Role.HOST, "1", at(83, CHEN))
    session.attest(Role.HOST, "1", at(84, CHEN))
    last = [event for event in news(session) if isinstance(event, Session.Attested)]
    assert [event.complete for event in last] == [False, True]


def test_staff_who_are_parents_here_are_recorded_by_a_colleague() -> None:
    session = opened()
    session.refuse_own_case(None, CHEN)
    session.refuse_own_case(LIN, CHEN)
    with pytest.raises(OwnCase):
        session.refuse_own_case(CHEN, CHEN)


def test_a_plan_names_its_term() -> None:
    assert plan().term == "2026-1"
