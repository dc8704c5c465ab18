"""Invented exams and attempts, for the tests of their rules."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import NAMESPACE_OID, UUID, uuid5

from domain.exam import Exam, ExamMode, OnlineTerms
from domain.exam_attempt import Attempt
from domain.exam_attempt_facts import BankVersion, OralReason
from domain.question_bank import Question, QuestionBank, QuestionKind
from tests.domain.given import CHEN, LIN, by, news

WANG, ZHOU = (uuid5(NAMESPACE_OID, name) for name in ("王示例", "周示例"))
HELD = date(2026, 11, 20)
OPENS = datetime(2026, 11, 20, 0, 0, tzinfo=UTC)
SCHOOL = "4401040001"
BANK = uuid5(NAMESPACE_OID, "bank")
EVERY_WAY = (ExamMode.PAPER, ExamMode.ONLINE, ExamMode.STUDY_NOTE)
TERMS = OnlineTerms(
    bank_ids=(BANK,), opens_at=OPENS, closes_at=OPENS + timedelta(days=30), questions=20,
    time_limit_minutes=30,
)  # fmt: skip


def exam(*modes: ExamMode, online: OnlineTerms | None = TERMS) -> Exam:
    return Exam(
        school_code=SCHOOL, title="期末", school_year=2026, held_on=HELD, pass_mark=60,
        merit_mark=85, modes=modes or EVERY_WAY, online=online, envelope=by(),
    )  # fmt: skip


def typed(score: int = 70, number: int = 1, actor: UUID = LIN) -> Attempt:
    made = Attempt.on_paper(exam(), CHEN, number, score, 1, by(actor))
    news(made)
    return made


def counted(score: int = 70, number: int = 1) -> Attempt:
    made = typed(score, number)
    made.check(score, exam(), 3, by(WANG))
    news(made)
    return made


def started(number: int = 1) -> Attempt:
    versions = (BankVersion(bank_id=BANK, version=61),)
    made = Attempt.start(exam(), CHEN, number, versions, by(CHEN, OPENS))
    news(made)
    return made


def oral(*, passed: bool = True) -> Attempt:
    made = Attempt.orally(exam(), CHEN, 1, passed, OralReason.ELDERLY, by(LIN))
    news(made)
    return made


def question(number: str = "1", right: tuple[int, ...] = (1,), **different: object) -> Question:
    facts: dict[str, object] = {
        "number": number, "kind": QuestionKind.SINGLE, "text": f"第{number}题（示例）",
        "choices": ("甲", "乙", "丙"), "right": right, "explanation": "示例",
    }  # fmt: skip
    return Question.model_validate(facts | different)


def bank(size: int = 0) -> QuestionBank:
    made = QuestionBank(owner=SCHOOL, course_id=BANK, title="亲子沟通", envelope=by())
    for number in range(size):
        made.put(question(str(number)), by())
    news(made)
    return made
