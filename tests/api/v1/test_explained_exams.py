"""An explanation names the exams that are passed now, whatever was put right since."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest

from domain.correction import ExamResultOrder
from domain.envelope import Role
from domain.exam_attempt import Attempt
from domain.exam_attempt_facts import OralReason
from domain.rules import ReversalReason
from ledger.exams import PaperResult
from ledger.exams_judged import OralResult
from tests.acting import SCHOOL, envelope
from tests.api.desk import Desk
from tests.api.v1.test_explanations import Tree, of_kind
from tests.ledger.merging import COORDINATOR, HEAD
from tests.ledger.school_years import SchoolYears

HELD, LATER = date(2026, 12, 4), datetime(2026, 12, 21, 4, tzinfo=UTC)


@pytest.fixture
def years(desk: Desk) -> SchoolYears:
    """The first learner's year, which lacks nothing but an exam."""
    pilot = desk.pilot
    [(child, *_)] = pilot.book.learners.get(pilot.learners[0]).enrolments
    made = SchoolYears(pilot.book, pilot.learners[0], child)
    made.begin(2026, "三年级")
    made.evening(date(2026, 9, 25), "读懂情绪")
    made.evening(date(2026, 10, 16), "生命教育", "life_education")
    made.evening(date(2026, 11, 6), "压力与睡眠")
    made.evening(date(2026, 11, 11), "认识职业", "career_experience")
    return made


def put_right(years: SchoolYears, exam: UUID, score: int | None) -> None:
    """Corrected to a score, or voided."""
    order = ExamResultOrder(
        exam_id=exam,
        attempt_id=Attempt.create_id(exam, years.learner, 1),
        score=score,
        reason_code=ReversalReason.ENTRY_ERROR,
    )
    corrections, by = years.book.corrections, envelope(LATER, Role.COORDINATOR, COORDINATOR)
    sha256 = corrections.preview(order, by).sha256
    made = corrections.propose(order, sha256, by)
    corrections.approve(made.id, sha256, envelope(LATER, Role.HEAD, HEAD))


def exams_of(desk: Desk, years: SchoolYears) -> tuple[int, list[Tree]]:
    """How many the condition counts, and those that are named under it."""
    desk.catch_up(desk.pilot.book.ledger.position())
    address = f"/api/v1/learners/{years.learner}/completions/primary/2026/explanation"
    told = desk.browser("auditor").get(address).json()
    conditions = {each["rule"]["ref"]: each for each in of_kind(told["tree"], "condition")}
    counted = conditions["completion.annual.exams_passed"]
    return counted["values"]["value"], of_kind(counted, "exam")


def test_a_pass_that_a_correction_made_is_named(desk: Desk, years: SchoolYears) -> None:
    put_right(years, years.exam(HELD, 50), 88)

    value, [named] = exams_of(desk, years)

    assert (value, named["values"]["score"]) == (1, 88)


def test_what_was_voided_is_not_named(desk: Desk, years: SchoolYears) -> None:
    put_right(years, years.exam(HELD, 88), None)
    book, result = years.book, [PaperResult(years.learner, 70)]
    second = book.exams.publish(SCHOOL, "补考", LATER.date(), envelope(LATER))
    for record in (book.exams.enter_results, book.exams.check_results):
        assert record(second, result, envelope(LATER)) == {}
    book.awards.evaluate(years.learner, LATER, uuid4())

    value, [named] = exams_of(desk, years)

    assert (value, named["values"]["score"]) == (1, 70)


def test_what_was_spoken_has_no_score(desk: Desk, years: SchoolYears) -> None:
    at = datetime(2026, 12, 4, 12, tzinfo=UTC)
    exam = years.book.exams.publish(SCHOOL, "口头", HELD, envelope(at))
    judged, said = years.book.judged_exams, OralResult(years.learner, True, OralReason.ELDERLY)
    judged.witness(exam, judged.examine(exam, said, envelope(at)), envelope(at))
    years.book.awards.evaluate(years.learner, at, uuid4())

    _, [named] = exams_of(desk, years)

    assert named["says"] == "2026 学年测评合格"
