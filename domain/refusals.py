"""Why the ledger says no: one class per reason, each with a public code that never changes."""

from __future__ import annotations

from typing import ClassVar


class Refused(Exception):
    """A rule forbids the command. Nothing was recorded.

    `facts` are shown to whoever asked (times, counts, codes: never a person's data).
    """

    code: ClassVar[str] = "refused"

    def __init__(self, **facts: object) -> None:
        super().__init__(self.code, facts)
        self.facts = facts
