"""A parent says that something is not right, follows it, appeals, asks the district."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.access.actions import Action
from api.asking import Asking, InParent
from api.case_reaching import cases_of, own_case
from api.irregularity_reaching import own_irregularities
from api.pages.case_words import (
    ANSWER_REASONS,
    CHIPS,
    FITTING,
    OUTCOMES,
    REASONS,
    STANDS,
    STEPS,
    SUBJECTS,
    shown,
    steps_of,
)
from api.pages.irregularity_words import OUTCOMES as LOOKED_INTO
from api.pages.parent_words import parent_page
from api.proposed import own_proposals
from api.v1.case_states import LONGEST
from domain.calendar import CITY_ZONE, local_day
from domain.dispute import DisputeReason, Subject, SubjectKind
from ledger.case_matters import SubjectNotYours
from projections.account_statement import StatementLine
from projections.cases import CaseFile, Evening

router = APIRouter(include_in_schema=False)

SINCE = timedelta(days=200)  # a term with its holidays

Typed = Annotated[str, Form(max_length=LONGEST)]


@router.get("/me/statement/{line}")
def of_line(request: Request, asking: InParent, line: UUID) -> Response:
    """A line of the statement, with what can be not right about it."""
    learner_id, _ = asking.own(Action.OWN_CASES)
    lines = asking.runtime.models.accounts.statement(learner_id)
    found = next((each for each in lines if each.entry_id == line), None)
    if found is None:
        raise SubjectNotYours
    subject = Subject(kind=SubjectKind.ENTRY, id=line, session_id=found.session_id)
    return ask(request, asking, subject, title=found.title, line=found)


@router.get("/me/sessions/{session_id}")
def of_session(request: Request, asking: InParent, session_id: UUID) -> Response:
    """A session that shows no line: I was there."""
    found = next((e for e in evenings(asking) if e.session_id == session_id), None)
    if found is None:
        raise SubjectNotYours
    subject = Subject(kind=SubjectKind.SESSION, id=session_id, session_id=session_id)
    return ask(request, asking, subject, title=found.title, evening=found)


@router.get("/me/disputes/new")
def of_anything(request: Request, asking: InParent, kind: SubjectKind, id: UUID) -> Response:  # noqa: A002 - the name in the address
    """An exam result, a completion, a star or a certificate."""
    asking.own(Action.OWN_CASES)
    return ask(request, asking, Subject(kind=kind, id=id))


@router.get("/me/missing")
def missing(request: Request, asking: InParent) -> Response:
    """Sessions that are over and show no hours: 我参加了，但没有学时."""
    learner_id, _ = asking.own(Action.OWN_CASES)
    lines = asking.runtime.models.accounts.statement(learner_id)
    gone = {each.entry_id for each in lines if each.kind == "reversed"}
    credited = {
        each.session_id for each in lines if each.kind == "awarded" and each.entry_id not in gone
    }
    found = [each for each in evenings(asking) if each.session_id not in credited]
    leaves = asking.runtime.models.leaves.of_learner(learner_id)
    excused = {key for key, leave in leaves.items() if leave.is_granted}
    return parent_page(request, "parent/missing.html", "statement", evenings=found, excused=excused)


@router.post("/me/disputes")
def dispute(
    asking: InParent,
    kind: Annotated[SubjectKind, Form()],
    id: Annotated[UUID, Form()],  # noqa: A002 - the name in the form
    reason: Annotated[DisputeReason, Form()],
    words: Typed = "",
) -> Response:
    learner_id, by = asking.own(Action.OWN_CASES)
    subject = Subject(kind=kind, id=id)
    return to(asking, asking.runtime.book.cases.dispute(learner_id, subject, reason, words, by))


@router.post("/me/appeals")
def appeal(
    asking: InParent,
    kind: Annotated[SubjectKind, Form()],
    id: Annotated[UUID, Form()],  # noqa: A002 - the name in the form
    words: Typed = "",
) -> Response:
    learner_id, by = asking.own(Action.OWN_CASES)
    subject = Subject(kind=kind, id=id)
    return to(asking, asking.runtime.book.appeals.lodge(learner_id, subject, words, by))


@router.get("/me/cases")
def cases(request: Request, asking: InParent) -> Response:
    learner_id, by = asking.own(Action.OWN_CASES)
    found = cases_of(asking.runtime, learner_id)
    today = local_day(by.at, CITY_ZONE)
    return parent_page(
        request, "parent/cases.html", "statement", rows=shown(asking.runtime, found, today),
        stands=STANDS, subjects=SUBJECTS, outcomes=OUTCOMES, chips=CHIPS,
        looked_into=own_irregularities(asking), looked_into_stands=LOOKED_INTO,
        proposed=own_proposals(asking, learner_id, by),
    )  # fmt: skip


@router.get("/me/cases/{case_id}")
def case(request: Request, asking: InParent, case_id: UUID) -> Response:
    found, by = own_case(asking, case_id)
    today = local_day(by.at, CITY_ZONE)
    [row] = shown(asking.runtime, [found], today)
    return parent_page(
        request, "parent/case.html", "statement", row=row, case=found,
        steps=steps_of(asking.runtime, found, asking.runtime.book.cases.words), step_words=STEPS,
        stands=STANDS, subjects=SUBJECTS, outcomes=OUTCOMES, chips=CHIPS, why=REASONS,
        answer_reasons=ANSWER_REASONS, **ways_on(asking, found, today),
    )  # fmt: skip


@router.post("/me/cases/{case_id}/escalation")
def escalate(asking: InParent, case_id: UUID, words: Typed = "") -> Response:
    _, by = own_case(asking, case_id)
    asking.runtime.book.appeals.escalate(case_id, words, by)
    return to(asking, case_id)


@router.post("/me/cases/{case_id}/withdrawal")
def withdraw(asking: InParent, case_id: UUID) -> Response:
    _, by = own_case(asking, case_id)
    asking.runtime.book.appeals.withdraw(case_id, by)
    return to(asking, case_id)


def to(asking: Asking, case_id: UUID) -> Response:
    asking.runtime.settle(asking.runtime.book.ledger.position())
    return RedirectResponse(f"/me/cases/{case_id}", status_code=303)


def evenings(asking: Asking) -> list[Evening]:
    learner_id, by = asking.own(Action.OWN_CASES)
    return asking.runtime.models.cases.evenings_of(learner_id, by.at - SINCE)


def ask(
    request: Request,
    asking: Asking,
    subject: Subject,
    title: str | None = None,
    line: StatementLine | None = None,
    evening: Evening | None = None,
) -> Response:
    """The few reasons to pick from; what is disputed already is shown instead."""
    if (known := known_case(asking, subject)) is not None:
        return RedirectResponse(f"/me/cases/{known.case_id}", status_code=303)
    today = local_day(asking.runtime.now(), CITY_ZONE)
    return parent_page(
        request, "parent/dispute.html", "statement", subject=subject, title=title, line=line,
        evening=evening, why={code: REASONS[code] for code in FITTING[subject.kind]},
        subjects=SUBJECTS, longest=LONGEST,
        rules=asking.runtime.book.rulebooks.on(today).calendar,
    )  # fmt: skip


def known_case(asking: Asking, subject: Subject) -> CaseFile | None:
    """The newest case of the learner about the same thing."""
    for case in cases_of(asking.runtime, asking.learner_id):
        same = case.subject_id == subject.id
        if same or (subject.session_id is not None and case.session_id == subject.session_id):
            return case
    return None


def ways_on(asking: Asking, case: CaseFile, today: date) -> dict[str, bool]:
    """What the page offers; the ledger decides, and says until when."""
    in_time = case.next_until is None or today <= case.next_until
    subject = Subject(
        kind=SubjectKind(case.subject_kind), id=case.subject_id, session_id=case.session_id
    )
    newest = known_case(asking, subject)
    decided = case.stands == "decided"
    late = case.is_pending and today > case.due
    appealed = newest is not None and newest.kind == "appeal"
    return {
        "may_appeal": not appealed and (late or (case.stands == "answered" and in_time)),
        "may_escalate": (late and case.stands == "lodged") or (decided and in_time),
        "may_withdraw": case.stands in {"lodged", "decided", "escalated"},
        "too_late": case.stands in {"answered", "decided"} and not in_time and not appealed,
    }
