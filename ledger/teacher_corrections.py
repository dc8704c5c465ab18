"""Commands for closed cycles, and for fraud in any: one proposes, another decides."""

from __future__ import annotations

from uuid import UUID

from domain.aggregate import LedgerAggregate
from domain.envelope import Envelope
from domain.rules import ReversalReason
from domain.teacher import Teacher
from domain.teacher_correction import Change, TeacherCorrection, UnknownTeacherCorrection
from ledger.hearings import must_be_heard
from ledger.ledger import Ledger
from ledger.teachers import Teachers, TypedHours
from ledger.vault import Vault


class TeacherCorrections:
    def __init__(self, ledger: Ledger, vault: Vault, teachers: Teachers) -> None:
        self._ledger = ledger
        self._vault = vault
        self._teachers = teachers

    def propose_hours(self, teacher_id: UUID, typed: TypedHours, by: Envelope) -> UUID:
        """Propose hours that a closed cycle lacks.

        Raises UnknownTeacher, NoTeacherCycle, CycleNotClosed and what an award refuses.
        """
        rules = self._teachers.programmes.holding(typed.begins)
        change = Change(cycle=rules.cycle.code, training=typed.training)
        self._vault.admit([typed.words])
        return self._propose(teacher_id, change, by)

    def propose_reversal(
        self, teacher_id: UUID, award_id: UUID, reason: ReversalReason, by: Envelope
    ) -> UUID:
        """Propose that an award of a closed cycle is taken back.

        For fraud, of an open one too. Raises UnknownTeacher, CycleNotClosed and what a reversal
        refuses.
        """
        cycle, _ = self._teachers.get(teacher_id).trainings.get(award_id)
        return self._propose(
            teacher_id, Change(cycle=cycle, award_id=award_id, reason_code=reason), by
        )

    def confirm(self, correction_id: UUID, by: Envelope) -> int:
        """Agree, as a second person: the hours change and the cycle adds up anew.

        Fraud waits for the hearing of its teacher. Raises UnknownTeacherCorrection,
        CorrectionNeedsSecondPerson, CorrectionDecided, TellingAwaited, AnswerAwaited, and what the
        change refuses by now.
        """

        def decide() -> list[LedgerAggregate]:
            correction = self.get(correction_id)
            if not correction.confirm(by):
                return []
            if correction.change.needs_hearing:
                must_be_heard(self._ledger, correction.id, by)
            teacher = self._teachers.get(correction.teacher_id)
            self._carry_out(teacher, correction.change, correction_id, by)
            return [correction, teacher]

        return self._ledger.commit(by.command_id, decide)

    def decline(self, correction_id: UUID, by: Envelope) -> int:
        """Disagree, as a second person: nothing changes.

        Raises UnknownTeacherCorrection, CorrectionNeedsSecondPerson, CorrectionDecided, OwnCase.
        """

        def decide() -> list[LedgerAggregate]:
            correction = self.get(correction_id)
            self._teachers.get(correction.teacher_id).require_colleague(by)
            correction.decline(by)
            return [correction]

        return self._ledger.commit(by.command_id, decide)

    def get(self, correction_id: UUID) -> TeacherCorrection:
        """Raises UnknownTeacherCorrection."""
        return self._ledger.get(TeacherCorrection, correction_id, UnknownTeacherCorrection)

    def _propose(self, teacher_id: UUID, change: Change, by: Envelope) -> UUID:
        correction_id = TeacherCorrection.create_id(by.command_id)

        def decide() -> list[LedgerAggregate]:
            if self._ledger.find(TeacherCorrection, correction_id):
                return []
            # Tried on a teacher that is not saved: what is refused is refused to who proposes.
            teacher = self._teachers.get(teacher_id)
            self._carry_out(teacher, change, correction_id, by)
            proposed = TeacherCorrection(
                id=correction_id,
                teacher_id=teacher_id,
                school_code=teacher.services.school_code,
                change=change,
                envelope=by,
            )
            return [proposed]

        self._ledger.commit(by.command_id, decide)
        return correction_id

    def _carry_out(
        self, teacher: Teacher, change: Change, correction_id: UUID, by: Envelope
    ) -> None:
        rules = self._teachers.programmes.called(change.cycle)
        if change.training is not None:
            teacher.award_late(change.training, rules, correction_id, by)
        if change.award_id is not None and change.reason_code is not None:
            teacher.reverse_late(change.award_id, change.reason_code, rules, correction_id, by)
