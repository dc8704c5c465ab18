"""The archive of a term (GZ-6 有完整档案): what its file must hold by a moment, and what it has.

What is not due does not count, neither for nor against the school; nothing is asked of a parent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from domain.calendar import CITY_ZONE, local_day
from domain.envelope import Role
from domain.standing import Standing


class Item(StrEnum):
    """What an inspection looks for, in the order of the file."""

    RULEBOOK = "rulebook"
    TEACHER_HOURS = "teacher_hours"
    TERM_PLAN = "term_plan"
    ANNOUNCEMENT = "announcement"
    REGISTER = "register"
    SHEET_SCAN = "sheet_scan"
    SHEET_CHECK = "sheet_check"
    OUTCOME = "outcome"
    HEAD_COUNT = "head_count"
    HOST_ATTESTATION = "host_attestation"
    COORDINATOR_ATTESTATION = "coordinator_attestation"
    EXAM_RESULTS = "exam_results"
    CERTIFICATES = "certificates"
    TERM_TOTALS = "term_totals"
    CORRECTIONS = "corrections"


@dataclass(frozen=True, slots=True)
class FiledSession:
    """What is on record of a session of the term.

    `recorded` people came by the register; of `pending` ones the check-out is to be confirmed.
    """

    session_id: UUID
    announced_at: datetime
    begins_at: datetime
    ends_at: datetime
    standing: Standing
    recorded: int
    pending: int
    head_count: int | None
    attested_as: frozenset[Role]


@dataclass(frozen=True, slots=True)
class FiledSheet:
    """A sheet of paper that was used: somebody typed it, or kept a picture of it."""

    sheet_id: UUID
    session_id: UUID
    scans: int
    is_checked: bool


@dataclass(frozen=True, slots=True)
class FiledExam:
    """An exam of the term; results that nobody has confirmed are `entered` alone."""

    exam_id: UUID
    is_over: bool
    entered: int
    counted: int


@dataclass(frozen=True, slots=True)
class Progress:
    """Things of which some may be left to do."""

    done: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True)
class TermFile:
    """Everything that is on record of a school's term and belongs into its file."""

    closes_from: date
    is_closed: bool
    has_rules: bool
    sessions: tuple[FiledSession, ...] = ()
    sheets: tuple[FiledSheet, ...] = ()
    exams: tuple[FiledExam, ...] = ()
    teachers: Progress = Progress()  # those with hours in the cycle, and those without
    certificates: Progress = Progress()
    corrections: Progress = Progress()


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that the file must hold by now, of the whole term or of a session, sheet, exam."""

    item: Item
    is_there: bool
    about: UUID | None = None
    left: int = 0  # how many of it are missing, where they are counted


@dataclass(frozen=True, slots=True)
class Completeness:
    there: int
    due: int

    @property
    def percent(self) -> int:
        """Rounded down: a hundred says that nothing is missing."""
        return self.there * 100 // self.due if self.due else 100


def due_in(file: TermFile, at: datetime) -> list[Due]:
    """What the file must hold by a moment, item by item."""
    found = [*_of_the_school(file, at), *_of_papers(file)]
    found += [due for session in file.sessions for due in _of_session(session, at)]
    order = list(Item)
    return sorted(found, key=lambda due: order.index(due.item))


def completeness(found: Iterable[Due]) -> Completeness:
    known = list(found)
    return Completeness(sum(due.is_there for due in known), len(known))


def _of_the_school(file: TermFile, at: datetime) -> Iterator[Due]:
    yield Due(Item.RULEBOOK, file.has_rules)
    yield Due(Item.TERM_PLAN, any(not each.standing.is_off for each in file.sessions))
    if file.is_closed or local_day(at, CITY_ZONE) >= file.closes_from:
        yield Due(Item.TERM_TOTALS, file.is_closed)
    if file.teachers != Progress():
        yield Due(Item.TEACHER_HOURS, file.teachers.done > 0)
    yield from _counted(Item.CERTIFICATES, file.certificates)
    yield from _counted(Item.CORRECTIONS, file.corrections)


def _counted(item: Item, progress: Progress) -> Iterator[Due]:
    """Due where there is any of it, there where none is left to do."""
    if progress != Progress():
        yield Due(item, is_there=progress.left == 0, left=progress.left)


def _of_papers(file: TermFile) -> Iterator[Due]:
    off = {session.session_id for session in file.sessions if session.standing.is_off}
    for sheet in (each for each in file.sheets if each.session_id not in off):
        yield Due(Item.SHEET_SCAN, sheet.scans > 0, sheet.sheet_id)
        yield Due(Item.SHEET_CHECK, sheet.is_checked, sheet.sheet_id)
    for exam in file.exams:
        if exam.is_over:
            left = exam.entered - exam.counted
            yield Due(Item.EXAM_RESULTS, exam.counted > 0 and left == 0, exam.exam_id, left)


def _of_session(session: FiledSession, at: datetime) -> Iterator[Due]:
    """Nothing of one that is off, or not over; of one that was never opened, what became of it."""
    if session.standing.is_off or at < session.ends_at:
        return
    key, was_held = session.session_id, session.standing is not Standing.SCHEDULED
    yield Due(Item.ANNOUNCEMENT, session.announced_at < session.begins_at, key)
    yield Due(Item.OUTCOME, was_held, key)
    if was_held:
        was_kept = session.recorded > 0 or session.head_count == 0
        yield Due(Item.REGISTER, was_kept and not session.pending, key, session.pending)
        yield Due(Item.HEAD_COUNT, session.head_count is not None, key)
        yield Due(Item.HOST_ATTESTATION, Role.HOST in session.attested_as, key)
        yield Due(Item.COORDINATOR_ATTESTATION, Role.COORDINATOR in session.attested_as, key)
