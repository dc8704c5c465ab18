"""A file of training hours becomes awards in the teachers' ledger."""

from __future__ import annotations

from api.files.table import Source, Table
from api.files.teacher_hours import TeacherHoursRow, read_teacher_hours
from api.imports.order import Order, Progress
from api.imports.report import ImportReport, report_of
from ledger.book import Book
from ledger.teacher_names import NamedTeacher
from ledger.teacher_rows import HoursRow


def take_teacher_hours(
    book: Book, order: Order, source: Source, progress: Progress
) -> tuple[ImportReport, Table]:
    """Raises UnreadableFile, UnknownSchool."""
    book.registry.school(order.school_code)
    file = read_teacher_hours(source, order.school_code)
    results = book.teacher_rows.take(
        [entry_of(order.school_code, row) for row in file.rows],
        file.sha256,
        order.envelope,
        dry_run=order.dry_run,
        progress=lambda done: progress(done, len(file.rows)),
    )
    return report_of(file.table, results, file.rejections, dry_run=order.dry_run), file.table


def entry_of(school_code: str, row: TeacherHoursRow) -> HoursRow:
    return HoursRow(
        row=row.row,
        named=NamedTeacher(school_code, row.name, row.staff_no),
        title=row.title,
        organiser=row.organiser,
        begins=row.begins,
        ends=row.ends,
        hours=row.hours,
        cycle=row.cycle,
        in_service_from=row.in_service_from,
        details=row.details,
    )
