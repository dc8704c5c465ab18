"""Backup and restore: the database in one file, the secrets in another under a passphrase.

Crash states: both files are written under a draft name and renamed at the end; a restore writes
only into an empty place, and a broken one leaves an unfinished ledger that refuses to start again.
"""

from __future__ import annotations

import json
import os
import secrets as random
import subprocess
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Self

import psycopg
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.sql import SQL, Identifier

from api.database import passwords_of
from api.secrets import Secrets, newly_made
from api.settings import Settings
from ledger import binaries, guard
from ledger.log.publishing import CheckpointFolder
from ledger.migrations import Names, ensure_roles

TOOLS_MAJOR = 18  # pg_dump of 18 reads servers from 16 on
MAGIC = b"parent-credits secrets 1\n"
SALT, NONCE = 16, 12
LEAST_PASSPHRASE = 12


class BackupError(Exception):
    """A backup or restore that cannot go on; `code` says why."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code


@dataclass(frozen=True)
class Kept:
    """What the second file holds: the secrets, and the signing keys that one of them seals."""

    secrets: Secrets
    signing_keys: str | None = field(default=None, repr=False)

    @classmethod
    def of(cls, secrets: Secrets, key_file: Path) -> Self:
        return cls(secrets, key_file.read_text() if key_file.exists() else None)


def back_up(owner: str, names: Names, kept: Kept, to: Path, passphrase: str) -> None:
    """Write `to` (database) and `to`.secrets (sealed). The server stays in use meanwhile."""
    if len(passphrase) < LEAST_PASSPHRASE:
        raise BackupError("passphrase_too_short", str(LEAST_PASSPHRASE))
    draft = to.with_name(f".{to.name}.draft")
    schemas = (names.ledger, names.vault, names.web, *names.read_sides)
    pg(
        "pg_dump", owner, "--format=custom", f"--file={draft}",
        *(f"--schema={schema}" for schema in schemas),
        # Read models are rebuilt from the feed: only their empty schemas travel.
        *(f"--exclude-table={schema}.*" for schema in names.read_sides),
        # Answers that are kept for a day would be kept as long as the backup.
        f"--exclude-table-data={names.web}.kept_answer",
    )  # fmt: skip
    pg("pg_restore", None, "--list", str(draft))  # a file that cannot be read is no backup
    draft.chmod(0o600)
    write(secrets_beside(to), sealed(kept, passphrase))
    draft.rename(to)


def restore(owner: str, names: Names, source: Path, passphrase: str, settings: Settings) -> None:
    """Bring a backup into an empty database and an empty secrets folder.

    Raises BackupError: secrets_missing, passphrase_wrong, not_empty.
    """
    beside = secrets_beside(source)
    if not beside.exists():
        raise BackupError("secrets_missing", str(beside))
    kept = opened(beside.read_bytes(), passphrase)
    if any(settings.secrets_folder.glob("*.key")) or settings.signing_keys.exists():
        raise BackupError("not_empty", str(settings.var))
    secrets = kept.secrets
    passwords = passwords_of(names, secrets)
    with psycopg.connect(owner) as connection:
        found = connection.execute(
            "SELECT 1 FROM pg_namespace WHERE nspname IN (%s, %s)",
            (names.ledger, guard.schema_of(names.ledger)),
        ).fetchone()
        if found:
            raise BackupError("not_empty", names.ledger)
        ensure_roles(connection, names, passwords)
    pg("pg_restore", owner, "--exit-on-error", "--single-transaction", "--no-owner", str(source))
    give_schemas(owner, names)
    CheckpointFolder(settings.checkpoints).mark_restored()
    put_back(kept, settings)


def put_back(kept: Kept, settings: Settings) -> None:
    settings.secrets_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for each in fields(Secrets):
        content = getattr(kept.secrets, each.name).hex().encode()
        write(settings.secrets_folder / f"{each.name}.key", content)
    if kept.signing_keys is not None:
        settings.signing_keys.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write(settings.signing_keys, kept.signing_keys.encode())


def give_schemas(owner: str, names: Names) -> None:
    """The read models' schemas belong to the app role, who rebuilds them."""
    with psycopg.connect(owner) as connection:
        statement = "SELECT nspname FROM pg_namespace WHERE nspname = ANY(%s)"
        # An older backup has not all of them: the next start adds what is missing.
        for (schema,) in connection.execute(statement, [list(names.read_sides)]).fetchall():
            connection.execute(
                SQL("ALTER SCHEMA {} OWNER TO {}").format(
                    Identifier(schema), Identifier(names.app_role)
                )
            )


def pg(program: str, conninfo: str | None, *arguments: str) -> None:
    """Run one of PostgreSQL's own programs; the password goes by the environment, not the list."""
    target: list[str] = []
    environment = {"PATH": os.defpath, "LC_ALL": "C"}
    if conninfo is not None:
        words = conninfo_to_dict(conninfo)
        environment["PGPASSWORD"] = str(words.pop("password", ""))
        target = [f"--dbname={make_conninfo(**words)}"]  # type: ignore[arg-type]
    done = subprocess.run(  # noqa: S603 - the program comes with us, the arguments are ours
        [binaries.tool(TOOLS_MAJOR, program), *target, *arguments],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise BackupError(f"{program}_failed", done.stderr.strip()[-500:])


def secrets_beside(backup: Path) -> Path:
    return backup.with_name(f"{backup.name}.secrets")


def sealed(kept: Kept, passphrase: str) -> bytes:
    secrets = {f.name: getattr(kept.secrets, f.name).hex() for f in fields(Secrets)}
    content = json.dumps({"secrets": secrets, "signing_keys": kept.signing_keys})
    salt, nonce = random.token_bytes(SALT), random.token_bytes(NONCE)
    key = derive(passphrase, salt)
    return MAGIC + salt + nonce + AESGCM(key).encrypt(nonce, content.encode(), MAGIC)


def opened(content: bytes, passphrase: str) -> Kept:
    """Raises BackupError passphrase_wrong, also for a file that was touched."""
    body = content.removeprefix(MAGIC)
    salt, nonce, rest = body[:SALT], body[SALT : SALT + NONCE], body[SALT + NONCE :]
    try:
        plain = AESGCM(derive(passphrase, salt)).decrypt(nonce, rest, MAGIC)
    except (InvalidTag, ValueError) as error:
        raise BackupError("passphrase_wrong") from error
    read = json.loads(plain)
    secrets = {name: bytes.fromhex(value) for name, value in read["secrets"].items()}
    # What a release before had no secret for gets a new one.
    return Kept(Secrets(**(newly_made() | secrets)), read["signing_keys"])


def derive(passphrase: str, salt: bytes) -> bytes:
    """Scrypt with the parameters of RFC 7914 for files (N=2^17, r=8, p=1: about 0.4 s, 128 MB)."""
    return Scrypt(salt=salt, length=32, n=1 << 17, r=8, p=1).derive(passphrase.encode())


def write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
