"""The words of a review: what was found, what it rests on, who was heard and how."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from domain.envelope import Actor
from domain.refusals import Refused


class Finding(StrEnum):
    CLEARED = "cleared"
    CONFIRMED = "confirmed"


class FindingReason(StrEnum):
    """What a finding rests on."""

    ONE_HOUSEHOLD = "one_household"
    HELPED_BY_STAFF = "helped_by_staff"
    NETWORK_OR_CLOCK = "network_or_clock"
    PAPER_KEPT = "paper_kept"
    WAS_THERE = "was_there"
    OTHER_CAUSE = "other_cause"
    NOT_THERE = "not_there"
    CODE_PASSED_ON = "code_passed_on"
    ENTERED_UNSEEN = "entered_unseen"
    HELD_SHORTER = "held_shorter"


CONFIRMING = frozenset(
    {
        FindingReason.NOT_THERE,
        FindingReason.CODE_PASSED_ON,
        FindingReason.ENTERED_UNSEEN,
        FindingReason.HELD_SHORTER,
    }
)


class Says(StrEnum):
    """What somebody concerned answers, in the few words they pick from."""

    WAS_THERE = "was_there"
    SHARED_PHONE = "shared_phone"
    WAS_HELPED = "was_helped"
    WAS_NOT_THERE = "was_not_there"
    OTHER = "other"


class HeardBy(StrEnum):
    """How it was heard: paper and the spoken word count as much as the phone."""

    SCREEN = "screen"
    IN_PERSON = "in_person"
    BY_PHONE = "by_phone"
    ON_PAPER = "on_paper"


class HeardByOwnDevice(Refused):
    """`screen` is what the person says on their own device: whoever writes for them names how."""

    code = "heard_by_own_device"


def must_be_heard_by_staff(heard_by: HeardBy) -> None:
    """Raises HeardByOwnDevice."""
    if heard_by is HeardBy.SCREEN:
        raise HeardByOwnDevice


class Stands(StrEnum):
    FLAGGED = "flagged"
    PROPOSED = "proposed"
    CLEARED = "cleared"
    CONFIRMED = "confirmed"


class Proposal(NamedTuple):
    """What the first person found; it waits for the second."""

    finding: Finding
    reason: FindingReason
    by: Actor
