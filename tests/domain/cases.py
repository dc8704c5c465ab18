"""Given: an invented dispute and appeal, and the days around their deadlines."""

from __future__ import annotations

from datetime import date
from uuid import NAMESPACE_OID, UUID, uuid5

from domain.appeal import Appeal, Ground
from domain.dispute import AnswerReason, Dispute, DisputeReason, Subject, SubjectKind
from domain.verdict import Outcome, Verdict
from domain.working_days import Deadline, WorkingDays
from tests.domain.given import CHEN, by, news

TEACHER, HEAD, OFFICER = (uuid5(NAMESPACE_OID, name) for name in ("teacher", "head", "officer"))
CORRECTION = uuid5(NAMESPACE_OID, "correction")
WORDS = uuid5(NAMESPACE_OID, "words")
MONDAY = date(2026, 9, 21)
DUE: Deadline = WorkingDays().deadline(MONDAY, 3)
SUBJECT = Subject(kind=SubjectKind.ATTENDANCE, id=uuid5(NAMESPACE_OID, "attendance"))


def dispute(reason: DisputeReason = DisputeReason.WRONG_HOURS) -> Dispute:
    made = Dispute(
        id=Dispute.create_id(CHEN, SUBJECT), learner_id=CHEN, school_code="4401040001",
        term="2026-1", subject=SUBJECT, reason_code=reason, due=DUE, envelope=by(CHEN),
    )  # fmt: skip
    news(made)
    return made


def turned_down(actor: UUID = TEACHER) -> Dispute:
    made = dispute()
    made.turn_down(AnswerReason.RECORD_RIGHT, WORDS, DUE, by(actor))
    news(made)
    return made


def appeal() -> Appeal:
    made = Appeal(
        id=Appeal.create_id(CHEN, SUBJECT), learner_id=CHEN, school_code="4401040001",
        term="2026-1", subject=SUBJECT, ground=Ground.ANSWER, due=DUE, envelope=by(CHEN),
    )  # fmt: skip
    news(made)
    return made


def verdict(outcome: Outcome = Outcome.PARTLY, words_id: UUID | None = WORDS) -> Verdict:
    return Verdict(outcome=outcome, reason_code=AnswerReason.NEW_EVIDENCE, words_id=words_id)
