"""Corrections of hours from elsewhere: put right or taken back, on a preview, by two."""

from __future__ import annotations

from uuid import UUID

from domain.correction import ExternalOrder, NothingToCorrect, Second
from domain.earned import external_claim
from domain.envelope import Envelope
from domain.external import ExternalHours
from domain.settling import Claimed, Claims
from ledger.correction_orders import Said, no_claims
from ledger.earning import addressed, rules_of_external
from ledger.external_hours import ExternalHoursCommands
from ledger.ledger import Ledger
from ledger.own_case import refuse_own_case
from ledger.records import survivors
from ledger.rulebooks import Rulebooks


class ExternalOrders:
    def __init__(
        self, ledger: Ledger, external_hours: ExternalHoursCommands, rulebooks: Rulebooks
    ) -> None:
        self._ledger = ledger
        self._external_hours = external_hours
        self._rulebooks = rulebooks

    def say(self, order: ExternalOrder, correction_id: UUID, by: Envelope) -> Said:
        """Put recognised hours right; the district signs, as it did when they were recognised.

        Raises UnknownExternalHours, OwnCase, NothingToCorrect.
        """
        external = self._external_hours.get(order.external_id)
        refuse_own_case(self._ledger, by.actor.id, external.learner_id)
        if not external.counts or external.hours == order.hours:
            raise NothingToCorrect
        external.correct(order.hours, order.reason_code, correction_id, by)
        claims = self._claims(external)
        return Said(external.school_code, external.term, Second.DISTRICT, [external], claims)

    def _claims(self, external: ExternalHours) -> dict[UUID, Claims]:
        if not external.counts:
            return no_claims(self._ledger, [external])
        [speaker] = survivors(self._ledger, [external.learner_id]).values()
        rulebook = rules_of_external(self._rulebooks, external)
        claim = addressed(external_claim(external, rulebook), external.learner_id, speaker)
        return {speaker: {external.id: Claimed(claim, rulebook.version)}}
