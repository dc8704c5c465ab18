"""One dispute or appeal for the staff, with its history and its next step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from api.access.actions import Action
from api.asking import Asking, InAsking
from api.case_reaching import case_for, cases_of
from api.language.catalogue import language_of
from api.pages.case_words import CHIPS, shown, steps_of
from api.pages.staff_class_list import called
from api.pages.staff_words import staff_page
from api.problems import status_of, text_of
from api.reaching import may_too
from api.v1.case_states import LONGEST
from api.v1.cases import on_paper
from domain.calendar import CITY_ZONE, local_day
from domain.correction import AttendanceOrder, Order
from domain.dispute import AnswerReason
from domain.envelope import Envelope
from domain.refusals import Refused
from domain.verdict import Outcome
from ledger.appeals import Ruling
from ledger.cases import Answer
from ledger.records import records_of
from projections.account_statement import StatementLine
from projections.cases import CaseFile
from projections.correction_board import CorrectionRow

router = APIRouter(include_in_schema=False)

PURPOSE = "case"
OF_CASE = "/staff/cases/of/{case_id}"


class Written(BaseModel):
    """What is typed under a case. A correction may be named, or left out."""

    model_config = ConfigDict(extra="forbid")

    outcome: Outcome
    reason: AnswerReason
    words: str = Field("", max_length=LONGEST)
    correction: UUID | Literal[""] = ""

    @property
    def linked(self) -> tuple[UUID, ...]:
        return (self.correction,) if self.correction else ()

    @property
    def answer(self) -> Answer:
        correction_id = self.linked[0] if self.linked else None
        return Answer(self.outcome is Outcome.UPHELD, self.reason, self.words, correction_id)

    @property
    def ruling(self) -> Ruling:
        return Ruling(self.outcome, self.reason, self.words, self.linked)


@router.get(OF_CASE)
def case_page(request: Request, asking: InAsking, case_id: UUID) -> Response:
    found, by = case_for(asking, case_id, Action.CASE_READ)
    return show(request, asking, found, by)


@router.post("/staff/cases/of/{dispute_id}/answer")
def answer(
    request: Request, asking: InAsking, dispute_id: UUID, written: Annotated[Written, Form()]
) -> Response:
    found, by = case_for(asking, dispute_id, Action.DISPUTE_ANSWER)
    book = asking.runtime.book
    return done(
        request, asking, found, by, lambda: book.cases.answer(dispute_id, written.answer, by),
        written.words,
    )  # fmt: skip


@router.post("/staff/cases/of/{appeal_id}/acknowledgement")
def acknowledge(request: Request, asking: InAsking, appeal_id: UUID) -> Response:
    found, by = case_for(asking, appeal_id, Action.APPEAL_DECIDE)
    appeals = asking.runtime.book.appeals
    return done(request, asking, found, by, lambda: appeals.acknowledge(appeal_id, by))


@router.post("/staff/cases/of/{appeal_id}/decision")
def decide(
    request: Request, asking: InAsking, appeal_id: UUID, written: Annotated[Written, Form()]
) -> Response:
    found, by = case_for(asking, appeal_id, Action.APPEAL_DECIDE)
    appeals = asking.runtime.book.appeals
    return done(
        request, asking, found, by, lambda: appeals.decide(appeal_id, written.ruling, by),
        written.words,
    )  # fmt: skip


@router.post("/staff/cases/of/{appeal_id}/review")
def review(
    request: Request, asking: InAsking, appeal_id: UUID, written: Annotated[Written, Form()]
) -> Response:
    found, by = case_for(asking, appeal_id, Action.APPEAL_REVIEW)
    appeals = asking.runtime.book.appeals
    return done(
        request, asking, found, by, lambda: appeals.review(appeal_id, written.ruling, by),
        written.words,
    )  # fmt: skip


@router.post(OF_CASE + "/escalation")
def escalate(
    request: Request,
    asking: InAsking,
    case_id: UUID,
    words: Annotated[str, Form(max_length=LONGEST)] = "",
) -> Response:
    found, by = case_for(asking, case_id, Action.CASE_ENTER)
    appeals = asking.runtime.book.appeals
    return done(
        request, asking, found, by, lambda: appeals.escalate(case_id, words, on_paper(by))
    )  # fmt: skip


@router.post(OF_CASE + "/corrections")
def link(
    request: Request, asking: InAsking, case_id: UUID, correction: Annotated[UUID, Form()]
) -> Response:
    found, by = case_for(asking, case_id, Action.DISPUTE_ANSWER)
    cases = asking.runtime.book.cases
    return done(
        request, asking, found, by, lambda: cases.link_correction(case_id, correction, by)
    )  # fmt: skip


@router.post(OF_CASE + "/holds")
def hold(
    request: Request, asking: InAsking, case_id: UUID, entry: Annotated[list[UUID], Form()]
) -> Response:
    found, by = case_for(asking, case_id, Action.CREDIT_HOLD)
    cases = asking.runtime.book.cases
    return done(request, asking, found, by, lambda: cases.hold(case_id, tuple(entry), by))


@router.post(OF_CASE + "/releases")
def release(
    request: Request, asking: InAsking, case_id: UUID, entry: Annotated[list[UUID], Form()]
) -> Response:
    found, by = case_for(asking, case_id, Action.CREDIT_HOLD)
    cases = asking.runtime.book.cases
    return done(request, asking, found, by, lambda: cases.release(case_id, tuple(entry), by))


def done(
    request: Request,
    asking: Asking,
    case: CaseFile,
    by: Envelope,
    act: Callable[[], int],
    typed: str = "",
) -> Response:
    """Back to the case; where a rule says no, the case itself with why and what was typed."""
    try:
        asking.runtime.settle(act())
    except Refused as refusal:
        return show(request, asking, case, by, refusal, typed)
    return RedirectResponse(f"/staff/cases/of/{case.case_id}", status_code=303)


def show(
    request: Request,
    asking: Asking,
    case: CaseFile,
    by: Envelope,
    refusal: Refused | None = None,
    typed: str = "",
) -> Response:
    """A case; who looks after it reads what people wrote, and the reading is recorded."""
    runtime, code, today = asking.runtime, case.school_code, local_day(by.at, CITY_ZONE)
    rights = rights_at(asking, case)
    name = said = None
    if rights["words"]:
        said = runtime.book.cases.words
        names = runtime.book.vault.show([case.learner_id], to=by.actor, purpose=PURPOSE, at=by.at)
        if may_too(asking, Action.LEARNER_READ, code):
            name = called(names, case.learner_id)
    [row] = shown(runtime, [case], today)
    return staff_page(
        request, "case.html", status_of(refusal.code) if refusal else 200, row=row, case=case,
        school=runtime.models.schools.school(code), name=name, rights=rights, typed=typed,
        steps=steps_of(runtime, case, said), chips=CHIPS, longest=LONGEST,
        entries=entries_of(asking, case), corrections=corrections_for(asking, case), today=today,
        refusal=text_of(refusal.code, language_of(request)) if refusal else None,
    )  # fmt: skip


def rights_at(asking: Asking, case: CaseFile) -> dict[str, bool]:
    """What the page offers to whoever asks; each step is asked again by its own route."""

    def may(action: Action, *stands: str) -> bool:
        return case.stands in stands and may_too(asking, action, case.school_code)

    ended = ("answered", "decided", "reviewed")
    reads = [Action.DISPUTE_ANSWER, Action.APPEAL_DECIDE]
    if is_before_district(asking, case):
        reads.append(Action.APPEAL_REVIEW)
    return {
        "words": any(may_too(asking, action, case.school_code) for action in reads),
        "answer": may(Action.DISPUTE_ANSWER, "open"),
        "acknowledge": may(Action.APPEAL_DECIDE, "lodged") and not case.acknowledged,
        "decide": may(Action.APPEAL_DECIDE, "lodged"),
        "review": may(Action.APPEAL_REVIEW, "escalated"),
        "escalate": may(Action.CASE_ENTER, "decided", "lodged"),
        "hold": may(Action.CREDIT_HOLD, "open", "lodged", "escalated"),
        "link": may(Action.DISPUTE_ANSWER, *ended),
        "correct": may_too(asking, Action.ATTENDANCE_CORRECT, case.school_code),
    }


def is_before_district(asking: Asking, case: CaseFile) -> bool:
    """Whether the parent brought the case, or the appeal that came of it, before the district."""
    return any(
        each.stands in {"escalated", "reviewed"} and case.case_id in {each.case_id, each.dispute_id}
        for each in cases_of(asking.runtime, case.learner_id)
    )


def entries_of(asking: Asking, case: CaseFile) -> list[tuple[StatementLine, bool]]:
    """The lines of the account that a case is about, and whether they are held."""
    lines = asking.runtime.models.accounts.statement(case.learner_id)
    last = {line.entry_id: line.kind for line in lines if line.kind != "limited"}
    return [
        (line, last[line.entry_id] == "held")
        for line in lines
        if line.kind == "awarded"
        and last[line.entry_id] != "reversed"
        and (
            line.entry_id == case.subject_id
            or (line.session_id and line.session_id == case.session_id)
        )
    ]


def corrections_for(asking: Asking, case: CaseFile) -> list[CorrectionRow]:
    """Corrections of the same attendance or session that the case does not name yet."""
    if case.session_id is None:
        return []
    found = asking.runtime.models.corrections.about(case.school_code, [case.session_id])
    person = records_of(asking.runtime.book.ledger, case.learner_id)
    return [
        row
        for row in found
        if row.correction_id not in case.corrections and concerns(row.asked, person)
    ]


def concerns(order: Order, person: Sequence[UUID]) -> bool:
    """`person`: every record of whoever the case is of."""
    return not isinstance(order, AttendanceOrder) or order.learner_id in person
