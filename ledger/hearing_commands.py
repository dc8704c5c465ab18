"""Commands of a chance to be heard: say that the person was told, take down what they say.

What is proposed is named by the id of the correction, of the teacher's correction, or of the
certificate.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from domain.aggregate import LedgerAggregate
from domain.certificate import Certificate
from domain.correction import Correction, State, UnknownCorrection
from domain.envelope import Envelope
from domain.hearing import Hearing, NoHearingNeeded, ToldBy
from domain.irregularity_finding import HeardBy
from domain.teacher_correction import TeacherCorrection
from ledger.case_desk import CaseDesk
from ledger.corrections import Corrections
from ledger.hearings import opened
from ledger.ledger import Ledger
from ledger.own_case import refuse_own_case
from ledger.teachers import Teachers

PURPOSE = "hearing"  # of a look into the vault


@dataclass(frozen=True)
class Accused:
    """Whom a waiting proposal for fraud is about; `proposal_id` is what the hearing's id is of."""

    proposal_id: UUID
    person_id: UUID


class HearingCommands:
    def __init__(
        self, ledger: Ledger, corrections: Corrections, teachers: Teachers, desk: CaseDesk
    ) -> None:
        self._ledger = ledger
        self._corrections = corrections
        self._teachers = teachers
        self._desk = desk

    def of(self, matter_id: UUID) -> Hearing | None:
        """As far as it has come; none where nobody was told or heard."""
        found = self._ledger.load([matter_id]).get(matter_id)
        if isinstance(found, Certificate):
            key = found.proposed.id if found.proposed else None
        else:
            key = matter_id
        return self._ledger.find(Hearing, Hearing.create_id(key)) if key else None

    def tell(self, matter_id: UUID, how: ToldBy, by: Envelope) -> int:
        """Say that the person was told today: the days to answer begin.

        Raises what `accused` refuses.
        """

        def decide() -> list[LedgerAggregate]:
            hearing = opened(self._ledger, self.accused(matter_id, by).proposal_id, by)
            hearing.tell(how, by)
            return [hearing]

        return self._ledger.commit(by.command_id, decide)

    def hear(self, matter_id: UUID, heard_by: HeardBy, words: str, by: Envelope) -> int:
        """Take down what the person says; their words lie under their own key.

        Raises ReasonsMissing, HeardByOwnDevice, and what `accused` refuses.
        """
        found = self.accused(matter_id, by)

        def decide(words_id: UUID | None) -> list[LedgerAggregate]:
            hearing = opened(self._ledger, self.accused(matter_id, by).proposal_id, by)
            hearing.hear(heard_by, words_id, by)
            return [hearing]

        hearing_id = Hearing.create_id(found.proposal_id)
        return self._desk.speak(found.person_id, hearing_id, words, decide, by)

    def words(self, matter_id: UUID) -> list[str]:
        """What the person said; without what was erased."""
        found = self.of(matter_id)
        said = (self._desk.words(each) for each in (found.words_ids if found else ()))
        return [each for each in said if each]

    def show(self, matter_id: UUID, by: Envelope) -> list[str]:
        """The same for somebody to read: the look is logged. Raises what `accused` refuses."""
        person_id, said = self.accused(matter_id, by).person_id, self.words(matter_id)
        if said:
            self._desk.note_look(person_id, PURPOSE, by)
        return said

    def accused(self, matter_id: UUID, by: Envelope) -> Accused:
        """Whom a waiting proposal for fraud is about, for anybody but them.

        Raises UnknownCorrection, NoHearingNeeded, OwnCase, and what the order's handler refuses.
        """
        match self._ledger.load([matter_id]).get(matter_id):
            case Correction(state=State.WAITING) as found if found.order.needs_hearing:
                return Accused(found.id, self._corrections.person_of(found, by))
            case TeacherCorrection(confirmed=None) as found if found.change.needs_hearing:
                self._teachers.get(found.teacher_id).require_colleague(by)
                return Accused(found.id, found.teacher_id)
            case Certificate(state="valid", proposed=proposed) as found:
                refuse_own_case(self._ledger, by.actor.id, found.award.learner_id)
                if proposed is not None and proposed.needs_hearing:
                    return Accused(proposed.id, found.award.learner_id)
            case Correction() | TeacherCorrection() | Certificate():
                pass
            case _:
                raise UnknownCorrection(id=matter_id)
        raise NoHearingNeeded
