"""Base backups: the server's whole data folder, sealed, from which its archive leads to any time.

For the program's own server. A server elsewhere has its own means (pgBackRest, its provider's).
"""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from api.backup import (
    LEAST_PASSPHRASE,
    Kept,
    opened,
    private,
    put_back,
    running,
    sealed,
    secrets_beside,
    write,
)
from api.database import own_server
from api.restored import await_erasures
from api.sealed_files import BackupError, Seal
from api.settings import Settings
from ledger.embedded_home import EmbeddedServerError
from ledger.embedded_recovery import Recovery
from ledger.log.publishing import CheckpointFolder
from ledger.migrations import Names


def back_up_base(superuser: str, kept: Kept, to: Path, passphrase: str) -> None:
    """Write `to` (the data folder with the WAL it needs) and `to`.secrets; then read it whole.

    Raises BackupError.
    """
    if len(passphrase) < LEAST_PASSPHRASE:
        raise BackupError("passphrase_too_short", str(LEAST_PASSPHRASE))
    draft, seal = to.with_name(f".{to.name}.draft"), Seal.new(passphrase)
    words = (
        "--pgdata=-", "--format=tar", "--wal-method=fetch", "--checkpoint=fast",
        "--manifest-checksums=SHA256",
    )  # fmt: skip
    with private(draft) as file, running("pg_basebackup", superuser, *words) as base:
        assert base.stdout is not None
        seal.close(base.stdout, file)
    with tempfile.TemporaryDirectory(dir=to.resolve().parent, prefix=".verified-") as folder:
        unpack(draft, passphrase, Path(folder))
    write(secrets_beside(to), sealed(kept, passphrase))
    draft.rename(to)


@dataclass(frozen=True)
class Moment:
    """What to bring back: a base backup, its archive, and the time; None is the archive's end."""

    base: Path
    archive: Path
    until: datetime | None


def restore_moment(moment: Moment, passphrase: str, settings: Settings) -> None:
    """Bring the program's own server back as it was at a time, into an empty `var`.

    Raises BackupError: own_server_only, secrets_missing, passphrase_wrong, backup_damaged,
    not_empty, recovery_failed.
    """
    if settings.database_url is not None:
        raise BackupError("own_server_only", "PARENT_CREDITS_DATABASE_URL")
    beside = secrets_beside(moment.base)
    if not beside.exists():
        raise BackupError("secrets_missing", str(beside))
    kept = opened(beside.read_bytes(), passphrase)
    if any(settings.secrets_folder.glob("*.key")) or settings.signing_keys.exists():
        raise BackupError("not_empty", str(settings.var))
    if not moment.archive.is_dir():
        raise BackupError("archive_missing", str(moment.archive))

    def fill(folder: Path) -> None:
        unpack(moment.base, passphrase, folder)

    try:
        recovery = Recovery.of(settings.var, settings.postgres_major)
        recovery.run(fill, moment.archive, moment.until)
    except EmbeddedServerError as error:
        raise BackupError("recovery_failed", str(error)) from error
    came_back(settings, kept)


def came_back(settings: Settings, kept: Kept) -> None:
    """What is noted of every restore; the secrets, without which nothing starts, come last."""
    server = own_server(settings)
    try:
        await_erasures(server.start().conninfo(), Names(settings.ledger), kept.secrets)
    finally:
        server.leave()
    CheckpointFolder(settings.checkpoints).mark_restored()
    put_back(kept, settings)


def unpack(base: Path, passphrase: str, folder: Path) -> None:
    """Open and unpack a base backup and compare every file with its manifest."""
    with base.open("rb") as file:
        pieces = Seal.of(file, passphrase).open(file)
        with tarfile.open(fileobj=Pieces(pieces), mode="r|") as tar:
            for member in tar:
                must_stay_inside(member)
                tar.extract(member, folder, set_attrs=False)
        for _ in pieces:  # to the end: a file that was cut is noticed
            pass
    compare(folder)


def must_stay_inside(member: tarfile.TarInfo) -> None:
    """Files and folders below the one that is filled, and nothing else. Raises BackupError.

    As tarfile's own filter does, which not every Python 3.11 has.
    """
    path = PurePosixPath(member.name)
    if path.is_absolute() or ".." in path.parts or not (member.isfile() or member.isdir()):
        raise BackupError("backup_damaged", member.name)


def compare(folder: Path) -> None:
    """Every file of the server's own list is there as it was read. Raises BackupError.

    As pg_verifybackup does, which does not run in every build of PostgreSQL that we bring.
    """
    content = (folder / "backup_manifest").read_bytes()
    manifest = json.loads(content)
    own = manifest["Manifest-Checksum"]
    said = content[: content.rindex(b'"Manifest-Checksum"')]
    if hashlib.sha256(said).hexdigest() != own:
        raise BackupError("backup_damaged", "backup_manifest")
    for each in manifest["Files"]:
        path = folder / each["Path"]
        if not path.is_file() or digest(path) != each["Checksum"]:
            raise BackupError("backup_damaged", each["Path"])


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Pieces(io.RawIOBase):
    """Pieces of bytes, read as one file."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._left = pieces, b""

    def read(self, size: int = -1) -> bytes:
        while len(self._left) < size and (piece := next(self._pieces, b"")):
            self._left += piece
        found, self._left = self._left[:size], self._left[size:]
        return found
