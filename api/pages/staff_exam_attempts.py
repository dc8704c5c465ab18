"""Attempts by hand on the exam page: oral results by two, study notes, withdrawals, corrections."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.access.actions import Action
from api.asking import Asking, InAsking
from api.language.catalogue import language_of
from api.pages.staff_class_list import called
from api.pages.staff_corrections import drafted
from api.pages.staff_words import staff_page
from api.problems import status_of, text_of
from api.reaching import enrolled_in, exam_for
from domain.correction import ExamResultOrder, Order
from domain.exam_attempt_facts import OralReason
from domain.exam_refusals import ResultNotCounted, ScoreMalformed, UnknownAttempt
from domain.rules import ReversalReason
from ledger.exams_judged import OralResult
from projections.exam_board import AttemptLine, ExamOnBoard

router = APIRouter(include_in_schema=False)

PURPOSE = "exam_correction"
CORRECTION = "/staff/exams/of/{exam_id}/attempts/{attempt_id}/correction"
MISTAKES = ("entry_error", "rule_misapplied", "wrong_person", "duplicate", "fraud_confirmed")

Learner = Annotated[UUID, Form()]
Passed = Annotated[bool, Form()]
Place = Annotated[str, Form(max_length=20)]


@router.post("/staff/exams/of/{exam_id}/oral-results")
def examine(
    asking: InAsking,
    exam_id: UUID,
    learner: Learner,
    passed: Passed,
    reason: Annotated[OralReason, Form()],
    grade: Place = "",
    group: Place = "",
) -> Response:
    """What the examiner judged; it waits for the witness's own login."""
    exam, by = exam_for(asking, exam_id, Action.EXAM_EXAMINE)
    enrolled_in(asking, learner, exam.school_code, exam.school_year, exam.held_on)
    book = asking.runtime.book
    book.judged_exams.examine(exam_id, OralResult(learner, passed, reason), by)
    asking.runtime.settle(book.ledger.position())
    return back(exam, grade, group)


@router.post("/staff/exams/of/{exam_id}/study-notes")
def mark_note(
    asking: InAsking,
    exam_id: UUID,
    learner: Learner,
    passed: Passed,
    grade: Place = "",
    group: Place = "",
) -> Response:
    exam, by = exam_for(asking, exam_id, Action.EXAM_MARK_NOTE)
    enrolled_in(asking, learner, exam.school_code, exam.school_year, exam.held_on)
    book = asking.runtime.book
    book.judged_exams.mark_note(exam_id, learner, passed, by)
    asking.runtime.settle(book.ledger.position())
    return back(exam, grade, group)


@router.post("/staff/exams/of/{exam_id}/attempts/{oral_id}/witness")
def witness(
    asking: InAsking, exam_id: UUID, oral_id: UUID, grade: Place = "", group: Place = ""
) -> Response:
    exam, by = exam_for(asking, exam_id, Action.EXAM_WITNESS)
    asking.runtime.settle(asking.runtime.book.judged_exams.witness(exam_id, oral_id, by))
    return back(exam, grade, group)


@router.post("/staff/exams/of/{exam_id}/attempts/{attempt_id}/withdrawal")
def withdraw(
    asking: InAsking, exam_id: UUID, attempt_id: UUID, grade: Place = "", group: Place = ""
) -> Response:
    exam, by = exam_for(asking, exam_id, Action.EXAM_WITHDRAW)
    asking.runtime.settle(asking.runtime.book.exams.withdraw(exam_id, attempt_id, by))
    return back(exam, grade, group)


@dataclass(frozen=True)
class Typed:
    """What the form says an attempt really came to; at first nothing."""

    verdict: str = ""
    score: str = ""
    reason: str = ""


@router.get(CORRECTION)
def correction(request: Request, asking: InAsking, exam_id: UUID, attempt_id: UUID) -> Response:
    """Ask what the attempt really came to."""
    return correction_page(request, asking, exam_id, attempt_id, Typed())


@router.post(CORRECTION)
def preview(
    request: Request,
    asking: InAsking,
    exam_id: UUID,
    attempt_id: UUID,
    verdict: Annotated[str, Form(max_length=10)],
    score: Annotated[str, Form(max_length=3)] = "",
    reason: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Say what the answer would change. A post, for its score belongs in no address and no log."""
    return correction_page(request, asking, exam_id, attempt_id, Typed(verdict, score, reason))


def correction_page(
    request: Request, asking: Asking, exam_id: UUID, attempt_id: UUID, typed: Typed
) -> Response:
    exam, by = exam_for(asking, exam_id, Action.EXAM_CORRECT)
    line = line_of(asking, exam_id, attempt_id)
    if not line.counts:
        raise ResultNotCounted  # a score that waits for its second person is nobody's to read
    names = asking.runtime.book.vault.show(
        [line.learner_id], to=by.actor, purpose=PURPOSE, at=by.at
    )

    def order() -> Order:
        return order_of(line, typed)

    found = drafted(request, asking, exam.school_code, order if typed.verdict else None)
    why = found.refusal
    return staff_page(
        request, "correct_exam.html", status_of(why.code) if why else 200, exam=exam, line=line,
        name=called(names, line.learner_id), mistakes=MISTAKES, found=found,
        verdict=typed.verdict, reason=typed.reason,
        score=typed.score or (line.score if line.score is not None else ""),
        refusal=text_of(why.code, language_of(request)) if why else None,
    )  # fmt: skip


def order_of(line: AttemptLine, typed: Typed) -> ExamResultOrder:
    """What the form says. Raises ScoreMalformed; ValueError for a reason that is none."""
    order = ExamResultOrder(
        exam_id=line.exam_id, attempt_id=line.attempt_id, reason_code=ReversalReason(typed.reason)
    )
    if typed.verdict == "void":
        return order
    if typed.verdict in {"passed", "failed"}:
        return order.model_copy(update={"passed": typed.verdict == "passed"})
    if not (typed.score.isascii() and typed.score.isdigit()):
        raise ScoreMalformed
    return order.model_copy(update={"score": int(typed.score)})


def line_of(asking: Asking, exam_id: UUID, attempt_id: UUID) -> AttemptLine:
    """Raises UnknownAttempt."""
    for line in asking.runtime.models.exams.attempts_of(exam_id):
        if line.attempt_id == attempt_id:
            return line
    raise UnknownAttempt(id=attempt_id)


def back(exam: ExamOnBoard, grade: str, group: str) -> Response:
    address = f"/staff/exams/of/{exam.exam_id}?grade={grade}&group={group}"
    return RedirectResponse(address, status_code=303)
