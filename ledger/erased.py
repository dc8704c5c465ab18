"""Nobody is tied to a person whose data were erased."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from domain.erasure import Erasure, PersonErased
from ledger.ledger import Ledger


def erased_among(ledger: Ledger, learner_ids: Iterable[UUID]) -> set[UUID]:
    """Which of these records are persons' who were erased."""
    found = ledger.load(Erasure.create_id(each) for each in learner_ids).values()
    return {
        each.learner_id for each in found if isinstance(each, Erasure) and each.scope is not None
    }


def refuse_erased(ledger: Ledger, *learner_ids: UUID) -> None:
    """Raises PersonErased where one of these records is a person's who was erased."""
    if erased_among(ledger, learner_ids):
        raise PersonErased
