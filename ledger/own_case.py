"""Nobody decides about themselves: asked before any decision on a person."""

from __future__ import annotations

from uuid import UUID

from domain.staff import OwnCase, Staff
from ledger.ledger import Ledger
from ledger.records import records_of


def own_records(ledger: Ledger, staff_id: UUID) -> list[UUID]:
    """Every record of a member of staff as a parent, merged ones too; none for who is no parent."""
    staff = ledger.find(Staff, staff_id)
    return records_of(ledger, staff.learner_id) if staff and staff.learner_id else []


def refuse_own_case(ledger: Ledger, staff_id: UUID, *learner_ids: UUID) -> None:
    """Raises OwnCase."""
    if not set(learner_ids).isdisjoint(own_records(ledger, staff_id)):
        raise OwnCase
