"""Results that people judge: examiner and witness are two, and neither is the learner."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from domain.envelope import Envelope
from domain.exam import AttemptsUsed, ExamNotOpen, ExamRecord
from domain.exam_attempt import Attempt
from domain.exam_attempt_facts import OralReason
from domain.exam_refusals import (
    AttemptEnded,
    AttemptWaits,
    UnknownAttempt,
    WitnessIsExaminer,
)
from domain.learner import UnknownLearner
from domain.staff import OwnCase
from ledger.exams import PaperResult
from ledger.exams_judged import OralResult
from tests.acting import Pilot, envelope
from tests.online_exams import STARTED, publish_online

EXAMINER, WITNESS = uuid4(), uuid4()


@pytest.fixture
def exam(pilot: Pilot) -> UUID:
    return publish_online(pilot.book)


def examiner() -> Envelope:
    return envelope(STARTED, actor_id=EXAMINER)


def witness() -> Envelope:
    return envelope(STARTED, actor_id=WITNESS)


def passed(learner: UUID, said: bool = True) -> OralResult:
    return OralResult(learner, said, OralReason.ELDERLY)


def passes(pilot: Pilot, learner: UUID) -> bool:
    found = pilot.book.ledger.find(ExamRecord, ExamRecord.create_id(learner))
    return found is not None and bool(found.passed)


def test_an_oral_result_counts_once_examiner_and_witness_said_so(pilot: Pilot, exam: UUID) -> None:
    judged, learner = pilot.book.judged_exams, pilot.learners[0]
    attempt_id = judged.examine(exam, passed(learner), examiner())
    assert judged.examine(exam, passed(learner), examiner()) == attempt_id
    assert not passes(pilot, learner)
    with pytest.raises(WitnessIsExaminer):
        judged.witness(exam, attempt_id, examiner())

    for _ in range(2):
        judged.witness(exam, attempt_id, witness())

    assert passes(pilot, learner)
    assert judged.examine(exam, passed(learner), again(examiner())) == attempt_id


def test_neither_examiner_nor_witness_is_the_learner(pilot: Pilot, exam: UUID) -> None:
    judged, (own, other, _) = pilot.book.judged_exams, pilot.learners
    pilot.book.registry.register_staff(WITNESS, envelope(), learner_id=own)
    with pytest.raises(OwnCase):
        judged.examine(exam, passed(own), witness())
    with pytest.raises(OwnCase):
        judged.mark_note(exam, own, True, witness())
    attempt_id = judged.examine(exam, passed(own), examiner())
    with pytest.raises(OwnCase):
        judged.witness(exam, attempt_id, witness())
    judged.witness(exam, judged.examine(exam, passed(other), examiner()), witness())


def test_another_judgement_waits_until_the_first_is_withdrawn(pilot: Pilot, exam: UUID) -> None:
    judged, learner = pilot.book.judged_exams, pilot.learners[0]
    attempt_id = judged.examine(exam, passed(learner), examiner())
    with pytest.raises(AttemptWaits):
        judged.examine(exam, passed(learner, said=False), examiner())
    with pytest.raises(AttemptWaits):
        judged.mark_note(exam, learner, True, examiner())

    pilot.book.exams.withdraw(exam, attempt_id, envelope())

    again = judged.examine(exam, passed(learner, said=False), examiner())
    judged.witness(exam, again, witness())
    assert not passes(pilot, learner)
    with pytest.raises(AttemptEnded):
        judged.witness(exam, attempt_id, witness())


def test_a_paper_is_not_witnessed_and_waits_alone(pilot: Pilot, exam: UUID) -> None:
    judged, learner = pilot.book.judged_exams, pilot.learners[0]
    pilot.book.exams.enter_results(exam, [PaperResult(learner, 70)], examiner())
    with pytest.raises(AttemptWaits):
        judged.examine(exam, passed(learner), examiner())
    with pytest.raises(UnknownAttempt):
        judged.witness(exam, Attempt.create_id(exam, learner, 1), witness())


def test_nobody_unknown_is_examined(pilot: Pilot, exam: UUID) -> None:
    with pytest.raises(UnknownLearner):
        pilot.book.judged_exams.examine(exam, passed(uuid4()), examiner())


def test_a_study_note_counts_like_an_exam(pilot: Pilot, exam: UUID) -> None:
    judged, learner = pilot.book.judged_exams, pilot.learners[0]
    for day, said in enumerate((False, False, True)):
        later = envelope(STARTED + timedelta(days=day), actor_id=EXAMINER)
        first = judged.mark_note(exam, learner, said, later)
        assert judged.mark_note(exam, learner, said, again(later)) == first
    assert passes(pilot, learner)
    with pytest.raises(AttemptsUsed):
        judged.mark_note(exam, learner, True, envelope(STARTED + timedelta(days=9)))


def again(by: Envelope) -> Envelope:
    """Pressed once more: another command that says the same."""
    return by.model_copy(update={"command_id": uuid4()})


def test_a_study_note_counts_where_the_exam_says_so(pilot: Pilot) -> None:
    paper = pilot.book.exams.publish("4401040001", "期末", STARTED.date(), envelope())
    with pytest.raises(ExamNotOpen):
        pilot.book.judged_exams.mark_note(paper, pilot.learners[0], True, examiner())
