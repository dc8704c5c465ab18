"""Cases that somebody reaches by id: parents their own, staff those of their organisation."""

from __future__ import annotations

from uuid import UUID

from api.access.actions import Action
from api.asking import Asking
from api.bootstrap import Runtime
from api.reaching import unknown
from domain.appeal_refusals import UnknownCase
from domain.envelope import Envelope
from ledger.case_matters import SubjectNotYours
from ledger.records import records_of
from projections.cases import CaseFile


def case_for(asking: Asking, case_id: UUID, action: Action) -> tuple[CaseFile, Envelope]:
    """Raises UnknownCase, Forbidden, LoginRequired."""
    found = asking.runtime.models.cases.case(case_id)
    if found is None:
        raise unknown(asking, action, UnknownCase(id=case_id))
    return found, asking.may(action, found.school_code)


def own_case(asking: Asking, case_id: UUID) -> tuple[CaseFile, Envelope]:
    """Raises SubjectNotYours, Forbidden, LoginRequired."""
    learner_id, by = asking.own(Action.OWN_CASES)
    found = asking.runtime.models.cases.case(case_id)
    if found is None or found.learner_id not in records_of(asking.runtime.book.ledger, learner_id):
        raise SubjectNotYours
    return found, by


def cases_of(runtime: Runtime, learner_id: UUID) -> list[CaseFile]:
    """A person's cases, under whichever of their records they were opened; the newest first."""
    return runtime.models.cases.of_learners(records_of(runtime.book.ledger, learner_id))
