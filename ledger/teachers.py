"""Commands of the teachers' ledger: who teaches where, their training hours, their cycles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.aggregate import LedgerAggregate
from domain.envelope import Envelope
from domain.identity import derived
from domain.rules import ReversalReason
from domain.school import School, UnknownSchool
from domain.staff import Staff
from domain.teacher import Teacher, UnknownTeacher
from domain.teacher_cycle import CycleRules
from domain.teacher_of_staff import TeacherOfStaff
from domain.teacher_programmes import TeacherProgrammes
from domain.training import Source, Training, programme_id_of
from ledger.ledger import Ledger
from ledger.registry import RegisteredOtherwise, UnknownStaff
from ledger.rulebooks import Rulebooks
from ledger.streams import Streams
from ledger.teacher_names import KnownTeacher, NamedTeacher, TeacherNames
from ledger.vault import Entry, Vault

TEACHERS_AT_ONCE = 200
ONE_LIST = "teachers"  # two who register at once would both find a person unknown


@dataclass(frozen=True)
class NewTeacher:
    """A teacher as the school registers one."""

    named: NamedTeacher
    in_service_from: date


@dataclass(frozen=True)
class TypedHours:
    """A training as a colleague types it."""

    title: str
    organiser: str
    begins: date
    ends: date
    hours: int

    @property
    def training(self) -> Training:
        return Training(
            programme_id=programme_id_of(self.title, self.organiser),
            begins=self.begins,
            ends=self.ends,
            hours=self.hours,
            source=Source.STAFF_ENTRY,
        )

    @property
    def words(self) -> Entry:
        return programme_words(self.title, self.organiser)


class Teachers:
    def __init__(self, ledger: Ledger, vault: Vault, rulebooks: Rulebooks) -> None:
        self._ledger = ledger
        self._vault = vault
        self._rulebooks = rulebooks

    @property
    def programmes(self) -> TeacherProgrammes:
        """The programmes of the editions that bind now."""
        return TeacherProgrammes(self._rulebooks.binding())

    def get(self, teacher_id: UUID) -> Teacher:
        """Raises UnknownTeacher."""
        return self._ledger.get(Teacher, teacher_id, UnknownTeacher)

    def register(self, new: NewTeacher, by: Envelope) -> UUID:
        """Register a teacher of a school; the same again is no news and has the same id.

        Raises UnknownSchool, StaffNumberTaken, TeacherAmbiguous, RegisteredOtherwise.
        """
        self._require_school(new.named.school_code)
        with self._vault.alone(ONE_LIST):
            names = TeacherNames(self._ledger, self._vault, [new.named])
            known = names.known_as(new.named, new.in_service_from)
            if known.doubt is not None:
                raise known.doubt
            there = self._ledger.find(Teacher, known.teacher_id)
            if there is not None and new.in_service_from != there.services[0].begins:
                raise RegisteredOtherwise(in_service_from=there.services[0].begins)
            self._vault.admit([teacher_words(new.named, known)])

            def decide() -> list[LedgerAggregate]:
                found = self._ledger.find(Teacher, known.teacher_id)
                return [] if found else [registered(new, known.teacher_id, by)]

            self._ledger.commit(by.command_id, decide)
        return known.teacher_id

    def move(self, teacher_id: UUID, school_code: str, on: date, by: Envelope) -> int:
        """From a day on at another school, or back at one. The hours follow the person.

        Raises UnknownTeacher, UnknownSchool, ServiceDatesCross, CycleIsClosed.
        """
        self._require_school(school_code)
        with self._vault.alone(ONE_LIST):
            # Tried on a teacher that is not saved: what is refused changes no word either.
            tried = self.get(teacher_id)
            tried.move(school_code, on, by)
            if tried.pending_events:
                self._seat(teacher_id, school_code)
            return self._change(teacher_id, lambda teacher: teacher.move(school_code, on, by), by)

    def _seat(self, teacher_id: UUID, school_code: str) -> None:
        held = self._vault.open([teacher_id]).get(teacher_id)
        if held is not None:
            named = NamedTeacher(school_code, held.name)
            keys = TeacherNames(self._ledger, self._vault, [named]).seat(named, teacher_id)
            # A staff number is the school's own: the next school brings another.
            self._vault.admit([Entry(teacher_id, "teacher", {"staff_no": ""}, keys)])

    def leave(self, teacher_id: UUID, on: date, by: Envelope) -> int:
        """`on` is the last day in service.

        Raises UnknownTeacher, ServiceDatesCross, CycleIsClosed.
        """
        with self._vault.alone(ONE_LIST):  # never between the words of a move and its fact
            return self._change(teacher_id, lambda teacher: teacher.leave(on, by), by)

    def correct_service(
        self, teacher_id: UUID, since: date, begins: date, ends: date | None, by: Envelope
    ) -> int:
        """Put right the first and the last day of the service that was recorded since a day.

        Raises UnknownTeacher and what `Teacher.correct_service` refuses.
        """
        with self._vault.alone(ONE_LIST):
            return self._change(
                teacher_id, lambda teacher: teacher.correct_service(since, begins, ends, by), by
            )

    def link(self, teacher_id: UUID, staff_id: UUID, by: Envelope) -> int:
        """Say which member of staff a teacher is; the same again is no news.

        Raises UnknownTeacher, UnknownStaff, LinkedOtherwise.
        """

        def decide() -> list[LedgerAggregate]:
            teacher = self.get(teacher_id)
            self._ledger.get(Staff, staff_id, UnknownStaff)
            named = self._ledger.find(TeacherOfStaff, TeacherOfStaff.create_id(staff_id))
            named = named or TeacherOfStaff(staff_id=staff_id, teacher_id=teacher_id, envelope=by)
            named.name_again(teacher_id, by)
            teacher.link_to_staff(staff_id, by)
            return [teacher, named]

        return self._ledger.commit(by.command_id, decide)

    def unlink(self, teacher_id: UUID, by: Envelope) -> int:
        """Take a wrong link back; none is no news. Raises UnknownTeacher, OwnCase."""

        def decide() -> list[LedgerAggregate]:
            teacher = self.get(teacher_id)
            if teacher.staff_id is None:
                return []
            key = TeacherOfStaff.create_id(teacher.staff_id)
            teacher.unlink_from_staff(by)
            named = self._ledger.find(TeacherOfStaff, key)
            if named is None:
                return [teacher]
            named.withdraw(teacher_id, by)
            return [teacher, named]

        return self._ledger.commit(by.command_id, decide)

    def award(self, teacher_id: UUID, typed: TypedHours, by: Envelope) -> UUID:
        """Enter the hours of a training; the same again is no news and has the same id.

        Raises UnknownTeacher, NoTeacherCycle and what `Teacher.award` refuses.
        """
        awarded: list[UUID] = []

        def decide() -> list[LedgerAggregate]:
            teacher = self.get(teacher_id)
            rules = self.programmes.holding(typed.begins)
            awarded[:] = [teacher.award(typed.training, rules, by)]
            self._vault.admit([typed.words])
            return [teacher]

        self._ledger.commit(by.command_id, decide)
        return awarded[0]

    def reverse(
        self, teacher_id: UUID, award_id: UUID, reason: ReversalReason, by: Envelope
    ) -> int:
        """Take an award back. Raises UnknownTeacher and what `Teacher.reverse` refuses."""
        return self._change(teacher_id, lambda teacher: teacher.reverse(award_id, reason, by), by)

    def close(self, cycle: str, teacher_ids: Sequence[UUID], by: Envelope) -> int:
        """Close the cycle of teachers, each once; returns how many were closed now.

        Raises NoTeacherCycle, CycleNotOver.
        """
        rules = self.programmes.called(cycle)
        with self._vault.alone(ONE_LIST):  # a closed cycle refuses a move whose words are written
            return sum(
                self._close(
                    rules,
                    teacher_ids[start : start + TEACHERS_AT_ONCE],
                    by.model_copy(update={"command_id": derived(by.command_id, cycle, start)}),
                )
                for start in range(0, len(teacher_ids), TEACHERS_AT_ONCE)
            )

    def _close(self, rules: CycleRules, teacher_ids: Sequence[UUID], by: Envelope) -> int:
        closed: list[UUID] = []

        def decide() -> list[LedgerAggregate]:
            teachers = Streams(self._ledger.load(teacher_ids)).all(Teacher)
            for teacher in teachers:
                teacher.close(rules, by)
            closed[:] = [teacher.id for teacher in teachers if teacher.pending_events]
            return list(teachers)

        self._ledger.commit(by.command_id, decide)
        return len(closed)

    def _change(self, teacher_id: UUID, change: Callable[[Teacher], None], by: Envelope) -> int:
        def decide() -> list[LedgerAggregate]:
            teacher = self.get(teacher_id)
            change(teacher)
            return [teacher]

        return self._ledger.commit(by.command_id, decide)

    def _require_school(self, school_code: str) -> None:
        self._ledger.get(School, School.create_id(school_code), UnknownSchool)


def registered(new: NewTeacher, teacher_id: UUID, by: Envelope) -> Teacher:
    return Teacher(
        id=teacher_id,
        school_code=new.named.school_code,
        in_service_from=new.in_service_from,
        envelope=by,
    )


def teacher_words(named: NamedTeacher, known: KnownTeacher) -> Entry:
    """What the vault holds of a teacher."""
    number = {"staff_no": named.staff_no} if named.staff_no else {}
    return Entry(known.teacher_id, "teacher", {"name": named.name, **number}, known.keys)


def programme_words(title: str, organiser: str) -> Entry:
    """What the vault holds of a programme: words that people typed."""
    fields = {"title": title, "organiser": organiser}
    return Entry(programme_id_of(title, organiser), "training_programme", fields)
