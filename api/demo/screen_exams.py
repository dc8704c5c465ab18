"""The pilot's exams beside paper: a bank of questions, an exam on a screen, an oral result."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from api.demo.disputing import parent
from api.demo.loading import Pilot
from api.demo.staff import PRIMARY
from domain.exam import ExamMode
from domain.exam_attempt_facts import OralReason
from domain.identity import derived
from domain.question_bank import Question, QuestionKind
from ledger.exams import OnlineExam
from ledger.exams_judged import OralResult

COURSE, TITLE = "读懂孩子的情绪", "家庭教育知识网上考核（示例）"
QUESTIONS, RIGHT, DAYS_OPEN = 60, 17, 30
ON_A_SCREEN, GRANDMOTHER = 8, 9  # they hold a star already; 9 has no phone


def examine(pilot: Pilot) -> None:
    exam_id = publish(pilot)
    attempt(pilot, exam_id)
    orally(pilot, exam_id)
    # The worker would do the same as soon as it sees the results.
    at = pilot.calendar.moment(4, 18)
    for number in (ON_A_SCREEN, GRANDMOTHER):
        learner_id = pilot.learner(number)
        pilot.runtime.book.awards.evaluate(
            learner_id, at, derived("demo exam", exam_id, learner_id)
        )


def publish(pilot: Pilot) -> UUID:
    """Open since a week; a study note and paper count beside it."""
    book, opens = pilot.runtime.book, pilot.calendar.moment(7, 8)
    by = pilot.logins["coordinator"].acting(pilot.calendar.moment(8, 10), "exam")
    bank_id = book.question_banks.open(PRIMARY, COURSE, by)
    filled = pilot.logins["coordinator"].acting(by.at, "questions")
    book.question_banks.put(bank_id, [asked(n) for n in range(1, QUESTIONS + 1)], filled)
    closes = pilot.calendar.now + timedelta(days=DAYS_OPEN)
    wish = OnlineExam((bank_id,), opens, closes, (ExamMode.PAPER, ExamMode.STUDY_NOTE))
    published = pilot.logins["coordinator"].acting(by.at, "publish exam")
    return book.exams.publish_online(PRIMARY, TITLE, wish, published)


def asked(number: int) -> Question:
    """Every tenth is true or false, and the one after it has two right answers."""
    if number % 10 == 0:
        return Question(
            number=str(number), kind=QuestionKind.TRUE_FALSE,
            text=f"孩子的情绪需要被看见。（示例第{number}题）", choices=("对", "错"), right=(0,),
            explanation="先看见，再引导。",
        )  # fmt: skip
    several = number % 10 == 1
    text = "以下哪些做法合适？" if several else "孩子发脾气时，先做什么？"
    third = "陪在一旁" if several else "马上讲道理"
    return Question(
        number=str(number),
        kind=QuestionKind.SEVERAL if several else QuestionKind.SINGLE,
        text=f"{text}（示例第{number}题）",
        choices=("大声责备", "先听孩子说", third),
        right=(1, 2) if several else (1,),
        explanation="先听，再说。",
    )


def attempt(pilot: Pilot, exam_id: UUID) -> None:
    """A parent handed the sheet in, with some answers wrong."""
    online, learner_id = pilot.runtime.book.online_exams, pilot.learner(ON_A_SCREEN)
    begun = pilot.calendar.moment(5, 20)
    by = parent(pilot, ON_A_SCREEN, begun, "begin")
    attempt_id = online.start(exam_id, learner_id, by)
    questions = online.sheet(attempt_id, learner_id).questions
    places = {
        each.question_id: [each.order.index(choice) for choice in each.question.right]
        for each in questions[:RIGHT]
    }
    ended = begun + timedelta(minutes=14)
    online.submit(attempt_id, learner_id, places, parent(pilot, ON_A_SCREEN, ended, "hand in"))


def orally(pilot: Pilot, exam_id: UUID) -> None:
    """A grandmother answers the class teacher; the coordinator was there too."""
    judged, at = pilot.runtime.book.judged_exams, pilot.calendar.moment(4, 16)
    result = OralResult(pilot.learner(GRANDMOTHER), passed=True, reason=OralReason.ELDERLY)
    by = pilot.logins["teacher"].acting(at, "examines")
    attempt_id = judged.examine(exam_id, result, by)
    witness = pilot.logins["coordinator"].acting(at + timedelta(minutes=5), "witness")
    judged.witness(exam_id, attempt_id, witness)
