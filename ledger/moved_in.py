"""Children who came to a school within a year: whoever learns through them is there since then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from domain.learner import Learner
from ledger.ledger import Ledger
from ledger.records import survivors
from ledger.roster_rows import ONE_PER_CHILD, Match, Roster
from ledger.vault import Vault


def moved_in(
    ledger: Ledger, vault: Vault, roster: Roster, matches: Sequence[Match]
) -> dict[UUID, date]:
    """The day on which a child came, as its father's or mother's place says, or another row's."""
    children = {match.child.child_id for match in matches}
    keys = (f"{child_id} {code}" for child_id in children for code in ONE_PER_CHILD)
    parents = survivors(ledger, vault.identify("child_relation", keys).values())
    adults = ledger.load({*parents.values(), *(match.learner_id for match in matches)})
    return {
        key.child_id: day
        for adult in adults.values()
        if isinstance(adult, Learner)
        for key, day in adult.enrolments.begun.items()
        if (key.school_code, key.school_year) == (roster.school_code, roster.school_year)
    }
