"""A result of an exam that two persons put right is told among the changes: phone, JSON, paper."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from domain.correction import ExamResultOrder
from domain.envelope import Role
from domain.exam_attempt import Attempt
from domain.rules import ReversalReason
from ledger.exams import PaperResult
from tests.acting import ENDS, SCHOOL, STARTS, envelope
from tests.api.desk import Desk
from tests.case_acting import noon

PAPER = f"/staff/classes/{SCHOOL}/changes?grade=三年级&group=2班"


@pytest.fixture
def exam(desk: Desk) -> UUID:
    """The first learner had 50; the second, too."""
    exams, learners = desk.runtime.book.exams, desk.pilot.learners[:2]
    exam_id = exams.publish(SCHOOL, "期末考核", STARTS.date(), envelope())
    results = [PaperResult(each, 50, 1) for each in learners]
    assert exams.enter_results(exam_id, results, envelope(ENDS)) == {}
    assert exams.check_results(exam_id, results, envelope(ENDS)) == {}
    desk.clock.move_to(noon(9, 22))
    return exam_id


def put_right(desk: Desk, exam: UUID, score: int | None, number: int = 0) -> None:
    """Corrected to a score, or voided, by two."""
    order = ExamResultOrder(
        exam_id=exam,
        attempt_id=Attempt.create_id(exam, desk.pilot.learners[number], 1),
        score=score,
        reason_code=ReversalReason.ENTRY_ERROR,
    )
    corrections, at = desk.runtime.book.corrections, desk.clock.at
    by = envelope(at, Role.COORDINATOR, uuid4())
    sha256 = corrections.preview(order, by).sha256
    made = corrections.propose(order, sha256, by)
    corrections.approve(made.id, sha256, envelope(at, Role.HEAD, uuid4()))
    desk.catch_up(desk.runtime.book.ledger.position())


def page(desk: Desk, number: int = 0, address: str = "/me/changes") -> str:
    return desk.browser("parent", desk.pilot.learners[number]).get(address).text


def test_a_corrected_result_is_told_with_what_it_is_now_and_where_to_read_it(
    desk: Desk, exam: UUID
) -> None:
    assert "30天内没有变更。" in page(desk)

    put_right(desk, exam, 75)

    told = page(desk)
    assert "“期末考核”的成绩已更正，现为75 分、合格。" in told
    assert "原因：录入有误" in told
    assert 'href="/me/exams"' in told
    assert "30天内没有变更。" in page(desk, 1)
    english = page(desk, address="/me/changes?lang=en")
    assert "Your result of “期末考核” was corrected: now 75 points, Pass." in english
    change = desk.browser("parent").get("/api/v1/me/changes").json()["changes"][0]
    assert (change["about"], change["became"], change["kind"]) == ("exam", "corrected", "paper")
    assert (change["outcome"], change["score"], change["title"]) == ("passed", 75, "期末考核")


def test_a_voided_result_is_told_on_paper_as_on_the_phone(desk: Desk, exam: UUID) -> None:
    put_right(desk, exam, None)
    put_right(desk, exam, 40, number=1)
    voided = "“期末考核”的一次成绩作废，不再计入。"
    assert voided in page(desk)
    first, second = desk.browser("class_teacher").get(PAPER).text.split("<article")[1:]
    assert voided in first
    assert "“期末考核”的成绩已更正，现为40 分、可再考。" in second


def test_a_result_said_to_be_untrue_is_told_before_it_is_decided(desk: Desk, exam: UUID) -> None:
    attempt_id = Attempt.create_id(exam, desk.pilot.learners[0], 1)
    order = ExamResultOrder(
        exam_id=exam, attempt_id=attempt_id, reason_code=ReversalReason.FRAUD_CONFIRMED
    )
    corrections, by = desk.runtime.book.corrections, envelope(desk.clock.at)
    found = corrections.propose(order, corrections.preview(order, by).sha256, by)
    desk.catch_up(desk.runtime.book.ledger.position())

    address = f"/me/proposals/{found.id}"
    assert address in page(desk)
    assert address not in page(desk, 1)
    told = page(desk, address=address)
    assert "<b>期末考核</b>" in told
    assert "提议这次考核的成绩不再计入。" in told
