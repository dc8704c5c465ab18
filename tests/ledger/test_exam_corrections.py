"""Exam results put right: previewed, signed by two, and what hangs on them evaluated again."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from domain.correction import (
    ExamResultOrder,
    NeedsSecondPerson,
    NothingToCorrect,
    Order,
    Second,
    State,
)
from domain.effects import Effects
from domain.evaluation import Evaluation
from domain.exam import ExamRecord
from domain.exam_attempt import Attempt
from domain.exam_refusals import ResultNotCounted, ScoreMalformed, UnknownAttempt
from domain.rulebook import Rulebook
from domain.rules import ReversalReason
from domain.staff import OwnCase
from ledger.book import Book
from ledger.exams import PaperResult
from ledger.rulebooks import default_rulebook
from tests.acting import ENDS, SCHOOL, STARTS, Pilot, envelope
from tests.ledger.merging import merge_of, signed_by_two
from tests.ledger_evening import hold

PROPOSER, APPROVER = uuid4(), uuid4()
LATER = ENDS + timedelta(days=3)
ERROR = ReversalReason.ENTRY_ERROR


def one_evening_is_enough() -> Rulebook:
    """A rulebook under which one evening and one exam complete the year."""
    rules = default_rulebook().model_dump(mode="json")
    rules["completion"]["annual"] |= {"min_hours": 200, "min_face_to_face_hours": 200}
    rules["completion"]["annual"]["supply_guard"]["floor"] = 100
    rules["course_families"]["required_for_completion"] = 1
    return Rulebook.model_validate(rules)


@pytest.fixture
def pilot(book: Book) -> Pilot:
    made = Pilot(book, rules=one_evening_is_enough()).set_up()
    hold(made, made.learners)
    return made


@pytest.fixture
def learner(pilot: Pilot) -> UUID:
    return pilot.learners[0]


@pytest.fixture
def exam(pilot: Pilot, learner: UUID) -> UUID:
    """Passed with 70, and the year is completed by it."""
    exam_id = pilot.book.exams.publish(SCHOOL, "期末", STARTS.date(), envelope())
    sit(pilot, exam_id, learner, 70, 1)
    pilot.book.awards.evaluate(learner, LATER, uuid4())
    assert completed(pilot, learner)
    return exam_id


def sit(pilot: Pilot, exam: UUID, learner: UUID, score: int, sitting: int) -> None:
    results = [PaperResult(learner, score, sitting)]
    assert pilot.book.exams.enter_results(exam, results, envelope(ENDS)) == {}
    assert pilot.book.exams.check_results(exam, results, envelope(ENDS)) == {}


def completed(pilot: Pilot, learner: UUID) -> bool:
    key = Evaluation.create_id(learner, "primary")
    evaluation = pilot.book.ledger.find(Evaluation, key)
    return evaluation is not None and 2026 in evaluation.completed_years


def passed(pilot: Pilot, learner: UUID) -> bool:
    record = pilot.book.ledger.find(ExamRecord, ExamRecord.create_id(learner))
    return record is not None and bool(record.passed)


def order(exam: UUID, learner: UUID, score: int | None, number: int = 1) -> ExamResultOrder:
    attempt_id = Attempt.create_id(exam, learner, number)
    return ExamResultOrder(exam_id=exam, attempt_id=attempt_id, score=score, reason_code=ERROR)


def put_right(pilot: Pilot, asked: Order) -> Effects:
    by = envelope(LATER, actor_id=PROPOSER)
    corrections = pilot.book.corrections
    preview = corrections.preview(asked, by)
    assert preview.second is Second.COLLEAGUE
    assert preview.effective_term == "2026-1"
    correction = corrections.propose(asked, preview.sha256, by)
    assert correction.state is State.WAITING
    with pytest.raises(NeedsSecondPerson):
        corrections.approve(correction.id, preview.sha256, envelope(LATER, actor_id=PROPOSER))
    approver = envelope(LATER, actor_id=APPROVER)
    assert corrections.approve(correction.id, preview.sha256, approver).state is State.APPLIED
    return preview.effects


def test_a_lower_score_takes_the_completion_back(pilot: Pilot, exam: UUID, learner: UUID) -> None:
    effects = put_right(pilot, order(exam, learner, 50))

    assert effects.counts == {"completion_withdrawn": 1, "exam_corrected": 1}
    assert not passed(pilot, learner)
    assert not completed(pilot, learner)
    attempt = pilot.book.exams.attempt(Attempt.create_id(exam, learner, 1), exam)
    assert attempt.counted.score == 50


def test_a_voided_exam_of_a_merged_record_is_previewed_for_the_record_that_speaks(
    pilot: Pilot, exam: UUID, learner: UUID
) -> None:
    survivor = pilot.learners[1]
    signed_by_two(pilot, merge_of(survivor, learner))
    assert completed(pilot, survivor)

    effects = put_right(pilot, order(exam, learner, None))

    assert effects.counts == {"completion_withdrawn": 1, "exam_voided": 1}
    assert not completed(pilot, survivor)


def test_a_higher_score_brings_it_back(pilot: Pilot, exam: UUID, learner: UUID) -> None:
    put_right(pilot, order(exam, learner, 50))
    effects = put_right(pilot, order(exam, learner, 60))

    assert effects.counts == {"completion_reached": 1, "exam_corrected": 1}
    assert completed(pilot, learner)


def test_the_best_remaining_attempt_decides(pilot: Pilot, exam: UUID, learner: UUID) -> None:
    sit(pilot, exam, learner, 65, 2)
    first = put_right(pilot, order(exam, learner, None))
    assert first.counts == {"exam_voided": 1}
    assert passed(pilot, learner)

    put_right(pilot, order(exam, learner, None, number=2))

    assert not passed(pilot, learner)
    assert not completed(pilot, learner)
    again = pilot.book.exams.enter_results(exam, [PaperResult(learner, 65, 2)], envelope(LATER))
    assert [each.code for each in again.values()] == ["sitting_voided"]
    sit(pilot, exam, learner, 80, 3)  # what was voided is given back
    assert passed(pilot, learner)


def test_the_same_sheet_after_a_correction_is_no_news(
    pilot: Pilot, exam: UUID, learner: UUID
) -> None:
    put_right(pilot, order(exam, learner, 50))
    position = pilot.book.ledger.position()
    for score in (70, 50):
        results = [PaperResult(learner, score)]
        assert pilot.book.exams.enter_results(exam, results, envelope(LATER)) == {}
    assert pilot.book.ledger.position() == position


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"score": 70}, NothingToCorrect),
        ({"score": 101}, ScoreMalformed),
        ({"passed": False}, ScoreMalformed),
        ({"attempt_id": uuid4()}, UnknownAttempt),
    ],
)
def test_what_cannot_be_put_right_is_refused(
    pilot: Pilot, exam: UUID, learner: UUID, changes: dict[str, object], refusal: type[Exception]
) -> None:
    asked = order(exam, learner, None).model_copy(update=changes)
    with pytest.raises(refusal):
        pilot.book.corrections.preview(asked, envelope(LATER))


def test_a_voided_result_is_not_put_right_and_nobody_decides_on_their_own(
    pilot: Pilot, exam: UUID, learner: UUID
) -> None:
    pilot.book.registry.register_staff(PROPOSER, envelope(), learner_id=learner)
    with pytest.raises(OwnCase):
        put_right(pilot, order(exam, learner, 50))
    other = pilot.learners[1]
    sit(pilot, exam, other, 70, 1)
    put_right(pilot, order(exam, other, None))
    with pytest.raises(ResultNotCounted):
        pilot.book.corrections.preview(order(exam, other, 50), envelope(LATER))
