"""Commands of personal codes: replace a lost one; which edition of each counts now."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from domain.aggregate import LedgerAggregate
from domain.envelope import Envelope
from domain.learner import Learner, UnknownLearner
from domain.personal_code import FIRST_EDITION, PersonalCode
from ledger.ledger import Ledger
from ledger.records import records_of


class PersonalCodeEditions:
    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def replace(self, learner_id: UUID, by: Envelope) -> int:
        """Make a person's slips void; the next one printed counts. Raises UnknownLearner.

        A slip names the record it was printed for: those of merged records are void too.
        """

        def decide() -> list[LedgerAggregate]:
            self._ledger.get(Learner, learner_id, UnknownLearner)
            return [self._replaced(each, by) for each in records_of(self._ledger, learner_id)]

        return self._ledger.commit(by.command_id, decide)

    def _replaced(self, learner_id: UUID, by: Envelope) -> PersonalCode:
        found = self._ledger.find(PersonalCode, PersonalCode.create_id(learner_id))
        code = found or PersonalCode(learner_id=learner_id, envelope=by)
        code.replace(by)
        return code

    def of(self, learner_ids: Iterable[UUID]) -> dict[UUID, int]:
        """The edition that counts, of each of many learners in one query."""
        keys = {learner_id: PersonalCode.create_id(learner_id) for learner_id in learner_ids}
        found = self._ledger.load(keys.values())
        return {
            learner_id: code.edition if isinstance(code, PersonalCode) else FIRST_EDITION
            for learner_id, code in ((each, found.get(key)) for each, key in keys.items())
        }
