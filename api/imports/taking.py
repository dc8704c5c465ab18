"""One import: the file's kind decides who reads it, and what failed comes back as a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from api.files.failed import failed_rows
from api.files.table import Source, Table
from api.files.template import Kind
from api.imports.exams import take_exam
from api.imports.order import Order, Progress
from api.imports.plans import take_plan
from api.imports.questions import take_questions
from api.imports.report import Imported, ImportReport
from api.imports.rosters import take_roster
from api.imports.sheets import take_sheets
from api.imports.teacher_hours import take_teacher_hours
from api.imports.texts import reason
from ledger.book import Book

Taking = Callable[[Book, Order, Source, Progress], tuple[ImportReport, Table]]

TAKINGS: Final[dict[Kind, Taking]] = {
    Kind.ROSTER: take_roster,
    Kind.PLAN: take_plan,
    Kind.EXAM: take_exam,
    Kind.QUESTIONS: take_questions,
    Kind.TEACHER_HOURS: take_teacher_hours,
    Kind.SIGN_IN_SHEET: take_sheets,
}


def nobody_watches(_done: int, _total: int) -> None:
    pass


def take_file(
    book: Book, order: Order, source: Source, progress: Progress = nobody_watches
) -> Imported:
    """Record a file's good rows and report on all; a dry run records nothing at all.

    Raises UnreadableFile where the file as a whole cannot be read, and what the ledger refuses.
    """
    report, table = TAKINGS[order.kind](book, order, source, progress)
    failed = None
    if not report.is_taken:
        failed = failed_rows(table, report.wrong, order.language, reason)
    return Imported(report, failed, table)
