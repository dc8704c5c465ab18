"""Answers that could not be kept because the database went away: kept when the key comes again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import structlog

from api.access.idempotency import Answer, Claim, Idempotency, entry_of
from api.answers import AWAY

log = structlog.get_logger(__name__)

MOST_OWED: Final = 256


@dataclass(frozen=True, slots=True)
class OwedAnswers:
    """What this process owes. Another process takes the key over when nobody can be at it."""

    idempotency: Idempotency
    _owed: dict[bytes, tuple[Claim, Answer | None]] = field(
        default_factory=dict[bytes, tuple[Claim, Answer | None]]
    )

    def settle(self, claim: Claim, answer: Answer | None) -> None:
        """Keep the answer, or give the key back where there is none to keep.

        The write ran: that the answer is not kept must not become another answer.
        """
        try:
            self._keep(claim, answer)
        except AWAY as error:
            log.warning("answer_not_kept", kind=type(error).__name__)
            while len(self._owed) >= MOST_OWED:
                self._owed.pop(next(iter(self._owed)), None)
            self._owed[claim.entry] = (claim, answer)

    def pay(self, asker: str, key: str) -> None:
        """Keep what is owed under a key before it is looked up. Raises what the database raises."""
        entry = entry_of(asker, key)
        owed = self._owed.get(entry)
        if owed is not None:
            self._keep(*owed)
            self._owed.pop(entry, None)

    def _keep(self, claim: Claim, answer: Answer | None) -> None:
        if answer is None:
            self.idempotency.release(claim)
        else:
            self.idempotency.finish(claim, answer)
