"""Confirmed fraud: signed by two, no new star for some terms, and everything else stays."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from domain.account import Account
from domain.attendance import Stay
from domain.correction import (
    AttendanceOrder,
    Correction,
    NeedsSecondPerson,
    Order,
    Second,
    SessionTimesOrder,
    SessionVoidOrder,
    State,
)
from domain.evaluation import Evaluation
from domain.irregularity_finding import HeardBy
from domain.plan import HeldTimes
from domain.rules import ReversalReason
from domain.suspension import NO_STAR_TERMS
from ledger.book import Book
from tests.acting import Pilot, envelope
from tests.ledger.merging import merge_of, signed_by_two
from tests.ledger.school_years import SchoolYears, evening_of

FRAUD = ReversalReason.FRAUD_CONFIRMED
CONFIRMED = evening_of(date(2026, 10, 20))
COORDINATOR, HEAD = uuid4(), uuid4()


@pytest.fixture
def years(pilot: Pilot) -> SchoolYears:
    """The pilot's first learner, in grade three since 2026."""
    learner = pilot.book.learners.get(pilot.learners[0])
    [(child, *_)] = learner.enrolments
    made = SchoolYears(pilot.book, learner.id, child)
    made.begin(2026, "三年级")
    return made


@pytest.fixture
def caught(years: SchoolYears) -> UUID:
    """An evening that the learner was entered for and had not been at."""
    session_id = years.evening(date(2026, 10, 16), "读懂青春")
    signed(years.book, was_not_there(years, session_id))
    return session_id


def was_not_there(years: SchoolYears, session_id: UUID) -> AttendanceOrder:
    return AttendanceOrder(session_id=session_id, learner_id=years.learner, reason_code=FRAUD)


def signed(book: Book, order: Order, at: datetime = CONFIRMED) -> Correction:
    """Proposed by one, and by another one where it takes two."""
    by = envelope(at, actor_id=COORDINATOR)
    found = book.corrections.propose(order, book.corrections.preview(order, by).sha256, by)
    if found.state is State.WAITING:
        if order.needs_hearing:
            book.hearings.hear(found.id, HeardBy.IN_PERSON, "（示例）", by)
        second = envelope(at, actor_id=HEAD)
        found = book.corrections.approve(found.id, found.sha256, second)
    return found


def four_evenings_and_the_exam(years: SchoolYears) -> None:
    years.evening(date(2026, 11, 6), "读懂情绪")
    years.evening(date(2026, 11, 13), "生命教育", "life_education")
    years.evening(date(2026, 11, 20), "压力与睡眠")
    years.evening(date(2026, 11, 27), "认识职业", "career_experience")
    years.exam(date(2026, 12, 4))


def conditions(evaluation: Evaluation) -> list[tuple[int, int]]:
    asked = evaluation.last_judged.conditions
    return [(each.value, each.threshold) for each in asked if each.ref == NO_STAR_TERMS]


def reasons(book: Book, learner: UUID) -> set[str]:
    facts = book.ledger.events.get(Account.create_id(learner))
    return {fact.reason_code for fact in facts if isinstance(fact, Account.CreditReversed)}


def reversed_for(years: SchoolYears, session_id: UUID) -> set[str]:
    facts = years.book.ledger.events.get(Account.create_id(years.learner))
    taken = (fact for fact in facts if isinstance(fact, Account.CreditReversed))
    return {fact.reason_code for fact in taken if fact.session_id == session_id}


def test_fraud_is_confirmed_by_two_though_the_term_is_open(years: SchoolYears) -> None:
    session_id = years.evening(date(2026, 10, 16), "读懂青春")
    order, corrections = was_not_there(years, session_id), years.book.corrections
    by = envelope(CONFIRMED, actor_id=COORDINATOR)

    proposed = corrections.propose(order, corrections.preview(order, by).sha256, by)

    assert (proposed.state, proposed.second) == (State.WAITING, Second.COLLEAGUE)
    assert years.balance == 200
    with pytest.raises(NeedsSecondPerson):
        corrections.approve(proposed.id, proposed.sha256, envelope(actor_id=COORDINATOR))


def test_no_star_in_that_term_and_the_next_one_and_then_what_is_met(
    years: SchoolYears, caught: UUID
) -> None:
    four_evenings_and_the_exam(years)
    assert years.evaluation().completed_years == {2026}
    assert years.evaluation().star_level == 0
    assert conditions(years.evaluation()) == [(0, 1)]

    years.evening(date(2027, 3, 19), "陪孩子读书")
    assert years.evaluation().star_level == 0

    years.close(2026)
    assert years.evaluation().star_level == 1
    assert conditions(years.evaluation()) == [(1, 1)]


