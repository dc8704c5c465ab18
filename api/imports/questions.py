"""A file of questions becomes banks: a number that is there already is a new version of it."""

from __future__ import annotations

from collections.abc import Sequence

from api.files.questions import QuestionRow, read_questions
from api.files.table import Source, Table
from api.imports.order import Order, Progress
from api.imports.report import ImportReport, report_of
from domain.envelope import Envelope
from domain.identity import derived
from domain.question_bank import QuestionBank, UnknownQuestion, question_id
from ledger.book import Book
from ledger.plans import RowOutcome, RowResult
from ledger.question_banks import opened


def take_questions(
    book: Book, order: Order, source: Source, progress: Progress
) -> tuple[ImportReport, Table]:
    """Raises UnreadableFile, UnknownSchool."""
    book.registry.school(order.school_code)
    file = read_questions(source)
    results: list[RowResult] = []
    of_course: dict[str, list[QuestionRow]] = {}
    for row in file.rows:
        of_course.setdefault(row.course, []).append(row)
    for course, mine in of_course.items():
        results += take_course(book, order, course, mine)
        progress(len(results), len(file.rows))
    return report_of(file.table, results, file.rejections, dry_run=order.dry_run), file.table


def take_course(
    book: Book, order: Order, course: str, rows: Sequence[QuestionRow]
) -> list[RowResult]:
    by = order.envelope.model_copy(
        update={"command_id": derived(order.by.command_id, "questions", course)}
    )
    owner, results = order.school_code, list[RowResult]()

    def decide() -> list[QuestionBank]:
        bank = book.question_banks.find(owner, course) or opened(owner, course, by)
        results[:] = [take_row(bank, row, by) for row in rows]
        return [] if order.dry_run else [bank]

    book.ledger.commit(by.command_id, decide)
    return results


def take_row(bank: QuestionBank, row: QuestionRow, by: Envelope) -> RowResult:
    """Put one question in, or out; what is recorded already changes nothing.

    Of a number that the bank never had nothing is put out: it may be a slip for another.
    """
    key = question_id(bank.id, row.question.number)
    known = bank.questions.get(key)
    if row.retired:
        if known is None and key not in bank.retired:
            return RowResult(row.row, RowOutcome.DOUBTFUL, key, UnknownQuestion.code)
        bank.retire(key, by)
        return RowResult(row.row, RowOutcome.CHANGED if known else RowOutcome.SAME, key)
    bank.put(row.question, by)
    if known is None:
        return RowResult(row.row, RowOutcome.NEW, key)
    return RowResult(row.row, RowOutcome.SAME if known == row.question else RowOutcome.CHANGED, key)
