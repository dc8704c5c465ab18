"""Claims of every source, and the limits that hold in whatever order they are granted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.account import Account
from domain.assessing import Result
from domain.crediting import CreditClaim, Grant, grant, hours_for
from domain.earned import external_claim, micro_class_claim, push_claim, service_claim
from domain.micro_class import MicroClassPlan
from domain.push import PushRecord, push_lines
from domain.service import Service, ServiceKind
from domain.session import Session
from domain.studying import Achieved, MicroClassCompletion
from tests.domain.given import CHEN, EVENING, RULES, account, by, claim, credit
from tests.domain.sessions import at, plan, scheduled
from tests.domain.studies import micro_class, push, push_plan, somebody
from tests.domain.test_external import entered

TALK, HELP = ServiceKind.PARENT_LECTURER, ServiceKind.COMMITTEE_OR_VOLUNTEER
FIGURES = Achieved(watched_percent=100, checks_asked=6, checks_answered=6, quiz_percent=100)
CAPPED = {
    **{f"modes.{mode}": rule for mode, rule in RULES.modes.items()},
    **{f"other_activities.{mode}": rule for mode, rule in RULES.other_activities.items()},
}


def service(session: Session, kind: ServiceKind = TALK, class_hours: int = 100) -> CreditClaim:
    named = Service.name(session, CHEN, kind, class_hours, by())
    return service_claim(session, named, Account.create_id(named.learner_id), RULES)


def completed(course_plan: MicroClassPlan, days: int = 0, year: int = 2026) -> CreditClaim:
    made = micro_class(**course_plan.model_dump())
    when = by(CHEN, EVENING + timedelta(days=days))
    done = MicroClassCompletion.record(made, CHEN, (year, f"{year}-1"), FIGURES, when)
    return micro_class_claim(made.plan, done, RULES)


def class_claim(number: int, days: int = 0, **different: Any) -> CreditClaim:
    fresh = micro_class(title=f"微课{number}", **different).plan
    return completed(fresh, days)


def pushes(how_many: int) -> list[CreditClaim]:
    record = PushRecord(learner_id=CHEN, term="2026-1", envelope=by())
    items = [push(number) for number in range(how_many)]
    for item in items:
        record.answer(item, 0, "2026-1", by())
    plans = {item.id: item.plan for item in items}
    return [
        push_claim(record, line, [plans[key] for key in line.item_ids], RULES)
        for line in push_lines(list(record.items), 10, RULES.units.award_step)
    ]


def test_a_talk_counts_double_and_help_by_half() -> None:
    session = scheduled()
    assert service(session, TALK, 200).hours == 400
    assert service(session, HELP, 200).hours == 100
    for each in (service(session), service(session, HELP)):
        assert (each.session_id, each.begins_at) == (session.id, session.plan.begins_at)
        assert RULES.figure(each.rule_ref)


@pytest.mark.parametrize("mode", ["parent_meeting", "home_visit"])
def test_a_parents_meeting_and_a_home_visit_earn_nothing(mode: str) -> None:
    assert hours_for(RULES, mode, 400, Result.FULL) == 0


def test_an_open_day_counts_by_half_up_to_two_hours_a_term() -> None:
    assert hours_for(RULES, "open_day_parent_child", 300, Result.FULL) == 150
    day: dict[str, Any] = {"mode": "open_day_parent_child", "hours": 150}
    own = account(claim(0, **day), claim(1, **day))
    assert own.balance == 200


@pytest.mark.parametrize("talk_first", [True, False])
def test_of_several_parts_in_a_session_the_better_one_counts(talk_first: bool) -> None:
    session = scheduled()
    seat = claim(0, session_id=session.id, course_id=session.plan.course_id)
    parts = [service(session, TALK, 200), service(session, HELP, 200), seat]

    own = account(*(parts if talk_first else parts[::-1]))

    [standing] = own.standing
    assert (standing.mode, own.balance) == ("parent_lecturer", 400)


def test_attendance_stays_where_the_cap_leaves_less_of_the_talk() -> None:
    session = scheduled()
    seat = claim(0, session_id=session.id, course_id=session.plan.course_id)
    before = claim(9, mode="parent_lecturer", hours=300)

    own = account(before, seat, service(session, TALK, 200))

    assert [line.hours for line in own.standing] == [300, 200]
    assert seat.entry_id in own.credits


def test_a_talk_counts_once_a_school_year() -> None:
    first, later = scheduled(), Session(
        id=uuid4(), envelope=at(-9000),
        plan=plan(begins_at=EVENING + timedelta(days=9), ends_at=EVENING + timedelta(days=10)),
    )  # fmt: skip
    assert account(service(first), service(later)).balance == 200


def test_a_micro_class_counts_once_a_course_and_year_whatever_its_version() -> None:
    fresh = micro_class().plan
    again = completed(fresh.model_copy(update={"course_version": 2}), days=1)
    next_year = completed(fresh, days=370, year=2027)
    own = account(completed(fresh), again)
    assert own.balance == 200
    assert account(completed(fresh), next_year).balance == 400


def test_what_has_no_time_overlaps_nothing() -> None:
    during = completed(micro_class().plan)
    session = credit(
        5, begins_at=EVENING - timedelta(hours=1), ends_at=EVENING + timedelta(hours=1)
    )
    assert during.begins_at == during.ends_at == EVENING
    assert grant(RULES, during, [session]) == Grant(200)
    assert grant(RULES, claim(7), [credit(8, **times(during))]) == Grant(200)


def times(timeless: CreditClaim) -> dict[str, Any]:
    return {"begins_at": timeless.begins_at, "ends_at": timeless.ends_at}


def test_a_live_evening_and_its_recording_count_once() -> None:
    fresh = micro_class().plan
    live = claim(3, course_id=fresh.course_id)
    assert account(live, completed(fresh)).balance == 200
    assert account(completed(fresh), live).balance == 200


def test_a_line_of_pushes_names_its_items_and_the_family_most_of_them_have() -> None:
    record = PushRecord(learner_id=CHEN, term="2026-1", envelope=by())
    families = ["life_education", "mental_health", "mental_health"]
    [line] = push_lines([somebody(n) for n in range(3)], 20, 50)
    record.items = dict.fromkeys(line.item_ids, EVENING)
    plans = [push_plan(n, family=family) for n, family in enumerate(families)]

    asked = push_claim(record, line, plans, RULES)

    assert (asked.family, asked.item_ids, asked.hours) == ("mental_health", line.item_ids, 50)
    assert RULES.figure(asked.rule_ref)


def test_pushes_count_one_hour_a_term_at_most() -> None:
    assert len(pushes(16)) == 3
    own = account(*pushes(16))
    assert own.balance == 100


def test_hours_from_elsewhere_count_as_proved_in_whole_steps() -> None:
    hours = entered()
    hours.confirm(by(CHEN))
    asked = external_claim(hours, RULES)
    assert (asked.hours, asked.mode, asked.source_kind) == (400, "external_recognised", "external")
    assert RULES.figure(asked.rule_ref)
    [line] = account(asked).standing
    assert not line.face_to_face


SESSIONS = [
    Session(
        id=somebody(n), envelope=at(-9000),
        plan=plan(title=f"第{n}课", course_id=somebody(100 + n),
                  begins_at=EVENING + timedelta(hours=n), ends_at=EVENING + timedelta(hours=n + 2)),
    )
    for n in range(5)
]  # fmt: skip
seats = st.builds(
    lambda n, hours: claim(
        50 + n, session_id=SESSIONS[n].id, course_id=SESSIONS[n].plan.course_id, hours=hours,
        begins_at=SESSIONS[n].plan.begins_at, ends_at=SESSIONS[n].plan.ends_at,
    ),
    st.integers(0, 4), st.sampled_from([50, 100, 200, 450]),
)  # fmt: skip
everything = st.one_of(
    seats,
    st.builds(
        service, st.integers(0, 4).map(SESSIONS.__getitem__), st.sampled_from(ServiceKind),
        st.sampled_from([100, 200]),
    ),
    st.builds(class_claim, st.integers(0, 5), st.integers(0, 3)),
    st.integers(5, 25).flatmap(lambda n: st.sampled_from(pushes(n))),
    st.builds(
        lambda n, hours: claim(200 + n, mode="external_recognised", session_id=None, hours=hours),
        st.integers(0, 3), st.sampled_from([200, 1500]),
    ),
    st.builds(lambda n: claim(300 + n, mode="open_day_parent_child", hours=150), st.integers(0, 3)),
)  # fmt: skip


@given(asked=st.lists(everything, max_size=14))
def test_no_cap_is_exceeded_in_any_order_and_the_balance_is_the_sum_of_its_lines(
    asked: list[CreditClaim],
) -> None:
    own = Account(learner_id=CHEN, envelope=by())
    for each in [*asked, *asked]:
        own.award(each, RULES, by())
    lines = own.standing
    events = [e for e in own.pending_events if isinstance(e, Account.CreditAwarded)]
    reversals = [e for e in own.pending_events if isinstance(e, Account.CreditReversed)]
    assert own.balance == sum(line.hours for line in lines)
    assert own.balance == sum(e.credit.hours for e in events) + sum(e.hours for e in reversals)
    for ref, rule in CAPPED.items():
        mine = [line for line in lines if ref.endswith(f".{line.mode}")]
        for cap, groups in (
            (rule.cap_per_session, [[line] for line in mine]),
            (rule.cap_per_day, [[x for x in mine if x.day == line.day] for line in mine]),
            (rule.cap_per_term, [[x for x in mine if x.term == line.term] for line in mine]),
        ):
            assert cap is None or all(sum(x.hours for x in g) <= cap for g in groups), ref
    assert own.balance <= RULES.no_double_credit.term_cap_total
    assert len({line.course_id for line in lines}) == len(lines)
    in_sessions = [line.session_id for line in lines if line.session_id]
    assert len(set(in_sessions)) == len(in_sessions)
    assert all(a is b or not a.overlaps(b) for a in lines for b in lines)
