"""Attempts: two readings of a paper, the time on a screen, two people for what is spoken."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.exam_attempt import Attempt
from domain.exam_attempt_facts import OralReason, Signed
from domain.exam_refusals import (
    AnswerAfterTime,
    AttemptEnded,
    CheckLocked,
    ChecksOwnEntry,
    ResultDiffers,
    ResultNotCounted,
    WitnessIsExaminer,
)
from domain.rules import ReversalReason
from tests.domain.exams import OPENS, WANG, ZHOU, counted, exam, oral, started, typed
from tests.domain.given import CHEN, EVENING, LIN, by, history, news
from tests.domain.refusing import refused

TRIES = 3
END = OPENS + timedelta(minutes=30)
SIGNED = Signed(reason_code=ReversalReason.ENTRY_ERROR, correction_id=ZHOU, proposed_by=LIN)


def test_a_result_counts_once_two_people_read_the_same() -> None:
    attempt = typed(86)
    assert attempt.outcome is None
    attempt.check(86, exam(), TRIES, by(WANG))
    [checked] = news(attempt)
    assert isinstance(checked, Attempt.PaperResultChecked)
    assert (checked.passed, checked.merit) == (True, True)
    assert attempt.outcome == exam().outcome(attempt.id, CHEN, score=86)


def test_nobody_checks_what_they_typed() -> None:
    attempt = typed()
    with pytest.raises(ChecksOwnEntry):
        attempt.check(70, exam(), TRIES, by(LIN))
    assert news(attempt) == []


def test_readings_that_differ_use_up_the_tries_and_lock_the_result() -> None:
    attempt = typed()
    for score in (71, 72, 73):
        attempt.check(score, exam(), TRIES, by(WANG))
    differed = news(attempt)
    assert [each.tries_left for each in differed if isinstance(each, Attempt.CheckDiffered)] == [
        2, 1, 0,
    ]  # fmt: skip
    assert "score" not in type(differed[0]).model_fields
    assert attempt.outcome is None
    with pytest.raises(CheckLocked):
        attempt.check(70, exam(), TRIES, by(WANG))


def test_a_rulebook_without_the_figure_locks_nothing() -> None:
    attempt = typed()
    for _ in range(5):
        attempt.check(71, exam(), 0, by(WANG))
    assert {
        each.tries_left for each in news(attempt) if isinstance(each, Attempt.CheckDiffered)
    } == {None}
    attempt.check(70, exam(), 0, by(WANG))
    assert attempt.outcome is not None


def test_a_checked_result_is_checked_again_without_news() -> None:
    attempt = counted()
    attempt.check(70, exam(), TRIES, by(LIN))
    with pytest.raises(ResultDiffers):
        attempt.check(71, exam(), TRIES, by(WANG))
    assert news(attempt) == []


@pytest.mark.parametrize("made", [typed, oral])
def test_what_nobody_confirmed_is_withdrawn_and_never_counted(made: Callable[[], Attempt]) -> None:
    attempt = made()
    outcome = attempt.withdraw(exam(), by(WANG))
    assert (attempt.is_over, attempt.outcome, outcome.passed) == (True, None, False)
    for again in (attempt.withdraw, attempt.witness):
        with pytest.raises(AttemptEnded):
            again(exam(), by(WANG))


@pytest.mark.parametrize("made", [counted, started])
def test_what_counts_or_goes_on_is_not_withdrawn(made: Callable[[], Attempt]) -> None:
    attempt = made()
    with pytest.raises(AttemptEnded):
        attempt.withdraw(exam(), by(WANG))


@given(seconds=st.integers(-2, 2))
def test_answers_are_taken_until_the_time_is_over(seconds: int) -> None:
    attempt, at = started(), END + timedelta(seconds=seconds)
    if at <= END:
        attempt.save_answers("aa", by(CHEN, at))
        attempt.save_answers("aa", by(CHEN, at))
        assert len(news(attempt)) == 1
    else:
        with refused(AnswerAfterTime, ends_at=END):
            attempt.save_answers("aa", by(CHEN, at))


@given(right=st.integers(0, 20))
def test_the_server_marks_what_is_saved(right: int) -> None:
    attempt = started()
    attempt.save_answers("aa", by(CHEN, OPENS))
    attempt.mark(right, exam(), 100, by(CHEN, END))
    attempt.mark(right, exam(), 100, by(CHEN, END))
    [_, marked] = news(attempt)
    assert isinstance(marked, Attempt.Marked)
    assert (marked.outcome.score, marked.outcome.passed) == (right * 5, right >= 12)
    assert (marked.right, marked.ran_out, marked.answers_sha256) == (right, False, "aa")
    assert type(marked.outcome.score) is int
    with pytest.raises(AttemptEnded):
        attempt.save_answers("bb", by(CHEN, OPENS))


def test_a_part_of_a_mark_is_none() -> None:
    attempt = started()
    attempt.mark(3, exam(), 70, by(CHEN, END))
    assert attempt.outcome is not None
    assert attempt.outcome.score == 10


def test_what_ran_out_is_marked_as_of_the_end_of_its_time() -> None:
    attempt = started()
    attempt.mark(0, exam(), 100, by(CHEN, END + timedelta(hours=9)))
    [marked] = news(attempt)
    assert isinstance(marked, Attempt.Marked)
    assert (marked.ran_out, marked.envelope.at, marked.answers_sha256) == (True, END, None)


@pytest.mark.parametrize("passed", [True, False])
def test_an_oral_result_counts_once_the_witness_confirms_it(passed: bool) -> None:
    attempt = oral(passed=passed)
    with pytest.raises(WitnessIsExaminer):
        attempt.witness(exam(), by(LIN))
    assert attempt.outcome is None
    attempt.witness(exam(), by(WANG))
    attempt.witness(exam(), by(ZHOU))
    assert len(news(attempt)) == 1
    assert attempt.outcome == exam().outcome(attempt.id, CHEN, score=None, passed=passed)


def test_a_study_note_counts_at_once() -> None:
    attempt = Attempt.study_note(exam(), CHEN, 1, True, by(LIN))
    assert attempt.is_over
    assert attempt.outcome == exam().outcome(attempt.id, CHEN, score=None, passed=True)


def test_a_counted_result_is_put_right_under_a_signed_proposal() -> None:
    attempt = counted(50)
    right = exam().outcome(attempt.id, CHEN, score=80)
    for _ in range(2):
        attempt.correct(right, SIGNED, by(WANG))
    [corrected] = news(attempt)
    assert isinstance(corrected, Attempt.ResultCorrected)
    assert (corrected.signed.proposed_by, corrected.envelope.actor.id) == (LIN, WANG)
    assert attempt.outcome == right


def test_a_voided_result_counts_for_nothing_and_stays_voided() -> None:
    attempt = counted()
    attempt.void(SIGNED, by(WANG))
    assert attempt.outcome is None
    with pytest.raises(ResultNotCounted):
        attempt.void(SIGNED, by(WANG))
    with pytest.raises(ResultNotCounted):
        typed().correct(exam().outcome(attempt.id, CHEN, score=1), SIGNED, by(WANG))
    with pytest.raises(ResultDiffers):
        attempt.check(70, exam(), TRIES, by(WANG))


def test_attempts_are_the_same_after_a_reload() -> None:
    paper = Attempt.on_paper(exam(), CHEN, 1, 70, 2, by(LIN))
    paper.check(71, exam(), TRIES, by(WANG))
    paper.check(70, exam(), TRIES, by(WANG))
    paper.correct(exam().outcome(paper.id, CHEN, score=80), SIGNED, by(WANG))
    paper.void(SIGNED, by(WANG))
    screen = Attempt.start(exam(), CHEN, 2, (), by(CHEN, OPENS))
    screen.save_answers("aa", by(CHEN, OPENS))
    screen.mark(3, exam(), 100, by(CHEN, END))
    spoken = Attempt.orally(exam(), CHEN, 3, True, OralReason.LANGUAGE, by(LIN))
    spoken.witness(exam(), by(WANG))
    gone = Attempt.on_paper(exam(), CHEN, 4, 70, 3, by(LIN))
    gone.withdraw(exam(), by(WANG))
    note = Attempt.study_note(exam(), CHEN, 5, False, by(LIN))
    for made in (paper, screen, spoken, gone, note):
        again = history(news(made))
        assert again is not None
        assert vars(again) == vars(made)


def test_an_attempt_knows_what_it_is_an_attempt_at() -> None:
    paper = Attempt.on_paper(exam(), CHEN, 1, 70, 2, by())
    screen, note = started(2), Attempt.study_note(exam(), CHEN, 3, True, by())
    for number, made in enumerate((paper, screen, note), start=1):
        assert (made.exam_id, made.learner_id, made.school_year) == (exam().id, CHEN, 2026)
        assert made.number == number
    assert (paper.score, paper.sitting, paper.is_over, paper.banks) == (70, 2, False, ())
    assert (paper.questions, paper.ends_at) == (0, EVENING)
    assert (screen.questions, screen.ends_at) == (20, END)
    assert [each.version for each in screen.banks] == [61]
