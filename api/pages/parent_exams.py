"""A parent's exams: which there are, the sheet on one page, the result with explanations."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from api.access.actions import Action
from api.asking import InParent
from api.language.catalogue import language_of, translate
from api.own_exams import OwnExam, Step, exams_of, own_exam
from api.pages.exam_words import WAYS
from api.pages.parent_words import parent_page
from api.problems import status_of, text_of
from domain.exam_refusals import AnswerAfterTime, AttemptEnded, UnknownAttempt
from domain.refusals import Refused
from ledger.exams_online import Places, Sheet

router = APIRouter(include_in_schema=False)

STEPS = {
    Step.START: "可以开始",
    Step.GO_ON: "正在作答",
    Step.RUN_OUT: "时间已到",
    Step.WAIT: "等待成绩",
    Step.REST: "稍后可以再考",
    Step.NOT_YET: "尚未开放",
    Step.CLOSED: "已经结束",
    Step.USED_UP: "次数已用完",
}
MOST_FIELDS = 500


async def ticked(request: Request) -> dict[int, list[int]]:
    """Place of the question -> places of the choices; what is no number is nothing."""
    form = await request.form(max_files=0, max_fields=MOST_FIELDS)
    found: dict[int, list[int]] = {}
    for name, value in form.multi_items():
        question, choice = name.removeprefix("q"), str(value)
        if name.startswith("q") and all(is_place(each) for each in (question, choice)):
            found.setdefault(int(question), []).append(int(choice))
    return found


InTicks = Annotated[dict[int, list[int]], Depends(ticked)]


@router.get("/me/exams")
def exams(request: Request, asking: InParent) -> Response:
    """Those on a screen, and every result that counts, however the exam was taken."""
    learner_id, by = asking.own(Action.OWN_EXAM)
    found = exams_of(asking.runtime, learner_id, by.at)
    results = asking.runtime.models.exams.results_of(learner_id)
    return parent_page(
        request, "parent/exams.html", "home", exams=found, steps=STEPS, results_of_exams=results,
        ways=WAYS,
    )  # fmt: skip


@router.get("/me/exams/{exam_id}")
def exam(request: Request, asking: InParent, exam_id: UUID) -> Response:
    """What the exam asks for; while an attempt is open, its sheet."""
    learner_id, by = asking.own(Action.OWN_EXAM)
    own = own_exam(asking.runtime, exam_id, learner_id, by.at)
    if own.step is Step.GO_ON and own.open_attempt is not None:
        sheet = asking.runtime.book.online_exams.sheet(own.open_attempt, learner_id)
        return sheet_page(request, own, sheet, by.at)
    return parent_page(request, "parent/exam.html", "home", own=own, steps=STEPS)


@router.post("/me/exams/{exam_id}/start")
def start(asking: InParent, exam_id: UUID) -> Response:
    """From here the time runs; pressed twice, it is the same sheet."""
    learner_id, by = asking.own(Action.OWN_EXAM)
    book = asking.runtime.book
    book.online_exams.start(exam_id, learner_id, by)
    asking.runtime.settle(book.ledger.position())
    return RedirectResponse(f"/me/exams/{exam_id}", status_code=303)


@router.post("/me/exams/{exam_id}/attempts/{attempt_id}/saved")
def save(
    request: Request, asking: InParent, exam_id: UUID, attempt_id: UUID, ticks: InTicks
) -> Response:
    """Keep what is ticked, and stay on the sheet."""
    learner_id, by = asking.own(Action.OWN_EXAM)
    online = asking.runtime.book.online_exams
    places = places_of(online.sheet(attempt_id, learner_id), ticks)
    try:
        online.save(attempt_id, learner_id, places, by)
    except (AnswerAfterTime, AttemptEnded) as refusal:
        return too_late(request, exam_id, online.sheet(attempt_id, learner_id), refusal)
    own = own_exam(asking.runtime, exam_id, learner_id, by.at)
    sheet = online.sheet(attempt_id, learner_id)
    notice = translate(language_of(request), "已保存 {count} 题。", count=len(sheet.answers))
    return sheet_page(request, own, sheet, by.at, notice=notice)


@router.post("/me/exams/{exam_id}/attempts/{attempt_id}/submitted")
def submit(
    request: Request, asking: InParent, exam_id: UUID, attempt_id: UUID, ticks: InTicks
) -> Response:
    """Hand the sheet in. Sent again, it shows the same result."""
    learner_id, by = asking.own(Action.OWN_EXAM)
    online = asking.runtime.book.online_exams
    places = places_of(online.sheet(attempt_id, learner_id), ticks)
    try:
        position = online.submit(attempt_id, learner_id, places, by)
    except (AnswerAfterTime, AttemptEnded) as refusal:
        return too_late(request, exam_id, online.sheet(attempt_id, learner_id), refusal)
    asking.runtime.settle(position)
    return RedirectResponse(result_of(exam_id, attempt_id), status_code=303)


@router.post("/me/exams/{exam_id}/attempts/{attempt_id}/ended")
def end(asking: InParent, exam_id: UUID, attempt_id: UUID) -> Response:
    """The time is over: be marked by what was saved, now rather than at the next housekeeping."""
    learner_id, by = asking.own(Action.OWN_EXAM)
    online = asking.runtime.book.online_exams
    online.sheet(attempt_id, learner_id)  # only one's own
    asking.runtime.settle(online.settle(attempt_id, by))
    return RedirectResponse(result_of(exam_id, attempt_id), status_code=303)


@router.get("/me/exams/{exam_id}/attempts/{attempt_id}")
def result(request: Request, asking: InParent, exam_id: UUID, attempt_id: UUID) -> Response:
    """The marked sheet, question by question."""
    learner_id, by = asking.own(Action.OWN_EXAM)
    sheet = asking.runtime.book.online_exams.sheet(attempt_id, learner_id)
    if sheet.exam.id != exam_id:
        raise UnknownAttempt(id=attempt_id)
    if not sheet.attempt.is_over:
        return RedirectResponse(f"/me/exams/{exam_id}", status_code=303)
    own = own_exam(asking.runtime, exam_id, learner_id, by.at)
    return parent_page(
        request, "parent/exam_result.html", "home", own=own, sheet=sheet, steps=STEPS
    )


def sheet_page(
    request: Request, own: OwnExam, sheet: Sheet, at: datetime, **values: Any
) -> Response:
    left = max(0, int((sheet.attempt.ends_at - at).total_seconds()))
    return parent_page(
        request, "parent/exam_sheet.html", "home", own=own, sheet=sheet, seconds_left=left, **values
    )


def too_late(request: Request, exam_id: UUID, sheet: Sheet, refusal: Refused) -> Response:
    """Nothing is taken any more: say so and what counts, if anything does, and lead on to it."""
    return parent_page(
        request, "parent/exam_over.html", "home", status_of(refusal.code), exam_id=exam_id,
        attempt_id=sheet.attempt.id, saved=len(sheet.answers) if sheet.attempt.outcome else None,
        refusal=text_of(refusal.code, language_of(request)),
    )  # fmt: skip


def places_of(sheet: Sheet, ticks: dict[int, list[int]]) -> Places:
    """Question by id; a question that is not on the sheet is left out."""
    return {
        sheet.questions[place].question_id: choices
        for place, choices in ticks.items()
        if place < len(sheet.questions)
    }


def is_place(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 3  # noqa: PLR2004 - digits of a place


def result_of(exam_id: UUID, attempt_id: UUID) -> str:
    return f"/me/exams/{exam_id}/attempts/{attempt_id}"
