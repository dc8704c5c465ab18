"""A process that stands still between the lock of all writers and its append, once or always."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from psycopg import Cursor

from ledger.unmoved import Unmoved, Watch


def stand_still(
    monkeypatch: pytest.MonkeyPatch, times: int, meanwhile: Callable[[], object] = lambda: None
) -> None:
    """So long that the server ends it; then something happens `meanwhile`."""
    refuse, to_come = Watch.refuse, [times]

    def refuse_and_stand_still(self: Watch, cursor: Cursor[Any], unmoved: Unmoved) -> None:
        refuse(self, cursor, unmoved)
        if to_come[0]:
            to_come[0] -= 1
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '20ms'")
            time.sleep(0.1)
            meanwhile()

    monkeypatch.setattr(Watch, "refuse", refuse_and_stand_still)
