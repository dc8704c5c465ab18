"""What the doors of stars and of explanations name: a published star, a line, a completion."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from api.bootstrap import Runtime
from domain.account import Account, entry_id_of
from domain.attendance import Attendance
from domain.evaluation import CompletionKind, Evaluation
from domain.star_proposal import ObjectionReason, StarProposal
from tests.acting import ENDS, SCHOOL, SET_UP, Pilot, envelope


def star_things(runtime: Runtime, pilot: Pilot) -> dict[str, str]:
    return {
        **published_star(runtime, pilot),
        **achieved(runtime, pilot.learners[0], pilot.session_id),
    }


def published_star(runtime: Runtime, pilot: Pilot) -> dict[str, str]:
    """A star that the school has published, and an objection to it."""
    proposal = StarProposal(
        learner_id=pilot.learners[1], school_code=SCHOOL, stage="primary", level=5,
        school_year=2026, published_until=date(2027, 8, 31), envelope=envelope(),
    )  # fmt: skip
    objection_id = proposal.object(ObjectionReason.OTHER, SET_UP.date(), envelope())
    runtime.book.ledger.save(proposal)
    runtime.projector.catch_up()
    return {"proposal_id": str(proposal.id), "objection_id": str(objection_id)}


def achieved(runtime: Runtime, learner_id: UUID, session_id: UUID) -> dict[str, str]:
    """A line of the first learner's account, and a completion and a star of theirs."""
    key = Evaluation.create_id(learner_id, "primary")
    evaluation, by = runtime.book.ledger.find(Evaluation, key), envelope(ENDS)
    assert evaluation is not None
    who: dict[str, Any] = {"learner_id": learner_id, "stage": "primary", "envelope": by}
    evaluation._reached(
        kind=CompletionKind.ANNUAL, period="2026", hours=800, face_to_face_hours=800,
        conditions=(), **who,
    )  # fmt: skip
    evaluation._star_evaluated(
        level_before=0, level_after=1, needs_proposal=False, conditions=(), as_of=ENDS.date(),
        **who,
    )  # fmt: skip
    evaluation._star_awarded(level=1, from_day=ENDS.date(), **who)
    runtime.book.ledger.save(evaluation)
    attendance = Attendance.create_id(session_id, learner_id)
    entry_id = entry_id_of(Account.create_id(learner_id), attendance)
    return {"entry_id": str(entry_id), "stage": "primary", "period": "2026", "level": "1"}
