"""Backup and restore: the database in one file, the secrets in another, both under a passphrase.

Crash states: both files are written under a draft name and renamed at the end; a restore writes
only into an empty place, and a broken one leaves an unfinished ledger that refuses to start again.
"""

from __future__ import annotations

import json
import os
import secrets as random
import subprocess
import tempfile
from collections.abc import Generator, Iterable
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import BinaryIO, Self

import psycopg
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.sql import SQL, Identifier

from api.database import passwords_of
from api.restored import await_erasures
from api.sealed_files import PIECE, BackupError, Seal, derive, is_sealed
from api.secrets import Secrets, newly_made
from api.settings import Settings
from ledger import binaries, guard
from ledger.log.publishing import CheckpointFolder
from ledger.migrations import Names, ensure_roles

TOOLS_MAJOR = 18  # pg_dump of 18 reads servers from 16 on
MAGIC = b"parent-credits secrets 1\n"
SALT, NONCE = 16, 12
LEAST_PASSPHRASE = 12


@dataclass(frozen=True)
class Kept:
    """What the second file holds: the secrets, and the signing keys that one of them seals."""

    secrets: Secrets
    signing_keys: str | None = field(default=None, repr=False)

    @classmethod
    def of(cls, secrets: Secrets, key_file: Path) -> Self:
        return cls(secrets, key_file.read_text() if key_file.exists() else None)


def back_up(owner: str, names: Names, kept: Kept, to: Path, passphrase: str) -> None:
    """Write `to` (database) and `to`.secrets, both sealed. The server stays in use meanwhile."""
    if len(passphrase) < LEAST_PASSPHRASE:
        raise BackupError("passphrase_too_short", str(LEAST_PASSPHRASE))
    draft = to.with_name(f".{to.name}.draft")
    schemas = (names.ledger, names.vault, names.web, *names.read_sides)
    seal = Seal.new(passphrase)
    words = (
        "--format=custom",
        *(f"--schema={schema}" for schema in schemas),
        # Read models are rebuilt from the feed: only their empty schemas travel.
        *(f"--exclude-table={schema}.*" for schema in names.read_sides),
        # Answers that are kept for a day would be kept as long as the backup.
        f"--exclude-table-data={names.web}.kept_answer",
    )  # fmt: skip
    with private(draft) as file, running("pg_dump", owner, *words) as dump:
        assert dump.stdout is not None
        seal.close(dump.stdout, file)
    read_whole(draft, seal)  # a file that cannot be read is no backup
    write(secrets_beside(to), sealed(kept, passphrase))
    draft.rename(to)


def restore(owner: str, names: Names, source: Path, passphrase: str, settings: Settings) -> None:
    """Bring a backup into an empty database and an empty secrets folder.

    Raises BackupError: secrets_missing, passphrase_wrong, backup_damaged, not_empty.
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
    bring(owner, source, passphrase)
    give_schemas(owner, names)
    await_erasures(owner, names, secrets)
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


def bring(owner: str, source: Path, passphrase: str) -> None:
    """Restore the database file in one transaction; older ones are not sealed."""
    words = ("--exit-on-error", "--single-transaction", "--no-owner")
    with source.open("rb") as file:
        if not is_sealed(file):
            pieces: Iterable[bytes] = iter(lambda: file.read(PIECE), b"")
        else:
            seal = Seal.of(file, passphrase)
            read_whole(source, seal)  # to the end, before the first row goes in
            pieces = seal.open(file)
        with running("pg_restore", owner, *words) as into:
            feed(into, pieces)


def read_whole(source: Path, seal: Seal) -> None:
    """Read the file to its end as a restore would. Raises BackupError."""
    with source.open("rb") as file, running("pg_restore", None, f"--file={os.devnull}") as into:
        file.seek(len(seal.head))
        feed(into, seal.open(file))


def feed(program: subprocess.Popen[bytes], pieces: Iterable[bytes]) -> None:
    """All pieces, also where the program has read enough: the last one tells that all is there."""
    assert program.stdin is not None
    try:
        for piece in pieces:
            with suppress(BrokenPipeError):
                program.stdin.write(piece)
        with suppress(BrokenPipeError):
            program.stdin.close()
    except BackupError:
        program.kill()  # before it hears of an end: nothing of a broken file is committed
        raise


@contextmanager
def running(
    program: str, conninfo: str | None, *arguments: str
) -> Generator[subprocess.Popen[bytes]]:
    """One of PostgreSQL's own programs; the password goes by the environment, not the list.

    Raises BackupError where it fails.
    """
    target: list[str] = []
    environment = {"PATH": os.defpath, "LC_ALL": "C"}
    if conninfo is not None:
        words = conninfo_to_dict(conninfo)
        environment["PGPASSWORD"] = str(words.pop("password", ""))
        target = [f"--dbname={make_conninfo(**words)}"]  # type: ignore[arg-type]
    with tempfile.TemporaryFile() as said:
        started = subprocess.Popen(  # noqa: S603 - the program comes with us, the arguments are ours
            [binaries.tool(TOOLS_MAJOR, program), *target, *arguments],
            env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said,
        )  # fmt: skip
        with started:
            yield started
        if started.returncode:
            said.seek(0)
            text = said.read().decode(errors="replace").strip()
            raise BackupError(f"{program}_failed", text[-500:])


@contextmanager
def private(path: Path) -> Generator[BinaryIO]:
    """A file of ours alone, on the disk when it is closed."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


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


def write(path: Path, content: bytes) -> None:
    with private(path) as file:
        file.write(content)
