"""What is proposed about one person and says that they cheated, as they themselves are told it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from api.asking import Asking
from api.bootstrap import Runtime
from domain.attendance import Stay
from domain.correction import (
    AttendanceOrder,
    ExamResultOrder,
    ExternalOrder,
    Order,
    State,
    UnknownCorrection,
)
from domain.envelope import Envelope, Role
from domain.hearing import Hearing
from domain.refusals import Refused
from domain.revocation import RevocationReason
from domain.rules import ReversalReason
from ledger.records import records_of
from projections.certificate_register import RegisteredCertificate
from projections.correction_board import CorrectionRow
from projections.teacher_corrections import CorrectionLine

FRAUD: Final = ReversalReason.FRAUD_CONFIRMED.value


class Stage(StrEnum):
    """How far a chance to be heard has come."""

    UNTOLD = "untold"
    TOLD = "told"
    HELD = "held"


class About(StrEnum):
    ATTENDANCE = "attendance"
    EXAM = "exam_result"
    EXTERNAL = "external"
    TRAINING = "training"
    CERTIFICATE = "certificate"


@dataclass(frozen=True, kw_only=True)
class Proposed:
    """What would change, until when they can be heard and by whom; nobody else is in it.

    `id` is the correction, the teacher's correction or the certificate. `hours` are what an order
    leaves or takes of what `was`, `hours_before` and `hours_after` the whole account.
    """

    id: UUID
    about: About
    school_code: str
    proposed_at: datetime
    heard_by: Role = Role.COORDINATOR
    stage: Stage
    answer_until: date | None
    title: str | None = None
    held_at: datetime | None = None
    kind: str | None = None
    number: str | None = None
    stay: Stay | None = None
    hours: int | None = None
    was: int | None = None
    school_year: int | None = None
    counts: bool = False  # whether anything is left of it
    hours_before: int | None = None
    hours_after: int | None = None


def own_proposals(asking: Asking, learner_id: UUID, by: Envelope) -> list[Proposed]:
    """What waits and says of the person who asks that they cheated; the newest first."""
    runtime = asking.runtime
    held = runtime.models.certificates.certificates_of_learner(learner_id)
    records = records_of(runtime.book.ledger, learner_id)
    found = [
        *(of_correction(runtime, e, by) for e in runtime.models.corrections.accusing(records)),
        *(of_certificate(runtime, each) for each in held if is_accused(each)),
    ]
    return sorted(found, key=lambda each: each.proposed_at, reverse=True)


def own_proposal(asking: Asking, matter_id: UUID, learner_id: UUID, by: Envelope) -> Proposed:
    """Raises UnknownCorrection."""
    for each in own_proposals(asking, learner_id, by):
        if each.id == matter_id:
            return each
    raise UnknownCorrection(id=matter_id)


def is_accused(certificate: RegisteredCertificate) -> bool:
    """Whether a proposal to revoke it for fraud waits."""
    is_fraud = certificate.proposed_reason == RevocationReason.FRAUD_CONFIRMED
    return certificate.state == "valid" and certificate.proposed_by is not None and is_fraud


def is_waiting(row: CorrectionRow | CorrectionLine | RegisteredCertificate) -> bool:
    """Whether it says of one person that they cheated, and is not decided."""
    match row:
        case CorrectionRow():
            return row.state == State.WAITING and row.asked.needs_hearing
        case CorrectionLine():
            return row.confirmed is None and row.reason_code == FRAUD
        case _:
            return is_accused(row)


def stage_of(hearing: Hearing | None) -> Stage:
    if hearing is not None and hearing.is_held:
        return Stage.HELD
    return Stage.TOLD if hearing is not None and hearing.answer_until else Stage.UNTOLD


def of_correction(runtime: Runtime, row: CorrectionRow, by: Envelope) -> Proposed:
    order, hearing = row.asked, runtime.book.hearings.of(row.correction_id)
    before, after = figures(runtime, order, by)
    found = Proposed(
        id=row.correction_id,
        about=About(row.kind),
        school_code=row.school_code,
        proposed_at=row.proposed_at,
        stage=stage_of(hearing),
        answer_until=hearing.answer_until if hearing else None,
        hours_before=before,
        hours_after=after,
    )
    return with_particulars(runtime, found, order)


def with_particulars(runtime: Runtime, found: Proposed, order: Order) -> Proposed:
    """Which session, exam or document it is about, and what would be left of it."""
    match order:
        case AttendanceOrder(stay=stay):
            session = runtime.models.sessions.session(order.session_id)
            title, at = (session.title, session.begins_at) if session else (None, None)
            return replace(found, title=title, held_at=at, stay=stay, counts=stay is not None)
        case ExamResultOrder():
            exam = runtime.models.exams.exam(order.exam_id)
            counts = order.score is not None or order.passed is not None
            return replace(found, title=exam.title if exam else None, counts=counts)
        case ExternalOrder(hours=hours):
            line = runtime.models.external_hours.line(order.external_id)
            was, year = (line.hours, line.school_year) if line else (None, None)
            return replace(found, hours=hours, counts=bool(hours), was=was, school_year=year)
        case _:  # what is about many people says of nobody that they cheated
            return found


def figures(runtime: Runtime, order: Order, by: Envelope) -> tuple[int | None, int | None]:
    """The account before and after; nothing where it cannot be carried out any more."""
    try:
        effects = runtime.book.corrections.preview(order, by).effects
    except Refused:
        return None, None
    changes = effects.changes
    return (changes[0].hours_before, changes[0].hours_after) if len(changes) == 1 else (None, None)


def of_certificate(runtime: Runtime, row: RegisteredCertificate) -> Proposed:
    hearing = runtime.book.hearings.of(row.certificate_id)
    return Proposed(
        id=row.certificate_id,
        about=About.CERTIFICATE,
        school_code=row.school_code,
        proposed_at=row.proposed_at or row.issued_at,
        heard_by=Role.HEAD,
        stage=stage_of(hearing),
        answer_until=hearing.answer_until if hearing else None,
        kind=row.kind,
        number=row.number,
    )


def proposed_of_teacher(runtime: Runtime, teacher_id: UUID) -> list[Proposed]:
    """What waits and says of a teacher that their hours are untrue; the oldest first."""
    lines = runtime.models.teacher_corrections.accusing(teacher_id)
    return [of_training(runtime, each) for each in lines]


def of_training(runtime: Runtime, line: CorrectionLine) -> Proposed:
    hearing = runtime.book.hearings.of(line.correction_id)
    awards = runtime.models.teacher_cycle.awards_of(line.teacher_id)
    award = next((each for each in awards if each.award_id == line.award_id), None)
    words = runtime.book.vault.open([award.programme_id]) if award else {}
    return Proposed(
        id=line.correction_id,
        about=About.TRAINING,
        school_code=line.school_code,
        proposed_at=line.proposed_at,
        stage=stage_of(hearing),
        answer_until=hearing.answer_until if hearing else None,
        title=next((each.fields.get("title") for each in words.values()), None),
        hours=award.hours if award else None,
    )
