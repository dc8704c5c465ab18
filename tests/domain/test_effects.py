"""What a decision says it would change, and the hash that is signed over it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

from domain.aggregate import LedgerAggregate
from domain.completing import StageEnrolment
from domain.correction import AttendanceOrder, SessionVoidOrder
from domain.effects import Effects, effects_of
from domain.enrolment import Leaving
from domain.evaluation import Evaluation
from domain.learner import Enrolment, Learner
from domain.merging import Evidence, merge, unmerge
from domain.rules import ReversalReason
from domain.settling import Claimed
from tests.domain.given import (
    CHEN,
    LIN,
    RULES,
    a_full_year,
    account,
    by,
    changed,
    claim,
    exam,
    record,
    ruled,
)
from tests.domain.test_certificate import certificate as valid_certificate

CHILD = uuid4()
PLACE = Enrolment(
    child_id=CHILD, school_code="4401040001", stage="primary", grade="三年级",
    class_group="2班", school_year=2026,
)  # fmt: skip
ERROR = ReversalReason.ENTRY_ERROR


def said(*decided: LedgerAggregate) -> dict[UUID, list[str]]:
    changes = effects_of(decided).changes
    return {change.learner_id: [each.what for each in change.effects] for change in changes}


def learner(learner_id: UUID) -> Learner:
    found = Learner(id=learner_id, name_commitment="n", envelope=by())
    found.collect_events()
    return found


def a_parent_of_a_child() -> Learner:
    parent = learner(LIN)
    parent.link_child(CHILD, "51", True, "roster", by())
    parent.enrol(PLACE, by())
    parent.end_enrolment(PLACE, date(2027, 1, 10), Leaving.LEFT, by())
    parent.collect_events()
    return parent


def test_a_merge_says_which_children_and_places_move_and_its_parting_too() -> None:
    survivor, other = learner(CHEN), a_parent_of_a_child()

    merge(survivor, other, Evidence.SAME_PHONE, (), by())
    assert said(survivor, other) == {
        CHEN: ["child_linked", "place_taken", "place_ended"],
        LIN: ["child_unlinked"],
    }

    survivor.collect_events()
    other.collect_events()
    unmerge(survivor, other, by())
    assert said(survivor, other) == {
        CHEN: ["place_given_back", "child_unlinked"],
        LIN: ["child_linked", "place_taken"],
    }


def test_a_claim_that_brought_nothing_is_taken_back_in_plain_sight() -> None:
    same_course = claim(1, course_id=claim().course_id)
    own = account(claim(), same_course)

    own.settle({same_course.source_id: None}, lambda _: RULES, ERROR, by())

    assert said(own) == {CHEN: ["claim_withdrawn"]}


def test_a_star_that_is_renewed_again_is_said() -> None:
    enrolment = StageEnrolment("primary", (2026, 2027))
    short = record(*a_full_year(2026), exams=(exam(),), enrolment=enrolment)
    own = Evaluation(learner_id=CHEN, stage="primary", envelope=by())
    own.evaluate(short, ruled(2026), by())
    own.close_year(short, RULES, 2027, by())
    own.collect_events()

    own.evaluate(replace(short, credits=(*short.credits, *a_full_year(2027))), ruled(2027), by())

    assert said(own) == {CHEN: ["star_renewed"]}


def test_a_star_that_may_be_proposed_is_said_and_when_it_may_no_more() -> None:
    rulebook = changed("stars.tracks.six_year.levels.1.needs_proposal", True)
    rules = ruled(2026, rulebook=rulebook)
    own = Evaluation(learner_id=CHEN, stage="primary", envelope=by())

    own.evaluate(record(*a_full_year(), exams=(exam(),)), rules, by())
    assert said(own) == {CHEN: ["completion_reached", "star_proposable"]}

    own.collect_events()
    own.evaluate(record(*a_full_year(), exams=()), rules, by())
    assert said(own) == {CHEN: ["completion_withdrawn", "star_not_proposable"]}


def test_a_review_that_ends_is_said() -> None:
    certificate = valid_certificate()
    certificate.open_review("completion_withdrawn", by())
    assert said(certificate) == {CHEN: ["certificate_reviewed"]}
    certificate.collect_events()
    certificate.close_review("completion_reached_again", by())
    assert said(certificate) == {CHEN: ["certificate_review_closed"]}


def test_what_is_signed_belongs_to_one_order() -> None:
    nothing, session_id = Effects(), uuid4()
    void = SessionVoidOrder(session_id=session_id, reason_code=ERROR)
    orders = (
        void,
        SessionVoidOrder(session_id=uuid4(), reason_code=ERROR),
        AttendanceOrder(session_id=session_id, learner_id=CHEN, reason_code=ERROR),
    )
    assert len({nothing.sha256(order) for order in orders}) == 3
    assert nothing.sha256(void) == nothing.sha256(void.model_copy())


def test_what_is_signed_covers_every_effect() -> None:
    void, own = SessionVoidOrder(session_id=uuid4(), reason_code=ERROR), account(claim())
    own.settle({claim().source_id: Claimed(claim(hours=100), RULES.version)},
               lambda _: RULES, ERROR, by())  # fmt: skip
    assert effects_of([own]).sha256(void) != Effects().sha256(void)
