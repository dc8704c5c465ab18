"""Attesting: host and coordinator, two persons, each after the heads were counted."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from domain.envelope import Role
from domain.head_count import HeadCount
from domain.session_refusals import AttestsAlone, SessionState


def must_be_attestable(
    head_count: HeadCount | None, recorded: int, attested_by: Mapping[Role, UUID]
) -> None:
    """Raises SessionState before the count, CountAgain where what is recorded has changed."""
    if head_count is None:
        raise SessionState(stands="not_counted")
    # Nobody counts again between the two attestations: what the first relied on stays.
    if not attested_by:
        head_count.must_hold(recorded)


def must_be_another(attested_as: Role, person: UUID, attested_by: Mapping[Role, UUID]) -> None:
    """Raises SessionState for another role or one that attested, AttestsAlone for one person."""
    if attested_as not in {Role.HOST, Role.COORDINATOR}:
        raise SessionState(stands=attested_as.value)
    if attested_as in attested_by:
        raise SessionState(stands=f"attested_as_{attested_as.value}")
    if person in attested_by.values():
        raise AttestsAlone
