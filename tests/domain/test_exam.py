"""Exams: who may begin when, what an attempt comes to, and that the best attempt decides."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.exam import Exam, ExamMode, ExamNotOpen, ExamRecord, Outcome
from domain.exam_attempt import Attempt
from tests.domain.exams import HELD, OPENS, TERMS, counted, exam, oral, started, typed
from tests.domain.given import CHEN, by, history, news
from tests.domain.refusing import refused


def record() -> ExamRecord:
    return ExamRecord(learner_id=CHEN, envelope=by())


@example(60)
@example(85)
@given(st.one_of(st.integers(57, 63), st.integers(82, 88)))
def test_the_marks_of_the_exam_decide(score: int) -> None:
    found = exam().outcome(typed().id, CHEN, score=score)
    assert (found.passed, found.merit) == (score >= 60, score >= 85)


@pytest.mark.parametrize("passed", [True, False])
def test_without_a_score_the_judgement_decides(passed: bool) -> None:
    found = exam().outcome(oral().id, CHEN, score=None, passed=passed)
    assert (found.score, found.passed, found.merit) == (None, passed, False)


@pytest.mark.parametrize(("minutes", "is_open"), [(-1, False), (0, True), (43199, True),
                                                  (43200, False)])  # fmt: skip
def test_an_exam_on_a_screen_opens_and_closes(minutes: int, is_open: bool) -> None:
    at = by(CHEN, OPENS + timedelta(minutes=minutes))
    if is_open:
        exam().admit(ExamMode.ONLINE, at)
    else:
        with refused(ExamNotOpen, opens_at=OPENS, closes_at=OPENS + timedelta(days=30)):
            exam().admit(ExamMode.ONLINE, at)


def test_an_exam_is_taken_in_the_ways_that_are_published_and_orally_always() -> None:
    paper = exam(ExamMode.PAPER, online=None)
    paper.admit(ExamMode.PAPER, by())
    paper.admit(ExamMode.ORAL, by())
    with refused(ExamNotOpen, modes=["paper"]):
        paper.admit(ExamMode.ONLINE, by())


def test_an_old_exam_was_on_paper() -> None:
    state: dict[str, Any] = {}
    Exam.Published.upcast_v1_v2(state)
    assert state == {"modes": ["paper"]}


@pytest.mark.parametrize(("score", "passed"), [(59, 0), (60, 1)])
def test_an_attempt_counts_once(score: int, passed: int) -> None:
    made = record()
    for _ in range(2):
        made.count(result(counted(score)), by())
    _, counts = news(made)
    assert isinstance(counts, ExamRecord.ResultCounted)
    assert (counts.learner_id, counts.school_year) == (CHEN, 2026)
    assert (counts.score, counts.passed) == (score, bool(passed))
    assert len(made.passed) == passed
    assert made.used(exam().id) == 1


def test_a_second_attempt_counts_beside_the_first() -> None:
    made = record()
    made.count(result(counted(50)), by())
    made.count(result(counted(80, number=2)), by())
    assert made.used(exam().id) == 2
    assert made.passed == {(exam().id, 2026)}


def test_what_is_withdrawn_uses_up_a_number_and_no_attempt() -> None:
    made, attempt = record(), typed()
    made.recount(attempt.withdraw(exam(), by()), stands=False, envelope=by())
    assert made.attempts == {exam().id: [attempt.id]}
    assert made.used(CHEN) == 0  # of an exam that was never taken
    assert made.used(exam().id) == 0
    assert made.passed == set()


Step = tuple[int, int | None]  # attempt, its new score; None voids it


@given(
    scores=st.lists(st.integers(55, 65), min_size=1, max_size=4),
    steps=st.lists(st.tuples(st.integers(0, 3), st.none() | st.integers(55, 65)), max_size=8),
    order=st.randoms(use_true_random=False),
)
def test_the_best_attempt_decides_in_any_order(
    scores: list[int], steps: list[Step], order: Any
) -> None:
    made = record()
    attempts = [counted(score, number) for number, score in enumerate(scores, start=1)]
    standing: dict[int, int] = {}
    things: list[tuple[str, Step]] = [("count", (n, score)) for n, score in enumerate(scores)]
    things += [("change", step) for step in steps]
    order.shuffle(things)
    for what, (number, score) in things:
        if what == "count":
            made.count(result(attempts[number]), by())
            standing[number] = scores[number]
        elif number in standing:
            changed = exam().outcome(attempts[number].id, CHEN, score=score)
            made.recount(changed, stands=score is not None, envelope=by())
            standing = {**standing, number: score} if score is not None else standing
            if score is None:
                del standing[number]

    best = max(standing.values(), default=0)
    assert made.passed == ({(exam().id, 2026)} if best >= 60 else set())
    assert made.used(exam().id) == len(standing)


def test_exams_are_the_same_after_a_reload() -> None:
    attempt, made = typed(), record()
    made.count(result(counted()), by())
    made.recount(result(counted()), stands=True, envelope=by())
    attempts = [Attempt.on_paper(exam(), CHEN, 1, 70, 2, by()), started(), oral(), attempt]
    again = history([*news(attempts[0])])
    assert again is not None
    assert vars(again) == vars(attempts[0])
    for each in (exam(), made):
        again = history(news(each))
        assert again is not None
        assert vars(again) == vars(each)


def test_another_day_is_another_exam() -> None:
    assert Exam.create_id("4401040001", "期末", HELD) == exam().id
    assert Exam.create_id("4401040001", "期末", date(2026, 11, 21)) != exam().id


def test_what_an_exam_on_a_screen_needs_is_in_its_fact() -> None:
    [published] = news(exam())
    assert isinstance(published, Exam.Published)
    assert published.online == TERMS


def result(attempt: Attempt) -> Outcome:
    assert attempt.outcome is not None
    return attempt.outcome
