"""The key that wraps the persons' keys: checked at every start, and changed while nothing runs.

Crash states of a rotation: the new key is written beside the old one first; then every row and the
note of the key change in one transaction; then the file takes the old one's place. Cut before the
commit, the old key holds and the file beside it is nothing; cut after it, the next start puts the
file in place.
"""

from __future__ import annotations

import os
import secrets as random
from dataclasses import replace
from pathlib import Path
from typing import Final

import psycopg
from psycopg.sql import SQL, Identifier

from api.database import Connections, connect
from api.secrets import BYTES, Secrets, load_or_make
from api.settings import Settings
from ledger.migrations import Names
from ledger.rewrapping import (
    VaultKeyDiffers,
    key_in_force,
    note_first,
    rewrap,
    write_anew,
)
from ledger.sealing import key_id_of

# What the web tables hold sealed under the same key is over within a day; nothing else is.
SEALED_FOR_A_WHILE: Final = ("upload", "kept_form", "kept_answer")


def fitting(secrets: Secrets, settings: Settings, owner: str, names: Names) -> Secrets:
    """The secrets, once they are known to open this vault. Raises VaultKeyDiffers."""
    with psycopg.connect(owner, autocommit=True) as connection:
        held = key_in_force(connection, names) or note_first(connection, names, secrets.vault)
    if held == key_id_of(secrets.vault):
        return secrets
    beside = next_file(settings)
    if not beside.exists() or held != key_id_of(key := read_key(beside)):
        raise VaultKeyDiffers
    put_in_place(settings)
    return replace(secrets, vault=key)


def rotate(settings: Settings) -> int:
    """Make a new key and wrap every person's key with it; how many.

    Raises VaultInUse, VaultKeyDiffers.
    """
    secrets = load_or_make(settings.secrets_folder)
    connections = connect(settings, secrets)
    try:
        secrets = fitting(secrets, settings, connections.owner, connections.names)
        return rotated(settings, connections, secrets.vault)
    finally:
        connections.leave()


def rotated(settings: Settings, connections: Connections, old: bytes) -> int:
    new = random.token_bytes(BYTES)
    write_key(next_file(settings), new)
    keep_names(settings)
    with psycopg.connect(connections.owner) as connection:
        done = rewrap(connection, connections.names, old, new)
        web = Identifier(connections.names.web)
        for table in SEALED_FOR_A_WHILE:
            connection.execute(SQL("DELETE FROM {}.{}").format(web, Identifier(table)))
    put_in_place(settings)
    write_anew(connections.owner, connections.names)
    return done


def next_file(settings: Settings) -> Path:
    return settings.secrets_folder / "vault.key.next"


def put_in_place(settings: Settings) -> None:
    next_file(settings).replace(settings.secrets_folder / "vault.key")
    keep_names(settings)


def keep_names(settings: Settings) -> None:
    """What the folder lists survives a power cut, too."""
    folder = os.open(settings.secrets_folder, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def read_key(path: Path) -> bytes:
    return bytes.fromhex(path.read_text(encoding="ascii").strip())


def write_key(path: Path, key: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key.hex())
        file.flush()
        os.fsync(file.fileno())
