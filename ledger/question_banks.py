"""Commands of question banks: open one, put questions in, retire them, and read old versions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast
from uuid import UUID

from domain.aggregate import LedgerAggregate
from domain.course import Course
from domain.envelope import Envelope
from domain.exam_attempt_facts import BankVersion
from domain.question_bank import Question, QuestionBank, UnknownBank
from domain.school import School, UnknownSchool
from ledger.ledger import Ledger


class QuestionBanks:
    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def open(self, owner: str, course: str, by: Envelope) -> UUID:
        """A bank for a course, by its title; the same again is no news."""
        made = opened(owner, course, by)

        def decide() -> list[LedgerAggregate]:
            return [] if self._ledger.find(QuestionBank, made.id) else [made]

        self._ledger.commit(by.command_id, decide)
        return made.id

    def put(self, bank_id: UUID, questions: Sequence[Question], by: Envelope) -> set[str]:
        """Add or revise questions, all or none; returns the numbers that were news.

        Raises UnknownBank, QuestionUnsound.
        """
        news: set[str] = set()

        def decide() -> list[LedgerAggregate]:
            bank = self.get(bank_id)
            news.clear()
            news.update(put_all(bank, questions, by))
            return [bank]

        self._ledger.commit(by.command_id, decide)
        return news

    def add(self, bank_id: UUID, question: Question, by: Envelope) -> int:
        """Add a question that is new. Raises UnknownBank, QuestionUnsound, QuestionNumberTaken."""

        def decide() -> list[LedgerAggregate]:
            bank = self.get(bank_id)
            bank.add(question, by)
            return [bank]

        return self._ledger.commit(by.command_id, decide)

    def retire(self, bank_id: UUID, question_id: UUID, by: Envelope) -> int:
        """Draw a question no more. Raises UnknownBank, UnknownQuestion."""

        def decide() -> list[LedgerAggregate]:
            bank = self.get(bank_id)
            bank.retire(question_id, by)
            return [bank]

        return self._ledger.commit(by.command_id, decide)

    def get(self, bank_id: UUID) -> QuestionBank:
        """Raises UnknownBank."""
        return self._ledger.get(QuestionBank, bank_id, UnknownBank)

    def find(self, owner: str, course: str) -> QuestionBank | None:
        key = QuestionBank.create_id(owner, Course.create_id(owner, course))
        return self._ledger.find(QuestionBank, key)

    def usable(self, school_code: str, bank_ids: Sequence[UUID]) -> list[QuestionBank]:
        """Banks of a school, of its district and of the city. Raises UnknownBank, UnknownSchool."""
        school = self._ledger.get(School, School.create_id(school_code), UnknownSchool)
        owners = {school_code, school.district_code, city_of(school.district_code)}
        found = [self.get(bank_id) for bank_id in dict.fromkeys(bank_ids)]
        if not found or any(bank.owner not in owners for bank in found):
            raise UnknownBank
        return found

    def at(self, versions: Sequence[BankVersion]) -> dict[UUID, Question]:
        """The questions as they stood at these versions: what an attempt drew from."""
        wanted = {each.bank_id: each.version for each in versions}
        questions: dict[UUID, Question] = {}
        for key, rows in self._ledger.store.select_streams(wanted).items():
            bank: LedgerAggregate | None = None
            for row in rows[: wanted[key]]:
                bank = self._ledger.events_mapper.to_domain_event(row).mutate(bank)
            questions |= cast("QuestionBank", bank).questions
        return questions


def city_of(district_code: str) -> str:
    """The city of a district (GB/T 2260): 440104 lies in 440100."""
    return f"{district_code[:4]}00"


def opened(owner: str, course: str, by: Envelope) -> QuestionBank:
    """A bank without questions, not recorded yet."""
    return QuestionBank(
        owner=owner, course_id=Course.create_id(owner, course), title=course, envelope=by
    )


def put_all(bank: QuestionBank, questions: Sequence[Question], by: Envelope) -> set[str]:
    """Put questions into a bank; the numbers of those that were news. Raises QuestionUnsound."""
    news: set[str] = set()
    for question in questions:
        before = bank.version
        bank.put(question, by)
        if bank.version > before:
            news.add(question.number)
    return news
