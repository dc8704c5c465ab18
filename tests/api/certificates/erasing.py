"""What an erasure does to the vault, until it has a command of its own."""

from __future__ import annotations

from uuid import UUID

import psycopg

from api.bootstrap import Runtime


def erase(runtime: Runtime, subject_id: UUID) -> None:
    with psycopg.connect(runtime.connections.vault, autocommit=True) as connection:
        connection.execute("DELETE FROM ledger_vault.subject WHERE subject_id = %s", (subject_id,))
