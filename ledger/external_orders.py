"""Corrections of hours from elsewhere: a recognition is taken back, on a preview, by two."""

from __future__ import annotations

from uuid import UUID

from domain.correction import ExternalOrder, NothingToCorrect, Second
from domain.envelope import Envelope
from ledger.correction_orders import Said, no_claims
from ledger.external_hours import ExternalHoursCommands
from ledger.ledger import Ledger
from ledger.own_case import refuse_own_case


class ExternalOrders:
    def __init__(self, ledger: Ledger, external_hours: ExternalHoursCommands) -> None:
        self._ledger = ledger
        self._external_hours = external_hours

    def say(self, order: ExternalOrder, correction_id: UUID, by: Envelope) -> Said:
        """Take recognised hours back; the district signs, as it did when they were recognised.

        Raises UnknownExternalHours, OwnCase, NothingToCorrect.
        """
        external = self._external_hours.get(order.external_id)
        refuse_own_case(self._ledger, by.actor.id, external.learner_id)
        if not external.counts:
            raise NothingToCorrect
        external.withdraw(order.reason_code, correction_id, by)
        claims = no_claims(self._ledger, [external])
        return Said(external.school_code, external.term, Second.DISTRICT, [external], claims)
