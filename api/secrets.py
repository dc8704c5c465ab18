"""The installation's secrets: made once, kept in files only their owner can read."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field, fields
from pathlib import Path

BYTES = 32


@dataclass(frozen=True)
class Secrets:
    """One key for each use; a backup without them restores nothing that is sealed."""

    vault: bytes = field(repr=False)
    blind_index: bytes = field(repr=False)
    totp: bytes = field(repr=False)
    enrolment_codes: bytes = field(repr=False)
    rate_limits: bytes = field(repr=False)
    check_in_codes: bytes = field(repr=False)
    tickets: bytes = field(repr=False)
    check_code: bytes = field(repr=False)
    signing_keys: bytes = field(repr=False)
    status_order: bytes = field(repr=False)
    database_app: bytes = field(repr=False)
    database_vault: bytes = field(repr=False)
    database_log: bytes = field(repr=False)
    log: bytes = field(repr=False)
    receipts: bytes = field(repr=False)


def load_or_make(folder: Path) -> Secrets:
    """Read the secrets; make those that are missing. Two processes at once make one set."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Secrets(**{each.name: one(folder / f"{each.name}.key") for each in fields(Secrets)})


def newly_made() -> dict[str, bytes]:
    """A fresh secret of every name."""
    return {each.name: secrets.token_bytes(BYTES) for each in fields(Secrets)}


def missing(folder: Path) -> list[str]:
    """The names of the secrets that are not there."""
    return [each.name for each in fields(Secrets) if not (folder / f"{each.name}.key").exists()]


def one(path: Path) -> bytes:
    if not path.exists():
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(BYTES))
            file.flush()
            os.fsync(file.fileno())
        try:
            # link() gives the name to the first writer only; the file is whole from the start.
            path.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return bytes.fromhex(path.read_text().strip())
