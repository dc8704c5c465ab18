"""Exams on paper: typed by one person, checked by another, counted once."""

from __future__ import annotations

from datetime import date
from uuid import NAMESPACE_OID, UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.exam import Attempt, ChecksOwnEntry, Exam, ExamRecord, ResultDiffers
from tests.domain.given import CHEN, LIN, by, history, news

WANG = uuid5(NAMESPACE_OID, "王示例")
HELD = date(2026, 11, 20)


def exam() -> Exam:
    return Exam(
        school_code="4401040001", title="期末", school_year=2026, held_on=HELD, pass_mark=60,
        merit_mark=85, envelope=by(),
    )  # fmt: skip


def typed(score: int = 70, number: int = 1, actor: UUID = LIN) -> Attempt:
    made = Attempt(
        exam_id=exam().id, learner_id=CHEN, school_code="4401040001", school_year=2026,
        number=number, score=score, envelope=by(actor),
    )  # fmt: skip
    news(made)
    return made


@given(st.one_of(st.integers(57, 63), st.integers(82, 88)))
def test_the_marks_of_the_exam_decide(score: int) -> None:
    attempt = typed(score)
    attempt.check(score, exam(), by(WANG))
    [checked] = news(attempt)
    assert isinstance(checked, Attempt.PaperResultChecked)
    assert (checked.passed, checked.merit) == (score >= 60, score >= 85)


def test_nobody_checks_what_they_typed() -> None:
    attempt = typed()
    with pytest.raises(ChecksOwnEntry):
        attempt.check(70, exam(), by(LIN))
    assert news(attempt) == []


def test_the_second_person_must_read_the_same_score() -> None:
    attempt = typed()
    with pytest.raises(ResultDiffers):
        attempt.check(71, exam(), by(WANG))
    assert attempt.checked_by is None


def test_a_checked_result_is_checked_again_without_news() -> None:
    attempt = typed()
    attempt.check(70, exam(), by(WANG))
    attempt.check(70, exam(), by(LIN))
    with pytest.raises(ResultDiffers):
        attempt.check(71, exam(), by(CHEN))
    assert len(news(attempt)) == 1
    assert attempt.checked_by == WANG


@pytest.mark.parametrize(("score", "passed"), [(59, 0), (60, 1)])
def test_an_attempt_counts_once(score: int, passed: int) -> None:
    record = ExamRecord(learner_id=CHEN, envelope=by())
    for _ in range(2):
        record.count(typed(score), exam(), by())
    assert len(news(record)) == 2
    assert len(record.passed) == passed
    assert record.attempts == {exam().id: [typed().id]}


def test_a_second_attempt_counts_beside_the_first() -> None:
    record = ExamRecord(learner_id=CHEN, envelope=by())
    record.count(typed(50), exam(), by())
    record.count(typed(80, number=2), exam(), by())
    assert len(record.attempts[exam().id]) == 2
    assert record.passed == {(exam().id, 2026)}


def test_exams_are_the_same_after_a_reload() -> None:
    attempt = Attempt(
        exam_id=exam().id, learner_id=CHEN, school_code="4401040001", school_year=2026,
        number=1, score=70, envelope=by(LIN),
    )  # fmt: skip
    attempt.check(70, exam(), by(WANG))
    record = ExamRecord(learner_id=CHEN, envelope=by())
    record.count(attempt, exam(), by())
    for made in (exam(), attempt, record):
        again = history(news(made))
        assert again is not None
        assert vars(again) == vars(made)


def test_another_day_is_another_exam() -> None:
    assert Exam.create_id("4401040001", "期末", HELD) == exam().id
    assert Exam.create_id("4401040001", "期末", date(2026, 11, 21)) != exam().id
