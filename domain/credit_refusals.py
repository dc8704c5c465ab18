"""Why an account says no about one of its credits."""

from __future__ import annotations

from domain.refusals import Refused


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
