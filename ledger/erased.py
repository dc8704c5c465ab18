"""Nobody is tied to a person whose data were erased."""

from __future__ import annotations

from uuid import UUID

from domain.erasure import Erasure, PersonErased
from ledger.ledger import Ledger


def refuse_erased(ledger: Ledger, *learner_ids: UUID) -> None:
    """Raises PersonErased where one of these records is a person's who was erased."""
    found = ledger.load(Erasure.create_id(each) for each in learner_ids).values()
    for erasure in found:
        if isinstance(erasure, Erasure) and erasure.scope is not None:
            raise PersonErased
