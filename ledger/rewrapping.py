"""Every person's key wrapped by a new key-encryption key, in one transaction; nothing is unsealed.

Crash states: all or nothing. Which key holds stands in the database, beside the rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import psycopg
from cryptography.exceptions import InvalidTag
from psycopg import Connection
from psycopg.sql import SQL, Composed

from domain.refusals import Refused
from ledger.migrations import Names
from ledger.sealing import key_id_of, seal, unseal

AT_ONCE = 5_000
LOOKS, BETWEEN_LOOKS = 10, 0.3
_OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE usename = %s AND datname = current_database()"
)
_WRAPPED = "SELECT subject_id, wrapped_key FROM {vault}.subject WHERE erased_at IS NULL"
_NOTE = "INSERT INTO {vault}.key_encryption (key_id) VALUES (%s) ON CONFLICT DO NOTHING"
_REWRAP = (
    "UPDATE {vault}.subject AS s SET wrapped_key = n.wrapped"
    " FROM unnest(%s::uuid[], %s::bytea[]) AS n (id, wrapped) WHERE s.subject_id = n.id"
)
REWRITTEN = ("subject", "blind_index", "document", "likeness")


class VaultInUse(Refused):
    """Other processes have the vault open: stop web and worker first."""

    code = "vault_in_use"


class VaultKeyDiffers(Refused):
    """The vault is sealed under another key than the one in the secrets."""

    code = "vault_key_differs"


class VaultKeyBehind(Refused):
    """The database is as it was before a rotation; the key of then is still kept."""

    code = "vault_key_behind"


class OldVaultKeyNeeded(Refused):
    """No backup was made since the rotation: only the old key opens those that there are."""

    code = "old_vault_key_needed"


def key_in_force(connection: Connection[Any], names: Names) -> str | None:
    """The id of the key that wraps, or None where none was ever noted."""
    row = connection.execute(sql("SELECT key_id FROM {vault}.key_encryption", names)).fetchone()
    return None if row is None else str(row[0])


def in_force_since(connection: Connection[Any], names: Names) -> datetime:
    """When the present key began to wrap, by the database's clock."""
    row = connection.execute(sql("SELECT since FROM {vault}.key_encryption", names)).fetchone()
    assert row is not None  # every start notes the key
    return cast("datetime", row[0])


def note_first(connection: Connection[Any], names: Names, key: bytes) -> str:
    """Note the key of a vault that is new, or older than notes, if it opens what is there.

    Two processes at once note it once. Raises VaultKeyDiffers.
    """
    row = connection.execute(sql(f"{_WRAPPED} LIMIT 1", names)).fetchone()
    try:
        if row is not None:
            unseal(key, *row)
    except InvalidTag as error:
        raise VaultKeyDiffers from error
    connection.execute(sql(_NOTE, names), (key_id_of(key),))
    found = key_in_force(connection, names)
    assert found is not None
    return found


def rewrap(connection: Connection[Any], names: Names, old: bytes, new: bytes) -> int:
    """Wrap all keys anew, in the caller's transaction; how many. Nobody else may be at work.

    Raises VaultInUse, VaultKeyDiffers.
    """
    refuse_others(connection, names)
    connection.execute(sql("LOCK TABLE {vault}.subject IN EXCLUSIVE MODE", names))
    if key_in_force(connection, names) != key_id_of(old):
        raise VaultKeyDiffers
    done = 0
    with connection.cursor(name="keys") as rows:
        rows.execute(sql(_WRAPPED, names))
        while page := rows.fetchmany(AT_ONCE):
            opened = [(person, unseal(old, person, wrapped)) for person, wrapped in page]
            done += put(connection, names, opened, new)
    connection.execute(
        sql("UPDATE {vault}.key_encryption SET key_id = %s, since = clock_timestamp()", names),
        (key_id_of(new),),
    )
    return done


def put(
    connection: Connection[Any], names: Names, keys: Iterable[tuple[UUID, bytes]], new: bytes
) -> int:
    wrapped = {person: seal(new, person, key) for person, key in keys}
    return connection.execute(sql(_REWRAP, names), (list(wrapped), list(wrapped.values()))).rowcount


def refuse_others(connection: Connection[Any], names: Names) -> None:
    """A process that just ended may take a moment to be gone. Raises VaultInUse."""
    for _ in range(LOOKS):
        row = connection.execute(_OTHERS, (names.vault_role,)).fetchone()
        if row is None or not row[0]:
            return
        connection.execute("SELECT pg_stat_clear_snapshot(), pg_sleep(%s)", (BETWEEN_LOOKS,))
    raise VaultInUse


def write_anew(owner: str, names: Names) -> None:
    """Leave no dead row on disk: what was erased before, and the keys as they were wrapped."""
    with psycopg.connect(owner, autocommit=True) as connection:
        for table in REWRITTEN:
            connection.execute(sql(f"VACUUM (FULL, ANALYZE) {{vault}}.{table}", names))


def sql(text: str, names: Names) -> Composed:
    return SQL(text).format(**names.identifiers())  # pyright: ignore[reportArgumentType] - text is ours
