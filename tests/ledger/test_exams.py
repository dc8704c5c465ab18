"""Paper results: one types, another checks, and a sheet that contradicts itself says nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from uuid import UUID, uuid4

import pytest

from domain.envelope import Envelope
from domain.exam import AttemptsUsed, ExamMode, ExamNotOpen, ExamRecord, UnknownExam
from domain.exam_attempt import Attempt
from domain.exam_refusals import (
    AttemptEnded,
    AttemptWaits,
    CheckLocked,
    ChecksOwnEntry,
    ResultDiffers,
    UnknownAttempt,
)
from domain.learner import UnknownLearner
from domain.refusals import Refused
from domain.rulebook_refusals import NoRulebookInForce
from domain.staff import OwnCase
from ledger.exams import ExamPublishedOtherwise, PaperResult, ResultNotEntered
from tests.acting import SCHOOL, Pilot, envelope

TYPIST, CHECKER = uuid4(), uuid4()
Refusals = dict[UUID, type[Refused]]


def typist() -> Envelope:
    return envelope(actor_id=TYPIST)


def checker() -> Envelope:
    return envelope(actor_id=CHECKER)


def publish(pilot: Pilot, title: str = "期末") -> UUID:
    return pilot.book.exams.publish(SCHOOL, title, date(2026, 11, 20), envelope())


def used(pilot: Pilot, exam: UUID, learner: UUID) -> int:
    return pilot.book.exams.case(pilot.book.exams.get(exam), learner).used


def waiting(pilot: Pilot, exam: UUID, learner: UUID) -> Attempt:
    found = pilot.book.exams.case(pilot.book.exams.get(exam), learner).waiting
    assert found is not None
    return found


def enter(pilot: Pilot, exam: UUID, *scores: tuple[UUID, int], sitting: int = 1) -> Refusals:
    results = [PaperResult(learner, score, sitting) for learner, score in scores]
    refused = pilot.book.exams.enter_results(exam, results, typist())
    return {learner: type(refusal) for learner, refusal in refused.items()}


def check(
    pilot: Pilot, exam: UUID, *scores: tuple[UUID, int], by: Envelope | None = None,
    sitting: int = 1,
) -> Refusals:  # fmt: skip
    results = [PaperResult(learner, score, sitting) for learner, score in scores]
    refused = pilot.book.exams.check_results(exam, results, by or checker())
    return {learner: type(refusal) for learner, refusal in refused.items()}


def record(pilot: Pilot, learner: UUID) -> ExamRecord | None:
    return pilot.book.ledger.find(ExamRecord, ExamRecord.create_id(learner))


def test_an_exam_is_published_once_under_the_marks_of_its_day(pilot: Pilot) -> None:
    exam = publish(pilot)
    position = pilot.book.ledger.position()
    assert publish(pilot) == exam
    assert pilot.book.ledger.position() == position
    assert pilot.book.exams.get(exam).pass_mark == 60
    with pytest.raises(NoRulebookInForce):
        pilot.book.exams.publish(SCHOOL, "旧", date(1999, 1, 1), envelope())


def test_an_exam_that_nobody_published_takes_no_result(pilot: Pilot) -> None:
    with pytest.raises(UnknownExam):
        enter(pilot, uuid4(), (pilot.learners[0], 70))


def test_a_result_counts_once_it_is_checked_by_another(pilot: Pilot) -> None:
    exam, (first, second, third) = publish(pilot), pilot.learners
    assert enter(pilot, exam, (first, 70), (second, 59)) == {}
    assert record(pilot, first) is None

    answers = check(pilot, exam, (first, 70), (second, 58), (third, 90))

    assert answers == {second: ResultDiffers, third: ResultNotEntered}
    found = record(pilot, first)
    assert found is not None
    assert found.passed == {(exam, 2026)}
    assert record(pilot, second) is None


def test_the_same_sheet_again_records_nothing(pilot: Pilot) -> None:
    exam, learner = publish(pilot), pilot.learners[0]
    enter(pilot, exam, (learner, 70))
    assert enter(pilot, exam, (learner, 70)) == {}
    check(pilot, exam, (learner, 70))
    position = pilot.book.ledger.position()

    assert check(pilot, exam, (learner, 70)) == enter(pilot, exam, (learner, 70)) == {}
    assert check(pilot, exam, (learner, 71)) == {learner: ResultDiffers}
    assert enter(pilot, exam, (learner, 71)) == {learner: ResultDiffers}
    assert pilot.book.ledger.position() == position


def test_nobody_checks_their_own_entry(pilot: Pilot) -> None:
    exam, learner = publish(pilot), pilot.learners[0]
    enter(pilot, exam, (learner, 70))
    assert check(pilot, exam, (learner, 70), by=typist()) == {learner: ChecksOwnEntry}


def test_an_unchecked_entry_is_not_typed_over(pilot: Pilot) -> None:
    exam, learner = publish(pilot), pilot.learners[0]
    enter(pilot, exam, (learner, 70))
    assert enter(pilot, exam, (learner, 71)) == {learner: ResultDiffers}


def test_a_typed_score_cannot_be_guessed_by_typing_it_again(pilot: Pilot) -> None:
    exam, learner = publish(pilot), pilot.learners[0]
    enter(pilot, exam, (learner, 70))
    for score in (70, 71):
        refused = pilot.book.exams.enter_results(exam, [PaperResult(learner, score)], checker())
        assert {type(each) for each in refused.values()} == {AttemptWaits}


def test_attempts_end_where_the_rulebook_says(pilot: Pilot) -> None:
    exam, learner = publish(pilot), pilot.learners[0]
    most = pilot.book.rulebooks.on(date(2026, 11, 20)).exam.attempts_max
    for sitting in range(1, most + 1):
        assert enter(pilot, exam, (learner, 50), sitting=sitting) == {}
        assert check(pilot, exam, (learner, 50), sitting=sitting) == {}
    assert enter(pilot, exam, (learner, 99), sitting=most + 1) == {learner: AttemptsUsed}


def test_a_later_sitting_with_the_same_score_is_another_attempt(pilot: Pilot) -> None:
    exam, learner = publish(pilot), pilot.learners[0]
    enter(pilot, exam, (learner, 50))
    assert enter(pilot, exam, (learner, 50), sitting=2) == {learner: AttemptWaits}
    check(pilot, exam, (learner, 50))
    assert enter(pilot, exam, (learner, 50), sitting=2) == {}
    assert check(pilot, exam, (learner, 50), sitting=2) == {}
    assert used(pilot, exam, learner) == 2
    assert enter(pilot, exam, (learner, 60)) == {learner: ResultDiffers}


def test_a_check_that_differs_too_often_waits_for_the_coordinator(pilot: Pilot) -> None:
    exam, learner = publish(pilot), pilot.learners[0]
    enter(pilot, exam, (learner, 70))
    for score in (71, 72, 73):
        assert check(pilot, exam, (learner, score)) == {learner: ResultDiffers}
    assert check(pilot, exam, (learner, 70)) == {learner: CheckLocked}

    pilot.book.exams.withdraw(exam, waiting(pilot, exam, learner).id, envelope())

    assert enter(pilot, exam, (learner, 70)) == check(pilot, exam, (learner, 70)) == {}
    assert used(pilot, exam, learner) == 1


def test_an_entry_is_withdrawn_before_it_counts_and_never_afterwards(pilot: Pilot) -> None:
    exam, (learner, other, _) = publish(pilot), pilot.learners
    enter(pilot, exam, (learner, 17), (other, 70))
    check(pilot, exam, (other, 70))
    withdraw = pilot.book.exams.withdraw
    withdraw(exam, waiting(pilot, exam, learner).id, envelope())

    assert enter(pilot, exam, (learner, 71)) == {}
    with pytest.raises(AttemptEnded):
        withdraw(exam, Attempt.create_id(exam, other, 1), envelope())
    with pytest.raises(UnknownAttempt):
        withdraw(exam, uuid4(), envelope())
    with pytest.raises(UnknownAttempt):
        withdraw(publish(pilot, "期中"), Attempt.create_id(exam, other, 1), envelope())
    pilot.book.registry.register_staff(TYPIST, envelope(), learner_id=learner)
    with pytest.raises(OwnCase):
        withdraw(exam, waiting(pilot, exam, learner).id, typist())


def test_an_exam_without_paper_takes_no_paper(pilot: Pilot) -> None:
    notes = (ExamMode.STUDY_NOTE,)
    exam = pilot.book.exams.publish(SCHOOL, "体会", date(2026, 11, 20), envelope(), notes)
    assert enter(pilot, exam, (pilot.learners[0], 70)) == {pilot.learners[0]: ExamNotOpen}
    with pytest.raises(ExamPublishedOtherwise):
        pilot.book.exams.publish(SCHOOL, "体会", date(2026, 11, 20), envelope())


def test_a_dry_run_of_a_check_never_says_whether_the_scores_agree(pilot: Pilot) -> None:
    exam_id, (learner, other, _) = publish(pilot), pilot.learners
    enter(pilot, exam_id, (learner, 70))
    exam, position = pilot.book.exams.get(exam_id), pilot.book.ledger.position()
    results = [PaperResult(learner, 99), PaperResult(other, 1)]

    taken = pilot.book.exams.check(exam, results, checker(), dry_run=True)

    assert taken.news == {learner}
    assert {key: type(each) for key, each in taken.refused.items()} == {other: ResultNotEntered}
    assert pilot.book.ledger.position() == position


def test_a_learner_twice_on_a_sheet_is_taken_once_or_not_at_all(pilot: Pilot) -> None:
    exam, (first, second, _) = publish(pilot), pilot.learners
    sheet = [(first, 70), (second, 80), (first, 70), (second, 81)]

    assert enter(pilot, exam, *sheet) == {second: ResultDiffers}
    assert check(pilot, exam, *sheet) == {second: ResultDiffers}
    found = record(pilot, first)
    assert found is not None
    assert len(found.attempts[exam]) == 1


def test_nobody_unknown_and_nobody_of_their_own_gets_a_result(pilot: Pilot) -> None:
    exam, learner, stranger = publish(pilot), pilot.learners[0], uuid4()
    pilot.book.registry.register_staff(TYPIST, envelope(), learner_id=learner)

    answers = enter(pilot, exam, (learner, 100), (stranger, 70), (pilot.learners[1], 70))

    assert answers == {learner: OwnCase, stranger: UnknownLearner}


def test_a_dry_run_says_what_would_be_news_and_records_nothing(pilot: Pilot) -> None:
    exam = pilot.book.exams.get(publish(pilot))
    position = pilot.book.ledger.position()
    results = [PaperResult(pilot.learners[0], 70)]

    taken = pilot.book.exams.enter(exam, results, typist(), dry_run=True)

    assert taken.news == {pilot.learners[0]}
    assert pilot.book.ledger.position() == position


def test_two_who_check_at_once_count_once(pilot: Pilot) -> None:
    exam, learner = publish(pilot), pilot.learners[0]
    enter(pilot, exam, (learner, 70))

    def one(_: int) -> dict[UUID, type[Refused]]:
        return check(pilot, exam, (learner, 70), by=envelope())

    with ThreadPoolExecutor(4) as checkers:
        assert list(checkers.map(one, range(4))) == [{}] * 4
    found = record(pilot, learner)
    assert found is not None
    assert found.version == 2
