"""A roster file becomes children and learners."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from api.files.package_roster import FromPackage, from_package
from api.files.roster import RosterFile, RosterRow, read_roster
from api.files.table import Source, Table
from api.imports.order import Order, Progress
from api.imports.report import ImportReport, report_of
from domain.calendar import CITY_ZONE, local_day, school_year_of
from ledger.book import Book
from ledger.roster import Roster, RosterEntry


def take_roster(
    book: Book, order: Order, source: Source, progress: Progress
) -> tuple[ImportReport, Table]:
    """From a file, or a package of files. Raises UnreadableFile, UnknownSchool."""
    by = order.envelope
    today = local_day(by.at, CITY_ZONE)
    year = order.school_year or school_year_of(today)
    classes = book.registry.school(order.school_code).classes_of(year)
    package = from_package(source, order.school_code, today)
    roster = package.content if package else source
    file = read_roster(roster, order.school_code, known_classes=classes)
    rejections = package.placed(file.rejections) if package else file.rejections
    results = book.rosters.take(
        Roster(order.school_code, year),
        list(entries_of(file, package)),
        by,
        dry_run=order.dry_run,
        progress=lambda done: progress(done, len(file.rows)),
    )
    return report_of(file.table, results, rejections, dry_run=order.dry_run), file.table


def entries_of(file: RosterFile, package: FromPackage | None) -> Iterator[RosterEntry]:
    """The sound rows; a package knows the role of an adult, and no relation."""
    for row in file.rows:
        if package is None:
            yield entry_of(row)
        elif row.row not in package.faults:
            yield replace(entry_of(row), relation_is_told=False)


def entry_of(row: RosterRow) -> RosterEntry:
    return RosterEntry(
        row=row.row,
        grade=row.grade,
        stage=row.stage,
        class_group=row.class_group,
        child_name=row.child_name,
        student_no=row.student_no,
        name=row.name,
        relation_code=row.relation_code,
        phone=row.phone,
        is_guardian=row.is_guardian,
    )
