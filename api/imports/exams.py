"""A sheet of paper results: typed by one person, then brought again by another who checks it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from uuid import UUID

from api.access.actions import Action
from api.access.rules import RULES
from api.files.exam import ExamRow, read_exam_results
from api.files.table import Source, Table
from api.imports.order import Order, Progress
from api.imports.report import ImportReport, report_of
from domain.calendar import CITY_ZONE, local_day, school_year_of
from domain.exam import Exam
from domain.identity import derived
from domain.learner import Learner
from domain.rulebook_refusals import NoRulebookInForce
from ledger.book import Book
from ledger.exams import PaperResult, Taken
from ledger.paper_persons import PaperPerson, PaperPersons
from ledger.plans import RowOutcome, RowResult

ROWS_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Certain:
    """A learner with one score, and the rows that say so."""

    learner_id: UUID
    sitting: int
    score: int
    rows: list[int]


def take_exam(
    book: Book, order: Order, source: Source, progress: Progress
) -> tuple[ImportReport, Table]:
    """Raises UnreadableFile, UnknownSchool."""
    file = read_exam_results(source, pass_mark=cache(partial(pass_mark_of, book, order)))
    results: list[RowResult] = []
    for (name, on, _), mine in by_sitting(file.rows).items():
        for taken in in_parts(book, order, (name, on), mine):
            results += taken
            progress(len(results), len(file.rows))
    return report_of(file.table, results, file.rejections, dry_run=order.dry_run), file.table


def by_sitting(rows: Sequence[ExamRow]) -> dict[tuple[str, date, int], list[ExamRow]]:
    """The rows of each sitting of each exam; each is taken for itself, the earlier ones first."""
    found: dict[tuple[str, date, int], list[ExamRow]] = {}
    for row in sorted(rows, key=lambda row: row.sitting):
        found.setdefault((row.exam_name, row.on, row.sitting), []).append(row)
    return found


def in_parts(
    book: Book, order: Order, named: tuple[str, date], rows: Sequence[ExamRow]
) -> Iterator[list[RowResult]]:
    """The rows of a sitting, part by part. Of strangers alone nothing is announced: it stays."""
    certain, doubtful = sort_out(rows, people_of(book, order, named[1], rows))
    yield doubtful
    exam = exam_of(book, order, *named) if certain else None
    for start in range(0, len(certain), ROWS_AT_ONCE):
        part = certain[start : start + ROWS_AT_ONCE]
        yield take_part(book, order, exam, part) if exam else unpublished(part)


def pass_mark_of(book: Book, order: Order, title: str, on: date) -> int | str:
    """By the exam where it is published, else by the rules of its day; or what is wrong with it."""
    if on > local_day(order.by.at, CITY_ZONE):
        return "exam_to_come"
    if known := book.ledger.find(Exam, Exam.create_id(order.school_code, title, on)):
        return known.pass_mark
    try:
        return book.rulebooks.on(on, order.school_code).exam.pass_mark
    except NoRulebookInForce:
        return "date_without_rules"


def exam_of(book: Book, order: Order, title: str, on: date) -> Exam | None:
    """The exam of a sheet; a new one is published, by those who may."""
    key = Exam.create_id(order.school_code, title, on)
    known = book.ledger.find(Exam, key)
    may_publish = order.by.actor.role in RULES[Action.EXAM_PUBLISH]
    if known is not None or order.checking or not may_publish:
        return known
    if order.dry_run:
        return book.exams.announced(order.school_code, title, on, order.envelope)
    command = derived(order.by.command_id, "publish", str(key))
    by = order.envelope.model_copy(update={"command_id": command})
    book.exams.publish(order.school_code, title, on, by)
    return book.exams.get(key)


def people_of(book: Book, order: Order, on: date, rows: Sequence[ExamRow]) -> dict[int, UUID | str]:
    """Row -> the learner whom the lists of that day had, or the code of the doubt."""
    year = school_year_of(on)
    classes = book.registry.school(order.school_code).classes_of(year)
    persons = [
        PaperPerson(
            row=row.row,
            grades=(row.grade,) if row.grade else grades_with(row.class_group, classes),
            class_group=row.class_group,
            child_name=row.child_name,
            name=row.name,
            relation_code=row.relation_code,
        )
        for row in rows
    ]
    found = PaperPersons(book.ledger, book.vault, order.school_code, year).find(persons)
    listed = listed_on(book, order.school_code, on, found.values())
    return {
        row: who if who in listed or isinstance(who, str) else "learner_not_listed"
        for row, who in found.items()
    }


def listed_on(
    book: Book, school_code: str, on: date, people: Iterable[UUID | str]
) -> set[UUID | str]:
    """Those learners whom the lists of a day had."""
    found = book.ledger.load(who for who in people if isinstance(who, UUID))
    year = school_year_of(on)
    return {
        key
        for key, each in found.items()
        if isinstance(each, Learner) and each.enrolments_at(school_code, year, on)
    }


def grades_with(class_group: str, classes: frozenset[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(sorted(grade for grade, group in classes if group == class_group))


def sort_out(
    rows: Sequence[ExamRow], people: dict[int, UUID | str]
) -> tuple[list[Certain], list[RowResult]]:
    """Rows with their learner, and the doubtful ones. A parent of two children sat it once.

    Of two scores neither is taken: which one is right, no order of rows says.
    """
    certain: dict[UUID, list[ExamRow]] = {}
    doubtful: list[RowResult] = []
    for row in rows:
        who = people[row.row]
        if isinstance(who, str):
            doubtful.append(RowResult(row.row, RowOutcome.DOUBTFUL, None, who))
        else:
            certain.setdefault(who, []).append(row)
    twice = {who for who, mine in certain.items() if len({row.score for row in mine}) > 1}
    doubtful += (
        RowResult(row.row, RowOutcome.DOUBTFUL, who, "learner_twice")
        for who in twice
        for row in certain.pop(who)
    )
    return [one_score(who, mine) for who, mine in certain.items()], doubtful


def one_score(who: UUID, rows: Sequence[ExamRow]) -> Certain:
    return Certain(who, rows[0].sitting, rows[0].score, [row.row for row in rows])


def unpublished(part: Sequence[Certain]) -> list[RowResult]:
    code = "exam_not_published"
    doubt = RowOutcome.DOUBTFUL
    return [RowResult(row, doubt, each.learner_id, code) for each in part for row in each.rows]


def take_part(book: Book, order: Order, exam: Exam, part: Sequence[Certain]) -> list[RowResult]:
    command = derived(order.by.command_id, str(exam.id), part[0].rows[0])
    by = order.envelope.model_copy(update={"command_id": command})
    record = book.exams.check if order.checking else book.exams.enter
    results = [PaperResult(each.learner_id, each.score, each.sitting) for each in part]
    taken = record(exam, results, by, dry_run=order.dry_run)
    return [result_of(row, each.learner_id, taken) for each in part for row in each.rows]


def result_of(row: int, learner_id: UUID, taken: Taken) -> RowResult:
    if refusal := taken.refused.get(learner_id):
        return RowResult(row, RowOutcome.DOUBTFUL, learner_id, refusal.code)
    outcome = RowOutcome.NEW if learner_id in taken.news else RowOutcome.SAME
    return RowResult(row, outcome, learner_id)
