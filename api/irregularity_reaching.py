"""Irregularities that somebody reaches by id: parents what concerns them, staff their schools'."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from api.access.actions import Action
from api.asking import Asking
from api.reaching import unknown
from domain.envelope import Envelope
from domain.irregularity_refusals import UnknownIrregularity
from ledger.records import records_of
from projections.irregularity_board import IrregularityFile, IrregularityStep


@dataclass(frozen=True)
class Own:
    """What concerns a parent: the irregularity, and the records of theirs that it names."""

    found: IrregularityFile
    record_ids: tuple[UUID, ...]
    steps: tuple[IrregularityStep, ...]


def irregularity_for(
    asking: Asking, irregularity_id: UUID, action: Action
) -> tuple[IrregularityFile, Envelope]:
    """Raises UnknownIrregularity, Forbidden, LoginRequired."""
    found = asking.runtime.models.irregularities.one(irregularity_id)
    if found is None:
        raise unknown(asking, action, UnknownIrregularity(id=irregularity_id))
    return found, asking.may(action, found.school_code)


def own_irregularities(asking: Asking) -> list[Own]:
    """What concerns the parent who asks; the newest first. Raises Forbidden, LoginRequired."""
    learner_id, _ = asking.own(Action.OWN_CASES)
    records = records_of(asking.runtime.book.ledger, learner_id)
    found = asking.runtime.models.irregularities.of_learners(records)
    return [own(asking, each, records) for each in found]


def own_irregularity(asking: Asking, irregularity_id: UUID) -> tuple[Own, Envelope]:
    """Raises UnknownIrregularity, Forbidden, LoginRequired."""
    learner_id, by = asking.own(Action.OWN_CASES)
    records = records_of(asking.runtime.book.ledger, learner_id)
    found = asking.runtime.models.irregularities.one(irregularity_id)
    if found is None or set(records).isdisjoint(found.learner_ids):
        raise UnknownIrregularity(id=irregularity_id)
    return own(asking, found, records), by


def own(asking: Asking, found: IrregularityFile, records: Sequence[UUID]) -> Own:
    """Nothing that others said, and no finding before it is decided."""
    mine = tuple(each for each in found.learner_ids if each in records)
    steps = asking.runtime.models.irregularities.steps_of(found.irregularity_id)
    return Own(found, mine, tuple(each for each in steps if each.person_id in mine))
