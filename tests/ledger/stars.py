"""A learner whose record asks for the fifth star, said as if six years had brought it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from domain.account import Account, entry_id_of
from domain.crediting import CreditClaim
from domain.exam import ExamRecord, Outcome
from ledger.book import Book
from ledger.rulebooks import default_rulebook
from tests.acting import SCHOOL, envelope
from tests.ledger.test_awards import enrol

FAMILIES = tuple(default_rulebook().course_families.core)
YEARS = (2026, 2027, 2028, 2029)
MODES = ("theme_activity", "theme_activity", "parent_lecturer", "parent_lecturer", "on_site")
READY_ON = datetime(2030, 5, 6, 2, 0, tzinfo=UTC)  # a Monday


def with_four_stars(book: Book, learner: UUID) -> None:
    """Four complete years of sixteen hours: four stars, and the fifth to be proposed.

    Whoever comes in grade three needs two thirds of the hours.
    """
    [(child, *_)] = book.learners.get(learner).enrolments
    for year, grade in zip(YEARS, ("三年级", "四年级", "五年级", "六年级"), strict=True):
        enrol(book, learner, child_id=child, school_year=year, grade=grade)
    account = Account(learner_id=learner, envelope=envelope())
    for number in range(40):
        account.award(claim(account.id, learner, number), default_rulebook(), envelope())
    record = ExamRecord(learner_id=learner, envelope=envelope())
    for year in YEARS:
        pass_exam(record, learner, year)
    book.ledger.save(account, record)
    book.awards.evaluate(learner, READY_ON - timedelta(days=3), learner)


def claim(account_id: UUID, learner: UUID, number: int) -> CreditClaim:
    """Ten evenings a year, each of two hours, in every family and mode that a star asks for."""
    year, at = YEARS[number // 10], evening(number)
    source = uuid5(learner, f"session {number}")
    return CreditClaim(
        entry_id=entry_id_of(account_id, source), source_kind="session", source_id=source,
        session_id=source, course_id=uuid5(learner, f"course {number}"), school_code=SCHOOL,
        school_year=year, term=f"{year}-1", stage="primary", family=FAMILIES[number % 7],
        mode=MODES[number % 5], carrier="in_school", class_hours=200, minutes=80, day=at.date(),
        begins_at=at, ends_at=at + timedelta(minutes=80), hours=200,
        rule_ref="attendance.full_credit_min_percent",
    )  # fmt: skip


def evening(number: int) -> datetime:
    return datetime(YEARS[number // 10], 9, 10, 11, tzinfo=UTC) + timedelta(days=7 * (number % 10))


def pass_exam(record: ExamRecord, learner: UUID, year: int) -> None:
    outcome = Outcome(
        exam_id=uuid5(learner, f"exam {year}"), attempt_id=uuid5(learner, f"attempt {year}"),
        learner_id=learner, school_year=year, score=90, passed=True,
    )  # fmt: skip
    record.count(outcome, envelope())
