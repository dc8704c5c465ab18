"""The key that wraps the persons' keys: checked at every start, and changed while nothing runs.

Crash states of a rotation: the new key is written beside the old one first; then every row and the
note of the key change in one transaction; then the file takes the old one's place, which goes on
under its key id. Cut before the commit, the old key holds and the file beside it is nothing; cut
after it, the next start puts the file in place. A database that never heard of the rotation (a
standby that took over, a restore) is known by the kept key, and the rotation is carried out again.
"""

from __future__ import annotations

import os
import secrets as random
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

import psycopg
from psycopg.sql import SQL, Identifier

from api.backup_notes import BackupNotes
from api.database import Connections, connect
from api.secrets import BYTES, Secrets, load_or_make
from api.settings import Settings
from ledger.migrations import Names
from ledger.rewrapping import (
    OldVaultKeyNeeded,
    VaultKeyBehind,
    VaultKeyDiffers,
    in_force_since,
    key_in_force,
    note_first,
    rewrap,
    write_anew,
)
from ledger.sealing import key_id_of

# What the web tables hold sealed under the same key is over within a day; nothing else is.
SEALED_FOR_A_WHILE: Final = ("upload", "kept_form", "kept_answer")


def fitting(secrets: Secrets, settings: Settings, owner: str, names: Names) -> Secrets:
    """The secrets, once they are known to open this vault.

    Raises VaultKeyBehind where a kept old key opens it, VaultKeyDiffers where none does.
    """
    with psycopg.connect(owner, autocommit=True) as connection:
        held = key_in_force(connection, names) or note_first(connection, names, secrets.vault)
    if held == key_id_of(secrets.vault):
        return secrets
    beside = next_file(settings)
    if beside.exists() and held == key_id_of(key := read_key(beside)):
        put_in_place(settings, held_before=key_id_of(secrets.vault))
        return replace(secrets, vault=key)
    if old_file(settings, held).exists():
        raise VaultKeyBehind(key_id=held)
    raise VaultKeyDiffers


def rotate(settings: Settings) -> int:
    """Make a new key and wrap every person's key with it; how many. The old key is kept.

    Where the database is behind an earlier rotation, that one is carried out again instead:
    backups since then are under its key. Raises VaultInUse, VaultKeyDiffers.
    """
    secrets = load_or_make(settings.secrets_folder)
    connections = connect(settings, secrets)
    try:
        secrets = fitting(secrets, settings, connections.owner, connections.names)
        return rotated(settings, connections, secrets.vault)
    except VaultKeyBehind as behind:
        old = read_key(old_file(settings, str(behind.facts["key_id"])))
        done = rewrapped(connections, old, secrets.vault)
        write_anew(connections.owner, connections.names)
        return done
    finally:
        connections.leave()


def rotated(settings: Settings, connections: Connections, old: bytes) -> int:
    new = random.token_bytes(BYTES)
    write_key(next_file(settings), new)
    keep_names(settings)
    done = rewrapped(connections, old, new)
    put_in_place(settings, held_before=key_id_of(old))
    write_anew(connections.owner, connections.names)
    return done


def rewrapped(connections: Connections, old: bytes, new: bytes) -> int:
    """In one transaction, with what is sealed for a while gone. Raises VaultInUse."""
    with psycopg.connect(connections.owner) as connection:
        done = rewrap(connection, connections.names, old, new)
        web = Identifier(connections.names.web)
        for table in SEALED_FOR_A_WHILE:
            connection.execute(SQL("DELETE FROM {}.{}").format(web, Identifier(table)))
    return done


def forget_old(settings: Settings) -> int:
    """Destroy the keys that were rotated away; how many.

    Raises OldVaultKeyNeeded without a backup since, VaultKeyBehind, VaultKeyDiffers.
    """
    secrets = load_or_make(settings.secrets_folder)
    connections = connect(settings, secrets)
    try:
        fitting(secrets, settings, connections.owner, connections.names)
        with psycopg.connect(connections.owner) as connection:
            since = in_force_since(connection, connections.names)
    finally:
        connections.leave()
    old = old_files(settings)
    backup = BackupNotes(settings.backup_notes).newest("backup")
    if old and (backup is None or backup <= since):
        raise OldVaultKeyNeeded(since=since)
    for each in old:
        each.unlink()
    keep_names(settings)
    return len(old)


def next_file(settings: Settings) -> Path:
    return settings.secrets_folder / "vault.key.next"


def old_file(settings: Settings, key_id: str) -> Path:
    return settings.secrets_folder / f"vault.{key_id}.old"


def old_files(settings: Settings) -> list[Path]:
    """The keys that were rotated away and not forgotten."""
    return sorted(settings.secrets_folder.glob("vault.*.old"))


def put_in_place(settings: Settings, held_before: str) -> None:
    """Also by two processes at once: the old key has its second name before it loses the first."""
    key = settings.secrets_folder / "vault.key"
    with suppress(FileExistsError):
        old_file(settings, held_before).hardlink_to(key)
    keep_names(settings)
    with suppress(FileNotFoundError):
        next_file(settings).replace(key)
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
