"""A file of training hours, as the province's platform gives it out, becomes awards."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.aggregate import LedgerAggregate
from domain.envelope import Envelope
from domain.identity import derived
from domain.refusals import Refused
from domain.teacher import Teacher, UnknownTeacher
from domain.teacher_programmes import TeacherProgrammes
from domain.training import Source, Training, programme_id_of
from ledger.ledger import Ledger
from ledger.plans import RowOutcome, RowResult
from ledger.teacher_names import KnownTeacher, NamedTeacher, TeacherAmbiguous, TeacherNames
from ledger.teachers import (
    ONE_LIST,
    NewTeacher,
    Teachers,
    programme_words,
    registered,
    teacher_words,
)
from ledger.vault import Entry, Vault

ROWS_AT_ONCE = 200
Progress = Callable[[int], None]


class CycleDisagrees(Refused):
    """The row names another cycle than the one its days lie in."""

    code = "teacher_cycle_disagrees"


@dataclass(frozen=True)
class HoursRow:
    """One row: who, which programme, when, how many hours; `cycle` where the file names one.

    `details` are words for the vault. `in_service_from` registers a teacher nobody knows yet.
    """

    row: int
    named: NamedTeacher
    title: str
    organiser: str
    begins: date
    ends: date
    hours: int
    cycle: str = ""
    in_service_from: date | None = None
    details: Mapping[str, str] | None = None

    def training(self, file_sha256: str) -> Training:
        return Training(
            programme_id=programme_id_of(self.title, self.organiser),
            begins=self.begins,
            ends=self.ends,
            hours=self.hours,
            source=Source.PLATFORM_FILE,
            file_sha256=file_sha256,
            row=self.row,
        )


@dataclass(frozen=True)
class Meant:
    """A row and the teacher it means."""

    entry: HoursRow
    known: KnownTeacher


class TeacherRows:
    def __init__(self, ledger: Ledger, vault: Vault, teachers: Teachers) -> None:
        self._ledger = ledger
        self._vault = vault
        self._teachers = teachers

    def take(
        self,
        rows: Sequence[HoursRow],
        file_sha256: str,
        by: Envelope,
        *,
        dry_run: bool,
        progress: Progress | None = None,
    ) -> list[RowResult]:
        """Compare a file with what is recorded and, unless it is a dry run, record it.

        The same file twice records nothing. `progress` hears how many rows are done.
        """
        results: list[RowResult] = []
        # A dry run leaves nobody behind whom a later part could find: it is one part.
        at_once = len(rows) if dry_run else ROWS_AT_ONCE
        with self._vault.alone(ONE_LIST):
            names = TeacherNames(self._ledger, self._vault, [row.named for row in rows])
            numbered = sorted(rows, key=lambda row: row.named.staff_no is None)
            meant = [Meant(row, names.known_as(row.named, row.in_service_from)) for row in numbered]
            for start in range(0, len(meant), at_once or 1):
                part = meant[start : start + at_once]
                command = by.model_copy(update={"command_id": derived(by.command_id, start)})
                results += self._take(part, file_sha256, command, dry_run=dry_run)
                if progress is not None:
                    progress(len(results))
        return sorted(results, key=lambda result: result.row)

    def _take(
        self, part: Sequence[Meant], file_sha256: str, by: Envelope, *, dry_run: bool
    ) -> list[RowResult]:
        results, news = self._compare(part, file_sha256, by)
        if not dry_run:
            taken = {result.row for result in results if result.code is None}
            good = [each for each in part if each.entry.row in taken]
            self._vault.admit([*words(good), *details(good, news)])

            def decide() -> list[LedgerAggregate]:
                results[:], changed = self._compare(part, file_sha256, by)
                return changed

            self._ledger.commit(by.command_id, decide)
        return results

    def _compare(
        self, part: Sequence[Meant], file_sha256: str, by: Envelope
    ) -> tuple[list[RowResult], list[LedgerAggregate]]:
        found = self._ledger.load({each.known.teacher_id for each in part})
        teachers = {key: each for key, each in found.items() if isinstance(each, Teacher)}
        programmes = self._teachers.programmes
        results: list[RowResult] = []
        for each in part:
            row, teacher_id = each.entry.row, each.known.teacher_id
            try:
                training = each.entry.training(file_sha256)
                teacher = awarded(each, teachers.get(teacher_id), training, programmes, by)
            except Refused as refusal:
                results.append(RowResult(row, RowOutcome.DOUBTFUL, teacher_id, refusal.code))
                continue
            teachers[teacher_id] = teacher
            outcome = RowOutcome.NEW if row in awards_in(teacher) else RowOutcome.SAME
            results.append(RowResult(row, outcome, teacher_id))
        return results, list(teachers.values())


def awarded(
    each: Meant,
    teacher: Teacher | None,
    training: Training,
    programmes: TeacherProgrammes,
    by: Envelope,
) -> Teacher:
    """The teacher with a row's hours. Raises what makes the row doubtful."""
    entry, known = each.entry, each.known
    if known.doubt is not None:
        raise known.doubt
    if teacher is None:
        if entry.in_service_from is None:
            raise UnknownTeacher
        new = NewTeacher(entry.named, entry.in_service_from)
        teacher = registered(new, known.teacher_id, by)
    elif entry.named.staff_no is None and not teacher.services.fit(
        entry.named.school_code, entry.begins, entry.in_service_from
    ):
        raise TeacherAmbiguous
    rules = programmes.holding(training.begins)
    if entry.cycle not in {"", rules.cycle.code}:
        raise CycleDisagrees(cycle=rules.cycle.code)
    teacher.award(training, rules, by)
    return teacher


def awards_in(teacher: LedgerAggregate) -> dict[int | None, UUID]:
    """Row -> the award that it made, not recorded yet."""
    pending = (e for e in teacher.pending_events if isinstance(e, Teacher.HoursAwarded))
    return {event.training.row: event.award_id for event in pending}


def words(taken: Sequence[Meant]) -> list[Entry]:
    """What the vault must hold before the events are recorded."""
    return [
        entry
        for each in taken
        for entry in (
            teacher_words(each.entry.named, each.known),
            programme_words(each.entry.title, each.entry.organiser),
        )
    ]


def details(taken: Sequence[Meant], news: Sequence[LedgerAggregate]) -> list[Entry]:
    """What else stands in a row, sealed under the award that it makes."""
    awards: dict[int | None, UUID] = {}
    for teacher in news:
        awards |= awards_in(teacher)
    return [
        Entry(awards[each.entry.row], "training_record", each.entry.details)
        for each in taken
        if each.entry.details and each.entry.row in awards
    ]
