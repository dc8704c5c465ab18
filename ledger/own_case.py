"""Nobody decides about themselves: asked before any decision on a person."""

from __future__ import annotations

from uuid import UUID

from domain.staff import OwnCase, Staff
from ledger.ledger import Ledger


def refuse_own_case(ledger: Ledger, staff_id: UUID, learner_id: UUID) -> None:
    """Raises OwnCase."""
    staff = ledger.find(Staff, staff_id)
    if staff is not None and staff.learner_id == learner_id:
        raise OwnCase
