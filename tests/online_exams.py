"""An exam on a screen in the pilot's school, and answers to whatever it asks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from domain.envelope import Envelope, Role
from domain.exam import ExamMode
from domain.question_bank import Question, QuestionKind
from ledger.book import Book
from ledger.exams import OnlineExam
from ledger.exams_online import Places
from tests.acting import SCHOOL, envelope

OPENS = datetime(2026, 9, 14, 0, 0, tzinfo=UTC)
CLOSES = OPENS + timedelta(days=60)
STARTED = OPENS + timedelta(days=1)
COURSE = "读懂孩子的情绪"


def asked(number: int) -> Question:
    """An invented question; the choice that says so is the right one."""
    if number % 10 == 0:
        return Question(
            number=str(number), kind=QuestionKind.TRUE_FALSE, text=f"第{number}题（示例）",
            choices=("对", "错"), right=(0,), explanation="示例解析",
        )  # fmt: skip
    several = number % 10 == 1
    return Question(
        number=str(number),
        kind=QuestionKind.SEVERAL if several else QuestionKind.SINGLE,
        text=f"第{number}题（示例）",
        choices=("不合适", "合适", "也合适" if several else "不太合适"),
        right=(1, 2) if several else (1,),
        explanation="示例解析",
    )


def fill_bank(book: Book, size: int = 60, owner: str = SCHOOL) -> UUID:
    bank_id = book.question_banks.open(owner, COURSE, envelope())
    book.question_banks.put(bank_id, [asked(number) for number in range(size)], envelope())
    return bank_id


def publish_online(book: Book, *, title: str = "家庭教育知识考核") -> UUID:
    wish = OnlineExam((fill_bank(book),), OPENS, CLOSES, (ExamMode.PAPER, ExamMode.STUDY_NOTE))
    return book.exams.publish_online(SCHOOL, title, wish, envelope())


def parent(learner_id: UUID, at: datetime = STARTED) -> Envelope:
    return envelope(at, Role.PARENT, learner_id)


def answers(book: Book, attempt_id: UUID, learner_id: UUID, right: int = 20) -> Places:
    """So many right answers, and no others."""
    questions = book.online_exams.sheet(attempt_id, learner_id).questions
    return {
        each.question_id: [each.order.index(choice) for choice in each.question.right]
        for each in questions[:right]
    }
