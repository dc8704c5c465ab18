"""The exam board and the history: what each fact makes of an attempt, and what stays blind."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from domain.correction import ExamResultOrder
from domain.exam_attempt_facts import OralReason
from domain.rules import ReversalReason
from ledger.exams import PaperResult
from ledger.exams_judged import OralResult
from projections.exam_board import AttemptLine
from projections.projector import Projector
from projections.read_models import ReadModels
from tests.acting import SCHOOL, Pilot, envelope
from tests.ledger.merging import merge_of, signed_by_two
from tests.online_exams import CLOSES, OPENS, STARTED, answers, parent, publish_online


@pytest.fixture
def exam(pilot: Pilot) -> UUID:
    return publish_online(pilot.book)


def line(models: ReadModels, projector: Projector, exam: UUID) -> AttemptLine:
    """The only attempt, or the last one."""
    projector.catch_up()
    return models.exams.attempts_of(exam)[-1]


def test_an_exam_on_a_screen_is_listed_for_its_schools(
    pilot: Pilot, exam: UUID, models: ReadModels, projector: Projector
) -> None:
    projector.catch_up()
    [listed] = models.exams.online_for({(SCHOOL, 2026), ("4401040009", 2026)})
    assert (listed.exam_id, listed.opens_at, listed.closes_at) == (exam, OPENS, CLOSES)
    assert models.exams.online_for({(SCHOOL, 2025)}) == []
    assert models.exams.online_for(set()) == []


def test_an_attempt_on_a_screen_is_open_until_it_is_marked(
    pilot: Pilot, exam: UUID, models: ReadModels, projector: Projector
) -> None:
    online, learner = pilot.book.online_exams, pilot.learners[0]
    attempt_id = online.start(exam, learner, parent(learner))
    begun = line(models, projector, exam)
    ends = STARTED + timedelta(minutes=30)
    assert (begun.way, begun.standing, begun.ends_at) == ("online", "open", ends)
    assert models.exams.overdue(ends) == []
    assert models.exams.overdue(ends + timedelta(seconds=1)) == [begun]

    online.submit(attempt_id, learner, answers(pilot.book, attempt_id, learner), parent(learner))

    marked = line(models, projector, exam)
    assert (marked.standing, marked.score, marked.merit) == ("counted", 100, True)
    assert models.exams.overdue(CLOSES) == []
    assert models.exams.own_attempts(learner) == [marked]


def test_a_result_put_right_stands_as_it_is_now(
    pilot: Pilot, exam: UUID, models: ReadModels, projector: Projector
) -> None:
    exams, learner = pilot.book.exams, pilot.learners[0]
    exams.enter_results(exam, [PaperResult(learner, 50)], envelope(STARTED))
    exams.check_results(exam, [PaperResult(learner, 51)], envelope(STARTED))
    assert line(models, projector, exam).tries_left == 2
    exams.check_results(exam, [PaperResult(learner, 50)], envelope(STARTED))
    attempt_id = line(models, projector, exam).attempt_id

    for score, found in ((80, ("counted", 80, True)), (None, ("voided", 80, True))):
        order = ExamResultOrder(
            exam_id=exam, attempt_id=attempt_id, score=score,
            reason_code=ReversalReason.ENTRY_ERROR,
        )  # fmt: skip
        corrections, by = pilot.book.corrections, envelope(STARTED)
        sha256 = corrections.preview(order, by).sha256
        corrections.approve(corrections.propose(order, sha256, by).id, sha256, envelope(STARTED))
        now = line(models, projector, exam)
        assert (now.standing, now.score, now.passed) == found
        assert now.put_right == "entry_error"
    assert models.exams.results_of(learner) == []
    [board] = models.exams.exams_of(SCHOOL)
    assert (board.entered, board.checked, board.passed) == (0, 0, 0)


def test_what_people_judged_is_shown_with_its_way(
    pilot: Pilot, exam: UUID, models: ReadModels, projector: Projector
) -> None:
    judged, (first, second, _) = pilot.book.judged_exams, pilot.learners
    oral = OralResult(first, passed=True, reason=OralReason.LANGUAGE)
    attempt_id = judged.examine(exam, oral, envelope(STARTED))
    waiting = line(models, projector, exam)
    assert (waiting.way, waiting.standing, waiting.oral_reason) == ("oral", "waiting", "language")
    judged.witness(exam, attempt_id, envelope(STARTED))
    assert line(models, projector, exam).standing == "counted"
    judged.mark_note(exam, second, passed=False, by=envelope(STARTED + timedelta(hours=1)))
    note = line(models, projector, exam)
    assert (note.way, note.standing, note.passed, note.score) == (
        "study_note", "counted", False, None,
    )  # fmt: skip


def test_a_typed_score_stays_blind_while_readings_differ_and_when_it_is_withdrawn(
    pilot: Pilot, exam: UUID, models: ReadModels, projector: Projector
) -> None:
    exams, learner = pilot.book.exams, pilot.learners[0]
    exams.enter_results(exam, [PaperResult(learner, 50)], envelope(STARTED))
    for score in (51, 52, 53):
        exams.check_results(exam, [PaperResult(learner, score)], envelope(STARTED))
    exams.withdraw(exam, line(models, projector, exam).attempt_id, envelope(STARTED))
    projector.catch_up()

    history = models.history.history(learner)

    about = {each.topic: each.withheld for each in history if each.topic.startswith("attempt.")}
    assert about["attempt.paper_result_entered"] == {"score"}
    assert set(about) == {
        "attempt.paper_result_entered", "attempt.check_differed", "attempt.entry_withdrawn",
    }  # fmt: skip
    assert models.history.history(uuid4()) == []


def test_an_attempt_on_a_screen_is_in_the_history_of_learner_and_exam(
    pilot: Pilot, exam: UUID, models: ReadModels, projector: Projector
) -> None:
    learner = pilot.learners[0]
    pilot.book.online_exams.start(exam, learner, parent(learner))
    projector.catch_up()
    for subject in (learner, exam):
        topics = [each.topic for each in models.history.history(subject)]
        assert "attempt.started" in topics


def test_a_questions_revisions_are_counted_across_batches(
    pilot: Pilot, exam: UUID, models: ReadModels, projector: Projector
) -> None:
    banks = pilot.book.question_banks
    [bank] = banks.usable(SCHOOL, pilot.book.exams.get(exam).online.bank_ids)  # type: ignore[union-attr]  # it is online
    key, question = next(iter(bank.questions.items()))
    for text in ("一", "二"):
        banks.put(bank.id, [question.model_copy(update={"text": text})], envelope())
        projector.catch_up()
    banks.retire(bank.id, key, envelope())
    projector.catch_up()

    row = next(row for row in models.questions.questions_of(bank.id) if row.question_id == key)

    assert (row.text, row.revision, row.retired) == ("二", 3, True)
    found = models.questions.bank(bank.id)
    assert found is not None
    assert found.questions == 59


def test_attempts_are_the_persons_whatever_the_record(
    pilot: Pilot, exam: UUID, models: ReadModels, projector: Projector
) -> None:
    one, other, _ = pilot.learners
    online = pilot.book.online_exams
    attempt = online.start(exam, other, parent(other))
    online.submit(attempt, other, answers(pilot.book, attempt, other), parent(other))
    signed_by_two(pilot, merge_of(one, other))

    assert line(models, projector, exam).learner_id == one
    [own] = models.exams.own_attempts(one)
    assert own.attempt_id == attempt
