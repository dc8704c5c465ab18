"""A session walks one way: scheduled, opened, closed, counted, attested by two persons."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.envelope import Role
from domain.head_count import Recorded
from domain.learner import Enrolment
from domain.plan import EndsBeforeItBegins, HeldTimes
from domain.refusals import Refused
from domain.session import Session
from domain.session_credit import SessionCredit
from domain.session_refusals import (
    CheckInClosed,
    ClassHoursOnlyLess,
    NotInvited,
    SessionNotOpen,
    SessionState,
    StayConfirmationOver,
)
from domain.standing import Standing
from tests.domain.given import EVENING, history, news
from tests.domain.refusing import refused
from tests.domain.sessions import (
    DOOR,
    ENDS,
    STANDINGS,
    at,
    attested,
    counted,
    opened,
    plan,
    scheduled,
)

CHILD = uuid4()
HALF_AN_HOUR = timedelta(minutes=30)


STEPS: dict[str, tuple[Callable[[Session], None], set[Standing]]] = {
    "reschedule": (lambda s: s.reschedule(plan(place="操场"), at(-50)), {Standing.SCHEDULED}),
    "cancel": (lambda s: s.cancel("weather", at(-50)), {Standing.SCHEDULED}),
    "open": (lambda s: s.open(DOOR, at(-10)), {Standing.SCHEDULED, Standing.OPENED}),
    "close": (lambda s: s.close(at(90)), {Standing.OPENED, Standing.CLOSED}),
    "count": (
        lambda s: s.count_heads(9, Recorded(9, 9), None, at(91)),
        {Standing.OPENED, Standing.CLOSED},
    ),
    "attest": (lambda s: s.attest(Role.HOST, "1", 10, at(92, uuid4())), {Standing.CLOSED}),
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


def test_a_step_out_of_turn_says_where_the_session_stands() -> None:
    with refused(SessionNotOpen, stands="scheduled"):
        scheduled().admit(EVENING, DOOR, by_staff=False)
    with refused(SessionState, stands="attested"):
        attested().count_heads(9, Recorded(9, 9), None, at(91))


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
        with refused(SessionState, stands="begun"):
            session.reschedule(plan(place="操场"), change)


@example(-31)
@example(-30)
@example(80)
@given(st.one_of(st.integers(-33, -27), st.integers(77, 83)))
def test_a_session_is_opened_from_the_doors_hour_until_its_end(minutes: int) -> None:
    session = scheduled()
    if -30 <= minutes < 80:
        session.open(DOOR, at(minutes))
        assert session.opened_at == EVENING + timedelta(minutes=minutes)
    else:
        with refused(CheckInClosed, opens_at=EVENING - HALF_AN_HOUR, closes_at=ENDS):
            session.open(DOOR, at(minutes))


@example(-30, False)
@example(30, False)
@example(80, True)
@given(st.integers(-33, 85), st.booleans())
def test_staff_record_late_comers_until_the_end(minutes: int, by_staff: bool) -> None:
    session = opened()
    moment = EVENING + timedelta(minutes=minutes)
    if -30 <= minutes < (80 if by_staff else 30):
        session.admit(moment, DOOR, by_staff=by_staff)
    else:
        closes_at = ENDS if by_staff else EVENING + HALF_AN_HOUR
        with refused(CheckInClosed, opens_at=EVENING - HALF_AN_HOUR, closes_at=closes_at):
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
        with refused(StayConfirmationOver, until=session.closed_at + timedelta(days=7)):
            session.let_out(moment, 7)


def test_learners_themselves_leave_until_the_session_is_attested() -> None:
    counted().let_out(ENDS, None)
    with refused(SessionNotOpen, stands="attested"):
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


def test_a_plan_names_its_term() -> None:
    assert plan().term == "2026-1"


def test_a_session_ends_after_it_begins() -> None:
    backwards = plan(ends_at=EVENING)
    with refused(EndsBeforeItBegins, begins_at=EVENING, ends_at=EVENING):
        Session.announce(uuid4(), backwards, at(-9000))
    session = Session.announce(uuid4(), plan(), at(-9000))
    with refused(EndsBeforeItBegins, begins_at=EVENING, ends_at=EVENING):
        session.reschedule(backwards, at(-60))
    assert session.plan == plan()


HELD = HeldTimes(
    opened_at=EVENING + timedelta(minutes=5), closed_at=EVENING + timedelta(minutes=65),
    class_hours=150,
)  # fmt: skip


def test_an_attested_session_is_corrected_to_the_times_it_was_held() -> None:
    session = attested()
    news(session)
    assert not session.says(HELD)

    session.correct(HELD, "entry_error", CHILD, at(9000))

    [corrected] = news(session)
    assert isinstance(corrected, Session.Corrected)
    assert (corrected.correction_id, corrected.reason_code) == (CHILD, "entry_error")
    assert (corrected.opened_at, corrected.closed_at) == (HELD.opened_at, HELD.closed_at)
    assert (corrected.class_hours, corrected.effective_term) == (150, "2026-1")
    assert session.says(HELD)
    assert session.corrections == 1


def test_class_hours_are_corrected_to_what_was_announced_at_most() -> None:
    session = attested()
    session.correct(HELD, "entry_error", CHILD, at(9000))
    session.correct(HELD.model_copy(update={"class_hours": 200}), "entry_error", CHILD, at(9001))
    more = HELD.model_copy(update={"class_hours": 201})
    with refused(ClassHoursOnlyLess, announced=200):
        session.correct(more, "entry_error", CHILD, at(9002))


@pytest.mark.parametrize("minutes", [0, -1])
def test_a_session_was_held_for_some_time(minutes: int) -> None:
    ends = HELD.opened_at + timedelta(minutes=minutes)
    none = HELD.model_copy(update={"closed_at": ends})
    with refused(EndsBeforeItBegins, begins_at=HELD.opened_at, ends_at=ends):
        attested().correct(none, "entry_error", CHILD, at(9000))


@pytest.mark.parametrize("standing", STANDINGS)
def test_only_what_was_attested_is_corrected_and_what_was_opened_voided(
    standing: Standing,
) -> None:
    session, other = STANDINGS[standing](), STANDINGS[standing]()
    if standing is not Standing.ATTESTED:
        with refused(SessionState, stands=standing.value):
            session.correct(HELD, "entry_error", CHILD, at(9000))
    if standing in {Standing.SCHEDULED, Standing.CANCELLED}:
        with refused(SessionState, stands=standing.value):
            other.void("never_held", CHILD, at(9000))
        return
    news(other)
    other.void("never_held", CHILD, at(9000))
    [voided] = news(other)
    assert isinstance(voided, Session.Voided)
    assert (voided.correction_id, voided.reason_code) == (CHILD, "never_held")
    assert (voided.effective_term, other.standing) == ("2026-1", Standing.VOIDED)


def test_whoever_decides_on_the_credit_of_a_session_writes_so() -> None:
    session = attested()
    guard = SessionCredit(session_id=session.id, envelope=at(90))
    news(guard)
    guard.decide(12, at(91))
    [decided] = news(guard)
    assert isinstance(decided, SessionCredit.Decided)
    assert (decided.session_id, decided.sources) == (session.id, 12)
    assert guard.id.bytes[:6] == session.id.bytes[:6]
