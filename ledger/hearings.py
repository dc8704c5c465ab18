"""The hearing that a proposal for fraud waits for: where it stands, and was held before."""

from __future__ import annotations

from uuid import UUID

from domain.aggregate import LedgerAggregate
from domain.calendar import CITY_ZONE, local_day
from domain.correction import AttendanceOrder, Correction
from domain.envelope import Envelope
from domain.hearing import Hearing
from domain.irregularity import Irregularity
from domain.irregularity_finding import Stands
from ledger.ledger import Ledger
from ledger.records import records_of


def opened(ledger: Ledger, proposal_id: UUID, by: Envelope) -> Hearing:
    found = ledger.find(Hearing, Hearing.create_id(proposal_id))
    return found or Hearing(correction_id=proposal_id, envelope=by)


def must_be_heard(ledger: Ledger, proposal_id: UUID, by: Envelope) -> None:
    """Fraud waits until its person had a chance to be heard. Raises TellingAwaited, AnswerAwaited.

    A hearing that is over stays so: nothing can come between this reading and what is recorded.
    """
    opened(ledger, proposal_id, by).must_be_over(local_day(by.at, CITY_ZONE))


def held_before(
    ledger: Ledger, correction: Correction, found: Irregularity, by: Envelope
) -> list[LedgerAggregate]:
    """The hearing that a correction for fraud owes to a confirmed irregularity, if it does."""
    order = correction.order
    if not (isinstance(order, AttendanceOrder) and order.needs_hearing):
        return []
    records = records_of(ledger, order.learner_id)
    names_them = order.session_id in found.session_ids and set(records) & set(found.learner_ids)
    if found.stands is not Stands.CONFIRMED or not names_them:
        return []
    hearing = opened(ledger, correction.id, by)
    hearing.was_held_for(found.id, by)
    return [hearing]
