"""The archive of a school's term: what its file must hold by now, counted on the read models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from api.bootstrap import Runtime
from api.closing import closings_of
from api.compliance import term_called
from api.teacher_report import cycle_report
from domain.archive import (
    Completeness,
    Due,
    FiledExam,
    FiledSession,
    FiledSheet,
    Progress,
    TermFile,
    completeness,
    due_in,
)
from domain.calendar import CITY_ZONE, Term, local_day
from domain.correction import State
from domain.envelope import Role
from domain.rulebook_refusals import NoRulebookInForce
from domain.school import UnknownSchool
from domain.standing import Standing
from domain.teacher_programmes import NoTeacherCycle
from projections.correction_board import CorrectionRow
from projections.exam_board import ExamOnBoard
from projections.schools import School
from projections.term_archive import ArchivedSession, UsedSheet


@dataclass(frozen=True)
class Archive:
    """A term's file: what is on record of it, what is due, and what of that is there."""

    school: School
    term: Term
    has_rules: bool
    sessions: list[ArchivedSession]
    sheets: list[UsedSheet]
    exams: list[ExamOnBoard]
    corrections: Sequence[CorrectionRow]
    due: list[Due]

    @property
    def completeness(self) -> Completeness:
        return completeness(self.due)

    @property
    def numbers(self) -> dict[UUID, int]:
        """The place of each session in the term, from 1 on."""
        return {each.session_id: n for n, each in enumerate(self.sessions, start=1)}


def archive_of(runtime: Runtime, school_code: str, term_code: str) -> Archive:
    """Raises UnknownSchool, TermMalformed, UnknownTerm."""
    models, term = runtime.models, term_called(runtime, term_code)
    school = models.schools.school(school_code)
    if school is None:
        raise UnknownSchool(school_code=school_code)
    place = school_code, term.school_year, term.term_no
    sessions = models.term_archive.sessions_of(*place)
    sheets = models.term_archive.sheets_of(*place)
    exams = [each for each in models.exams.exams_of(school_code) if each.held_on in term]
    corrections = models.corrections.of_term(school_code, term.code)
    closes_from = closing_day(runtime, term)
    file = TermFile(
        closes_from=closes_from or date.max,
        is_closed=bool(closings_of(runtime, school_code, term)),
        has_rules=closes_from is not None,
        sessions=tuple(map(filed_session, sessions)),
        sheets=tuple(map(filed_sheet, sheets)),
        exams=tuple(filed_exam(runtime, each) for each in exams),
        teachers=trained(runtime, school_code, term),
        certificates=certified(runtime, school_code, term),
        corrections=decided(corrections),
    )
    due = due_in(file, runtime.now())
    return Archive(school, term, file.has_rules, sessions, sheets, exams, corrections, due)


def closing_day(runtime: Runtime, term: Term) -> date | None:
    """From when the school may close the term; None where no rules hold in it."""
    try:
        return runtime.book.closings.days(term).school
    except NoRulebookInForce:
        return None


def filed_session(session: ArchivedSession) -> FiledSession:
    signed = {Role.HOST: session.host_id, Role.COORDINATOR: session.coordinator_id}
    return FiledSession(
        session_id=session.session_id,
        announced_at=session.announced_at,
        begins_at=session.begins_at,
        ends_at=session.ends_at,
        standing=Standing(session.standing),
        recorded=session.recorded,
        pending=session.pending,
        head_count=session.head_count,
        attested_as=frozenset(role for role, person in signed.items() if person),
    )


def filed_sheet(sheet: UsedSheet) -> FiledSheet:
    return FiledSheet(sheet.sheet_id, sheet.session_id, sheet.scans, sheet.is_checked)


def filed_exam(runtime: Runtime, exam: ExamOnBoard) -> FiledExam:
    """On a screen it is over when it shuts, on paper once its day is past."""
    now = runtime.now()
    today = local_day(now, CITY_ZONE)
    is_over = exam.closes_at <= now if exam.closes_at else exam.held_on < today
    return FiledExam(exam.exam_id, is_over, exam.entered, exam.checked)


def trained(runtime: Runtime, school_code: str, term: Term) -> Progress:
    """The school's teachers in the cycle of the term: those with hours, and those without."""
    try:
        rules = runtime.book.teachers.programmes.holding(term.begins)
    except NoTeacherCycle:
        return Progress()
    report = cycle_report(runtime, rules, school_code=school_code)
    return Progress(report.trained, len(report.teachers) - report.trained)


def certified(runtime: Runtime, school_code: str, term: Term) -> Progress:
    """What was reached in the term: certified, and waiting for its certificate."""
    models = runtime.models
    waiting = [each for each in models.certificates.due_of(school_code) if each.achieved_on in term]
    issued = models.term_archive.certified(school_code, term.begins, term.ends)
    return Progress(issued, len(waiting))


def decided(corrections: Sequence[CorrectionRow]) -> Progress:
    waiting = sum(each.state == State.WAITING for each in corrections)
    return Progress(len(corrections) - waiting, waiting)
