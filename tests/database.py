"""The connection strings a test gets: one database, one string for each role that uses it."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.migrations import Names


@dataclass(frozen=True)
class TestDatabase:
    __test__ = False

    owner: str
    app: str
    vault: str
    schema: str = "ledger"

    @property
    def names(self) -> Names:
        return Names(self.schema)
