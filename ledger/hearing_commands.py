"""Commands of a chance to be heard: say that the person was told, take down what they say."""

from __future__ import annotations

from uuid import UUID

from domain.aggregate import LedgerAggregate
from domain.correction import State
from domain.envelope import Envelope
from domain.hearing import Hearing, NoHearingNeeded, ToldBy
from domain.irregularity_finding import HeardBy
from ledger.case_desk import CaseDesk
from ledger.corrections import Corrections
from ledger.hearings import opened
from ledger.ledger import Ledger


class HearingCommands:
    def __init__(self, ledger: Ledger, corrections: Corrections, desk: CaseDesk) -> None:
        self._ledger = ledger
        self._corrections = corrections
        self._desk = desk

    def of(self, correction_id: UUID) -> Hearing | None:
        """As far as it has come; none where nobody was told or heard."""
        return self._ledger.find(Hearing, Hearing.create_id(correction_id))

    def tell(self, correction_id: UUID, how: ToldBy, by: Envelope) -> int:
        """Say that the person was told today: the days to answer begin.

        Raises UnknownCorrection, NoHearingNeeded, and what the order's handler refuses.
        """

        def decide() -> list[LedgerAggregate]:
            self.person_of(correction_id, by)
            hearing = opened(self._ledger, correction_id, by)
            hearing.tell(how, by)
            return [hearing]

        return self._ledger.commit(by.command_id, decide)

    def hear(self, correction_id: UUID, heard_by: HeardBy, words: str, by: Envelope) -> int:
        """Take down what the person says; their words lie under their own key.

        Raises UnknownCorrection, NoHearingNeeded, ReasonsMissing, and what the order's handler
        refuses.
        """
        person_id = self.person_of(correction_id, by)

        def decide(words_id: UUID | None) -> list[LedgerAggregate]:
            self.person_of(correction_id, by)
            hearing = opened(self._ledger, correction_id, by)
            hearing.hear(heard_by, words_id, by)
            return [hearing]

        return self._desk.speak(person_id, Hearing.create_id(correction_id), words, decide, by)

    def words(self, correction_id: UUID) -> list[str]:
        """What the person said; without what was erased."""
        found = self.of(correction_id)
        said = (self._desk.words(each) for each in (found.words_ids if found else ()))
        return [each for each in said if each]

    def person_of(self, correction_id: UUID, by: Envelope) -> UUID:
        """Whom a waiting correction for fraud is about."""
        correction = self._corrections.get(correction_id)
        if not correction.order.needs_hearing or correction.state is not State.WAITING:
            raise NoHearingNeeded
        return self._corrections.person_of(correction, by)
