"""Exams on paper: publish one, type the scores of a class, check them as a second person."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field

from api.access.actions import Action
from api.asking import Asking, InAsking
from api.exam_scores import hand_in
from api.exam_titles import titled
from api.pages.staff_exam_rows import Answer, beside_the_lists, rows_of
from api.pages.staff_question_banks import usable
from api.pages.staff_words import staff_page
from api.reaching import either, exam_for, exam_readable, may_too
from api.rendering import CITY
from domain.envelope import Envelope
from domain.exam import ExamMode
from domain.exam_attempt_facts import OralReason
from domain.exam_refusals import ScoreMalformed
from ledger.exams import OnlineExam, PaperResult
from projections.exam_board import ExamOnBoard

router = APIRouter(include_in_schema=False)

BEST = 100
CONFLICT = 409
RIGHTS = {
    "enter": Action.EXAM_ENTER,
    "check": Action.EXAM_CHECK,
    "examine": Action.EXAM_EXAMINE,
    "witness": Action.EXAM_WITNESS,
    "mark_note": Action.EXAM_MARK_NOTE,
    "withdraw": Action.EXAM_WITHDRAW,
    "correct": Action.EXAM_CORRECT,
}


@router.get("/staff/exams/{school_code}")
def exams(request: Request, asking: InAsking, school_code: str) -> Response:
    either(asking, (Action.EXAM_ENTER, Action.EXAM_CHECK), school_code)
    models = asking.runtime.models
    return staff_page(
        request,
        "exams.html",
        school=models.schools.school(school_code),
        exams=models.exams.exams_of(school_code),
        may_publish=may_too(asking, Action.EXAM_PUBLISH, school_code),
        may_read_banks=may_too(asking, Action.QUESTION_BANK_READ, school_code),
        banks=usable(asking, school_code),
    )


@router.post("/staff/exams/{school_code}")
def publish(
    asking: InAsking,
    school_code: str,
    title: Annotated[str, Form(max_length=80)],
    held_on: Annotated[date, Form()],
) -> Response:
    by = asking.may(Action.EXAM_PUBLISH, school_code)
    book = asking.runtime.book
    exam_id = book.exams.publish(school_code, titled(title), held_on, by)
    asking.runtime.settle(book.ledger.position())
    return RedirectResponse(f"/staff/exams/of/{exam_id}", status_code=303)


@router.post("/staff/exams/{school_code}/online")
def publish_online(
    asking: InAsking,
    school_code: str,
    title: Annotated[str, Form(max_length=80)],
    opens_at: Annotated[datetime, Form()],
    closes_at: Annotated[datetime, Form()],
    bank: Annotated[list[UUID], Form()],
    others: Annotated[list[ExamMode] | None, Form()] = None,
) -> Response:
    """An exam on a screen; its times are the city's clocks."""
    by = asking.may(Action.EXAM_PUBLISH, school_code)
    opens, closes = (each.replace(tzinfo=CITY) for each in (opens_at, closes_at))
    wish = OnlineExam(tuple(bank), opens, closes, tuple(others or ()))
    book = asking.runtime.book
    exam_id = book.exams.publish_online(school_code, titled(title), wish, by)
    asking.runtime.settle(book.ledger.position())
    return RedirectResponse(f"/staff/exams/of/{exam_id}", status_code=303)


@router.get("/staff/exams/of/{exam_id}")
def exam_page(
    request: Request, asking: InAsking, exam_id: UUID, grade: str = "", group: str = ""
) -> Response:
    exam, by = exam_readable(asking, exam_id)
    return show(request, asking, exam, by, (grade, group))


class Marks(BaseModel):
    """The scores of a class, one line a learner; an empty score says nothing."""

    grade: str
    group: str
    learner: list[UUID]
    score: list[str]
    sitting: int = Field(default=1, ge=1, le=9)

    @property
    def lines(self) -> list[tuple[UUID, str]]:
        return list(zip(self.learner, self.score, strict=False))


@router.post("/staff/exams/of/{exam_id}/results")
def enter(
    request: Request, asking: InAsking, exam_id: UUID, marks: Annotated[Marks, Form()]
) -> Response:
    exam, by = exam_for(asking, exam_id, Action.EXAM_ENTER)
    answer = record(asking, exam, marks, by, checks=False)
    return shown(request, asking, exam, by, (marks.grade, marks.group), answer)


@router.post("/staff/exams/of/{exam_id}/checks")
def check(
    request: Request, asking: InAsking, exam_id: UUID, marks: Annotated[Marks, Form()]
) -> Response:
    exam, by = exam_for(asking, exam_id, Action.EXAM_CHECK)
    answer = record(asking, exam, marks, by, checks=True)
    return shown(request, asking, exam, by, (marks.grade, marks.group), answer)


def record(
    asking: Asking,
    exam: ExamOnBoard,
    marks: Marks,
    by: Envelope,
    *,
    checks: bool,
) -> Answer:
    """Hand the scores that were typed to the ledger; an empty field is no score."""
    typed = {learner: text.strip() for learner, text in marks.lines if text.strip()}
    scores = {learner: score_in(text) for learner, text in typed.items()}
    sound = [
        PaperResult(k, score, marks.sitting) for k, score in scores.items() if score is not None
    ]
    malformed = {k: ScoreMalformed() for k, score in scores.items() if score is None}
    refused = hand_in(asking, exam, sound, by, checks=checks)
    return Answer(typed, {**malformed, **refused}, marks.sitting)


def score_in(text: str) -> int | None:
    """Whole marks, of either width; None for what is none."""
    digits = unicodedata.normalize("NFKC", text)
    is_score = digits.isascii() and digits.isdigit() and len(digits) <= len(str(BEST))
    return int(digits) if is_score and int(digits) <= BEST else None


def shown(
    request: Request,
    asking: Asking,
    exam: ExamOnBoard,
    by: Envelope,
    chosen: tuple[str, str],
    answer: Answer,
) -> Response:
    """Back to the page; when something was refused the page itself, with what was typed."""
    if answer.refused:
        return show(request, asking, exam, by, chosen, answer)
    grade, group = chosen
    address = f"/staff/exams/of/{exam.exam_id}?grade={grade}&group={group}"
    return RedirectResponse(address, status_code=303)


def show(
    request: Request,
    asking: Asking,
    exam: ExamOnBoard,
    by: Envelope,
    chosen: tuple[str, str],
    answer: Answer | None = None,
) -> Response:
    models = asking.runtime.models
    opened = models.roster.classes(exam.school_code, exam.school_year)
    classes = [(each.grade, each.class_group) for each in opened]
    grade, group = chosen if chosen in classes else (classes[0] if classes else ("", ""))
    rows = rows_of(request, asking, exam, (grade, group), by, answer or Answer({}, {}))
    return staff_page(
        request,
        "exam.html",
        CONFLICT if answer else 200,
        exam=exam,
        school=models.schools.school(exam.school_code),
        classes=classes,
        grade=grade,
        group=group,
        rows=rows,
        listed=[*rows, *beside_the_lists(asking, exam, by)],
        answer=answer,
        to_check=[row for row in rows if row.waits_for_check],
        may={name: may_too(asking, action, exam.school_code) for name, action in RIGHTS.items()},
        oral_reasons=list(OralReason),
        staff_id=by.actor.id,
    )
