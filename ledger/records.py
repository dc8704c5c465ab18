"""The records of one person: merges are followed to their end, and back to every record."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from domain.learner import Learner
from ledger.ledger import Ledger


def survivors(ledger: Ledger, learner_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Of each record the one that speaks for the person now."""
    now = {learner_id: learner_id for learner_id in learner_ids}
    asked: set[UUID] = set()
    while pending := set(now.values()) - asked:
        asked |= pending
        found = ledger.load(pending)
        merged = {key: each.merged_into for key, each in found.items()
                  if isinstance(each, Learner) and each.merged_into}  # fmt: skip
        now = {first: merged.get(last, last) for first, last in now.items()}
    return now


def spoken_for(ledger: Ledger, learner_id: UUID) -> list[UUID]:
    """A record, and those that were merged into it: what its holder may read as their own."""
    learner = ledger.find(Learner, learner_id)
    return [learner_id, *sorted(learner.merged_ids if learner else ())]


def all_spoken_for(ledger: Ledger, learner_ids: Iterable[UUID]) -> dict[UUID, frozenset[UUID]]:
    """Of each record itself and those that were merged into it, in one reading."""
    found = ledger.load(learner_ids)
    return {
        key: frozenset({key, *each.merged_ids})
        for key, each in found.items()
        if isinstance(each, Learner)
    }


def that_agreed(ledger: Ledger, learner_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Those of these records under which somebody agreed to a notice: on a phone, nowhere else.

    It outlives the phone and its login.
    """
    found = ledger.load(learner_ids)
    return frozenset(
        key for key, each in found.items() if isinstance(each, Learner) and each.consents
    )


def records_of(ledger: Ledger, learner_id: UUID) -> list[UUID]:
    """Every record of the person, the one that was asked for first and then the one that speaks."""
    now = survivors(ledger, [learner_id])[learner_id]
    speaker = ledger.find(Learner, now)
    merged = sorted(speaker.merged_ids) if speaker else ()
    return list(dict.fromkeys((learner_id, now, *merged)))
