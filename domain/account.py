"""A learner's account: every hour credited, why, by which rules, and what was taken back."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from eventsourcing.domain import event

from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.crediting import Credit, CreditClaim, Grant, Limit, grant
from domain.envelope import Envelope
from domain.identity import derived
from domain.refusals import Refused
from domain.rulebook import ReversalReason, Rulebook
from domain.totals import Totals


class UnknownCredit(Refused):
    """The account has no credit under that entry."""

    code = "credit_unknown"


class CreditAlreadyReversed(Refused):
    """The credit was taken back before: a reversal is whole and happens once."""

    code = "credit_already_reversed"


class CreditAlreadyHeld(Refused):
    """The credit is under verification already."""

    code = "credit_already_held"


class CreditNotHeld(Refused):
    """The credit is not under verification for that case."""

    code = "credit_not_held"


def entry_id_of(account_id: UUID, source_id: UUID, generation: int = 0) -> UUID:
    """The one entry of a source. A correction of the source asks again as the next generation.

    The generation comes from the source (how often it was corrected), never from the account:
    otherwise an award run that is repeated after a reversal would award once more.
    """
    return derived("credit", account_id, source_id, generation)


class Account(LedgerAggregate):
    TOPIC: ClassVar[str] = "account"

    class Opened(LedgerCreated):
        TOPIC = "account.opened"

        learner_id: UUID

    class CreditAwarded(LedgerEvent):
        TOPIC = "account.credit_awarded"

        learner_id: UUID
        credit: Credit

    class CreditLimited(LedgerEvent):
        TOPIC = "account.credit_limited"

        learner_id: UUID
        claim: CreditClaim
        limits: tuple[Limit, ...]

    class CreditReversed(LedgerEvent):
        TOPIC = "account.credit_reversed"

        learner_id: UUID
        entry_id: UUID
        hours: int
        reason_code: ReversalReason
        school_year: int
        term: str
        session_id: UUID | None
        replaced_by: UUID | None = None

    class CreditHeld(LedgerEvent):
        TOPIC = "account.credit_held"

        learner_id: UUID
        entry_id: UUID
        case_id: UUID

    class CreditReleased(LedgerEvent):
        TOPIC = "account.credit_released"

        learner_id: UUID
        entry_id: UUID
        case_id: UUID
