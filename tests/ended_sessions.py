"""A save whose session the server ends before it appends, once or always."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ledger.batch import Batch
from ledger.saving import Positions
from ledger.store import LedgerRecorder
from ledger.unmoved import Unmoved


def end_sessions(
    monkeypatch: pytest.MonkeyPatch, times: int, meanwhile: Callable[[], object] = lambda: None
) -> None:
    """Of whoever decides by what others may move; then something happens `meanwhile`."""
    append, to_come = LedgerRecorder._append, [times]

    def ended(
        self: LedgerRecorder, batch: Batch, *, is_retry: bool, unmoved: Unmoved | None = None
    ) -> Positions:
        if unmoved and to_come[0]:
            to_come[0] -= 1
            meanwhile()
            with self.datastore.get_connection() as connection:
                connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return append(self, batch, is_retry=is_retry, unmoved=unmoved)

    monkeypatch.setattr(LedgerRecorder, "_append", ended)
