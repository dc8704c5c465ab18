"""What a decision says it would change, and the hash that is signed over it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

from domain.account import Account
from domain.aggregate import LedgerAggregate
from domain.completing import StageEnrolment
from domain.correction import AttendanceOrder, SessionVoidOrder
from domain.effects import Change, Effect, Effects, books_of, effects_of
from domain.enrolment import Leaving
from domain.evaluation import Evaluation
from domain.exam_attempt import Attempt
from domain.exam_attempt_facts import Signed
from domain.judging import RulesOfDay
from domain.learner import Enrolment, Learner
from domain.merging import Evidence, hand_over, merge, take_over_star, unmerge
from domain.rules import ReversalReason
from domain.settling import Claimed
from tests.domain.exams import counted
from tests.domain.exams import exam as term_exam
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
SIGNED = Signed(reason_code=ERROR, correction_id=LIN, proposed_by=LIN)


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

    survivor.enrol(PLACE.model_copy(update={"school_year": 2027}), by())
    survivor.collect_events()
    other.collect_events()
    unmerge(survivor, other, by())
    assert said(survivor, other) == {
        CHEN: ["place_given_back", "place_given_back", "child_unlinked"],
        LIN: ["child_linked", "place_taken"],  # the place of the year before had ended here too
    }


def test_a_claim_that_brought_nothing_is_taken_back_in_plain_sight() -> None:
    same_course = claim(1, course_id=claim().course_id)
    own = account(claim(), same_course)

    own.settle({same_course.source_id: None}, lambda _: RULES, ERROR, by())

    assert said(own) == {CHEN: ["claim_withdrawn"]}


def test_fraud_that_goes_with_its_source_is_said_of_both() -> None:
    giver, taker = account(claim(), claim(1)), Account(learner_id=LIN, envelope=by())
    giver.reverse(claim().entry_id, ReversalReason.FRAUD_CONFIRMED, by())
    giver.collect_events()
    taker.collect_events()

    hand_over(giver, taker, [claim().source_id, claim(1).source_id], by())

    assert said(giver, taker) == {CHEN: ["fraud_handed_over"], LIN: ["fraud_taken_over"]}


def test_a_star_that_lapses_and_one_that_is_renewed_again_are_said() -> None:
    enrolment = StageEnrolment("primary", (2026, 2027))
    short = record(*a_full_year(2026), exams=(exam(),), enrolment=enrolment)
    own = Evaluation(learner_id=CHEN, stage="primary", envelope=by())
    own.evaluate(short, ruled(2026), by())
    own.collect_events()

    own.close_year(short, RULES, 2027, by())
    [change] = effects_of([own]).changes
    assert change.effects == (
        Effect(learner_id=CHEN, what="star_not_renewed", subject="primary 2027"),
    )
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
    [change] = effects_of([certificate]).changes
    assert (change.hours_before, change.hours_after) == (0, 0)
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


def test_the_hash_of_a_preview_never_changes() -> None:
    """What one person proposed before an update, another one signs after it."""
    void = SessionVoidOrder(session_id=CHEN, reason_code=ERROR)
    gone = Effect(learner_id=CHEN, what="reversed", subject="a", hours=-200, because="b")
    less = Effect(learner_id=LIN, what="reversed", subject="a", hours=-100, because="b")
    one, other = (
        Change(learner_id=each.learner_id, hours_before=0, hours_after=0, effects=(each,))
        for each in (gone, less)
    )
    pinned = "98464b54e356ab7d643214bccab391f3002c4aea6158244f3f824d3ab28b0f86"
    for changes in ((one, other), (other, one)):
        assert Effects(changes=changes).sha256(void) == pinned


def test_an_effect_says_about_what_and_because_of_what() -> None:
    own = account(claim(), claim(1))
    own.settle({claim().source_id: None}, lambda _: RULES, ERROR, by())

    [change] = effects_of([own]).changes

    [effect] = change.effects
    assert effect == Effect(
        learner_id=CHEN, what="reversed", subject=str(claim().entry_id), hours=-200,
        session_id=claim().session_id, because="entry_error",
    )  # fmt: skip
    assert (change.hours_before, change.hours_after, change.loses) == (400, 200, True)


def test_a_result_that_is_put_right_is_said_with_its_score_or_without() -> None:
    typed, note = counted(), Attempt.study_note(term_exam(), CHEN, 2, True, by())
    note.collect_events()
    typed.correct(term_exam().outcome(typed.id, CHEN, score=50), SIGNED, by())
    note.correct(term_exam().outcome(note.id, CHEN, score=None, passed=False), SIGNED, by())

    [change] = effects_of([typed, note]).changes

    assert change.effects == tuple(
        Effect(learner_id=CHEN, what="exam_corrected", subject=subject, because="entry_error")
        for subject in (f"{typed.id} 50 failed", f"{note.id} - failed")
    )


def test_a_result_that_counts_for_nothing_is_said_with_what_it_was() -> None:
    attempt = counted()
    attempt.void(SIGNED, by())
    [change] = effects_of([attempt]).changes
    [effect] = change.effects
    assert (effect.what, effect.subject) == ("exam_voided", f"{attempt.id} 70 passed")


def test_the_books_are_those_of_the_school_and_term_that_hours_move_in() -> None:
    own = account(claim())
    own.award(claim(1, term="2026-2", school_code="4401040003"), RULES, by())
    own.reverse(claim().entry_id, ERROR, by())
    assert books_of([own, learner(LIN)]) == {("4401040003", "2026-2"), ("4401040001", "2026-1")}


def after_taking_over(rules: RulesOfDay) -> list[str]:
    """What is said of mine, whose first star waits for a proposal, once theirs is taken over."""
    complete = record(*a_full_year(), exams=(exam(),))
    mine, theirs = (Evaluation(learner_id=k, stage="primary", envelope=by()) for k in (CHEN, LIN))
    mine.evaluate(complete, rules, by())
    theirs.evaluate(complete, ruled(2026), by())
    mine.collect_events()

    take_over_star(mine, theirs, by())
    mine.evaluate(complete, rules, by())

    return said(mine)[CHEN]


def test_the_star_that_waited_is_no_loss_once_it_is_taken_over() -> None:
    rules = ruled(2026, rulebook=changed("stars.tracks.six_year.levels.1.needs_proposal", True))
    assert after_taking_over(rules) == ["star_taken_over"]


def test_the_star_above_the_one_that_is_taken_over_may_be_proposed_now() -> None:
    level = RULES.stars.tracks["six_year"].levels[1].model_dump() | {"needs_proposal": True}
    rulebook = changed("stars.tracks.six_year.levels", {1: level, 2: level})
    assert after_taking_over(ruled(2026, rulebook=rulebook)) == [
        "star_taken_over", "star_proposable",
    ]  # fmt: skip