def test_a_star_held_stays_and_says_what_the_next_one_waits_for(years: SchoolYears) -> None:
    four_evenings_and_the_exam(years)
    session_id = years.evening(date(2026, 12, 11), "读懂青春")

    signed(years.book, was_not_there(years, session_id), evening_of(date(2026, 12, 14)))

    assert (years.evaluation().star_level, years.balance) == (1, 800)
    assert conditions(years.evaluation()) == [(0, 1)]


def test_hours_given_back_were_no_fraud(years: SchoolYears, caught: UUID) -> None:
    begins = evening_of(date(2026, 10, 16))
    stay = Stay(begins=begins, ends=begins + timedelta(minutes=80))
    order = AttendanceOrder(
        session_id=caught, learner_id=years.learner, stay=stay,
        reason_code=ReversalReason.ENTRY_ERROR,
    )  # fmt: skip
    signed(years.book, order, CONFIRMED + timedelta(days=3))

    four_evenings_and_the_exam(years)

    assert (years.evaluation().star_level, conditions(years.evaluation())) == (1, [])


def test_a_session_that_was_made_up_is_no_fraud_of_those_who_came(years: SchoolYears) -> None:
    session_id = years.evening(date(2026, 10, 16), "读懂青春")
    signed(years.book, SessionVoidOrder(session_id=session_id, reason_code=FRAUD))

    assert reasons(years.book, years.learner) == {"session_voided"}
    four_evenings_and_the_exam(years)
    assert (years.evaluation().star_level, conditions(years.evaluation())) == (1, [])


def test_a_line_that_gets_the_room_of_another_one_is_no_fraud(years: SchoolYears) -> None:
    """A term takes 8 hours of theme activities: the third had only what was left."""
    caught, _, cut = (
        years.evening(date(2026, 10, day), title, hours=3, mode="theme_activity")
        for day, title in ((2, "秋游"), (9, "赏月"), (16, "登高"))
    )
    assert years.balance == 800

    signed(years.book, was_not_there(years, caught))

    assert years.balance == 600
    assert reversed_for(years, caught) == {"fraud_confirmed"}
    assert reversed_for(years, cut) == {"re_evaluated"}


@pytest.mark.parametrize("reason", sorted(set(ReversalReason) - {FRAUD}))
def test_every_other_reason_for_a_session_is_that_of_its_lines(reason: ReversalReason) -> None:
    assert SessionVoidOrder(session_id=uuid4(), reason_code=reason).line_reason is reason


def test_times_that_were_made_up_are_nobodys_fraud() -> None:
    times = HeldTimes(
        opened_at=CONFIRMED, closed_at=CONFIRMED + timedelta(hours=1), class_hours=100
    )
    order = SessionTimesOrder(session_id=uuid4(), times=times, reason_code=FRAUD)
    assert order.line_reason is ReversalReason.ENTRY_ERROR


def test_it_goes_with_the_person_into_another_record(
    pilot: Pilot, years: SchoolYears, caught: UUID
) -> None:
    survivor = pilot.learners[1]

    signed_by_two(pilot, merge_of(survivor, years.learner))

    [(child, *_)] = [k for k in pilot.book.learners.get(survivor).enrolments if k[0] != years.child]
    both = SchoolYears(pilot.book, survivor, child)
    four_evenings_and_the_exam(both)
    assert (both.evaluation().star_level, conditions(both.evaluation())) == (0, [(0, 1)])


def test_hours_given_back_whole_are_those_of_the_session_as_it_is_now(
    years: SchoolYears, caught: UUID
) -> None:
    """Its class hours were put right meanwhile: as many as were taken there never are again."""
    begins = evening_of(date(2026, 10, 16))
    ends = begins + timedelta(minutes=80)
    times = HeldTimes(opened_at=begins, closed_at=ends, class_hours=100)
    wrong = ReversalReason.ENTRY_ERROR
    signed(years.book, SessionTimesOrder(session_id=caught, times=times, reason_code=wrong))
    order = AttendanceOrder(
        session_id=caught, learner_id=years.learner, stay=Stay(begins=begins, ends=ends),
        reason_code=wrong,
    )  # fmt: skip
    signed(years.book, order, CONFIRMED + timedelta(days=3))

    assert years.balance == 100
    four_evenings_and_the_exam(years)
    assert (years.evaluation().star_level, conditions(years.evaluation())) == (1, [])
