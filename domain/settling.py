"""Settling: granting the claims of an account anew, in their old order, when some of them change.

Nothing is done about what did not change: a credit whose claim and hours stay as they are stands.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import NamedTuple
from uuid import UUID

from domain.crediting import Credit, CreditClaim, Limit, credited, grant
from domain.identity import derived
from domain.rulebook import Rulebook
from domain.rules import ReversalReason

OVERLAPPING = "no_double_credit.overlapping_sessions"
SAME_SESSION = "no_double_credit.same_session"

Rules = Callable[[str], Rulebook]


class Claimed(NamedTuple):
    """A claim and the rulebook version it is judged by."""

    claim: CreditClaim
    rulebook_version: str


Claims = Mapping[UUID, Claimed | None]  # by source; None where nothing is claimed any more


class Hold(NamedTuple):
    """A source under verification: its last entry that was held, and for which case."""

    entry_id: UUID
    case_id: UUID


class Accounted(NamedTuple):
    """What an account knows: claims, credits that stand by source, entries that were answered.

    `turns` counts the answers of a source: the next one gets an entry of its own.
    """

    account_id: UUID
    claims: Claims
    standing: Mapping[UUID, Credit]
    answered: Collection[UUID]
    turns: Mapping[UUID, int]

    def entry_for(self, claim: CreditClaim) -> UUID:
        """The entry of a claim's new answer: one that was answered before is not used again."""
        if claim.entry_id not in self.answered:
            return claim.entry_id
        turn = self.turns[claim.source_id]
        return derived("credit", self.account_id, claim.source_id, "settled", turn)


class Settled(NamedTuple):
    """What a claim gets when all are granted in order: hours, and every limit that bit."""

    claimed: Claimed
    hours: int
    limits: tuple[Limit, ...]
    outlasted_by: UUID | None = None  # the source of the longer session


class Change(NamedTuple):
    """A source whose credit changes: the entry that is reversed, and what it gets instead.

    `settled` of None: nothing is claimed any more. `replaced_by` is the entry of the credit that
    takes the place of the reversed one.
    """

    source_id: UUID
    reversed: UUID | None
    settled: Settled | None
    replaced_by: UUID | None = None

    def because(self, claims: Claims, reason: ReversalReason) -> ReversalReason:
        """The reason is that of the sources it was given for; any other is only counted anew."""
        return reason if self.source_id in claims else ReversalReason.RE_EVALUATED


def settle(account: Accounted, claims: Claims, rules: Rules) -> list[Change]:
    """What changes when each claim takes the place of its source's earlier one.

    A claim of no hours is none.
    """
    worth = {s: wanted if wanted and wanted.claim.hours else None for s, wanted in claims.items()}
    asked = {source: worth.get(source, known) for source, known in account.claims.items()} | worth
    settled = granted_in_order((claimed for claimed in asked.values() if claimed), rules)
    gone = [
        Change(source, _entry(account, source), None)
        for source, known in account.claims.items()
        if known is not None and asked[source] is None
    ]
    changed = {
        source: _under_new_entry(account, got)
        for source, got in settled.items()
        if not _stays(account, source, got)
    }
    return gone + [
        Change(source, _entry(account, source), got, _successor(account, got, changed))
        for source, got in changed.items()
    ]


def granted_in_order(claims: Iterable[Claimed], rules: Rules) -> dict[UUID, Settled]:
    """What each claim gets, by source, as if none had been granted before."""
    standing: dict[UUID, Credit] = {}
    settled: dict[UUID, Settled] = {}
    for claimed in claims:
        claim, rulebook = claimed.claim, rules(claimed.rulebook_version)
        granted = grant(rulebook, claim, standing.values())
        for entry_id in granted.replaces:
            shorter = standing.pop(entry_id)
            settled[shorter.source_id] = _outlasted(settled[shorter.source_id], claim)
        if granted.hours:
            standing[claim.entry_id] = credited(claim, granted.hours, rulebook)
        settled[claim.source_id] = Settled(claimed, granted.hours, granted.limits)
    return settled


def _outlasted(shorter: Settled, by: CreditClaim) -> Settled:
    """Overlapped by something longer, or another part in the same session that is worth more."""
    ref = SAME_SESSION if by.other_part_of(shorter.claimed.claim) else OVERLAPPING
    limit = Limit(cap_ref=ref, would_be=shorter.hours, awarded=0)
    return shorter._replace(hours=0, limits=(*shorter.limits, limit), outlasted_by=by.source_id)


def _stays(account: Accounted, source: UUID, got: Settled) -> bool:
    """Whether neither the claim, but for its entry, nor its hours change."""
    old, credit = account.claims.get(source), account.standing.get(source)
    if old is None or got.hours != (credit.hours if credit else 0):
        return False
    new = got.claimed.claim.model_copy(update={"entry_id": old.claim.entry_id})
    return old == (new, got.claimed.rulebook_version)


def _under_new_entry(account: Accounted, got: Settled) -> Settled:
    claim = got.claimed.claim
    entry_id = account.entry_for(claim)
    claimed = got.claimed._replace(claim=claim.model_copy(update={"entry_id": entry_id}))
    return got._replace(claimed=claimed)


def _successor(account: Accounted, got: Settled, changed: Mapping[UUID, Settled]) -> UUID | None:
    """The entry of what takes a reversed credit's place: its own new one, or the longer one's."""
    if got.hours:
        return got.claimed.claim.entry_id
    if got.outlasted_by is None:
        return None
    longer = changed.get(got.outlasted_by)
    return longer.claimed.claim.entry_id if longer else _entry(account, got.outlasted_by)


def _entry(account: Accounted, source: UUID) -> UUID | None:
    credit = account.standing.get(source)
    return credit.entry_id if credit else None
