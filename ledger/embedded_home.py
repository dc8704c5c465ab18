"""The folder of one embedded server: its locks, passwords and notes; nothing is started here.

    users.lock   every user holds it SHARED; the supervisor that gets it EXCLUSIVE stops the server.
    server.lock  EXCLUSIVE, handed from the first user to supervisor, postmaster and backends: who
                 gets it knows that not one process of the old server is left. No pid is believed.

Neither may be deleted while the server runs.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

BASE = Path("/var/lib/parent-credits")
MEMORY = Path("/dev/shm")  # nosec B108  # noqa: S108 - in it every home is a random name of its owner's alone
ROOM_IN_MEMORY = 4 * 2**30
LARGEST_LOG = 10_000_000
PRIVATE, PASSED_THROUGH, READABLE = 0o700, 0o711, 0o755


class EmbeddedServerError(RuntimeError):
    """The embedded PostgreSQL cannot serve; the text says why and, where known, quotes its log."""


@dataclass(frozen=True)
class Home:
    path: Path

    @property
    def log(self) -> Path:
        return self.path / "server.log"

    def data(self, major: int) -> Path:
        return self.path / f"pg{major}"

    def open_lock(self, name: str) -> int:
        return os.open(self.path / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def open_log(self) -> int:
        """Open the log for appending; a large one is put aside, replacing the one before."""
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.old"))
        return os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)

    def read(self, name: str) -> str | None:
        try:
            return (self.path / name).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None

    def write(self, name: str, text: str) -> None:
        """Write a private note whole or not at all; the last writer wins."""
        new = self.path / f".{name}.{secrets.token_hex(4)}"
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        new.replace(self.path / name)

    def drop(self, name: str) -> None:
        (self.path / name).unlink(missing_ok=True)

    def announced(self) -> Mapping[str, str] | None:
        """Return what the supervisor of a server that is up says of it."""
        text = self.read("endpoint.json")
        return json.loads(text) if text else None

    def new_password(self, role: str) -> str:
        """Make the role's password, which lies beside the data: neither is of use alone."""
        self.write(f"{role}.password", secrets.token_urlsafe(32))
        return self.password(role)

    def password(self, role: str) -> str:
        password = self.read(f"{role}.password")
        if not password:
            raise EmbeddedServerError(f"{self.path}/{role}.password is gone: restore it")
        return password


def take(lock: int, how: int) -> bool:
    try:
        fcntl.flock(lock, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def home_of(state: Path, *, temporary: bool = False) -> Home:
    """Return `state/pg`: a folder, or a link to one.

    As root it leads to a folder that another account can pass through; that of a temporary server
    leads into memory, where there is room: many databases come and go there ten times as fast.
    Made at the first call. The rights of folders that exist already are never touched.
    """
    state.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    place, base = state / "pg", _base(temporary)
    if base and not os.path.lexists(place):
        _link_new(place, base)
    if os.geteuid() == 0:
        return Home(_linked(place))
    place.mkdir(mode=PRIVATE, exist_ok=True)
    return Home(place.resolve(strict=True))


def _base(temporary: bool) -> Path | None:
    memory = _in_memory()
    if temporary and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM_IN_MEMORY:
        is_ours = not memory.exists() or memory.stat().st_uid == os.geteuid()
        return memory if is_ours else _base(temporary=False)  # anybody may make a folder there
    return BASE if os.geteuid() == 0 else None


def _in_memory() -> Path:
    return MEMORY / f"parent-credits-{os.geteuid()}"


def _linked(place: Path) -> Path:
    if not place.is_symlink():
        raise EmbeddedServerError(f"{place} was made by another account: run as that account")
    home = place.readlink()
    if home.parent not in (BASE, _in_memory()):
        raise EmbeddedServerError(f"{place} leads to {home}, which is not a folder of {BASE}")
    if not home.is_dir():
        raise EmbeddedServerError(
            f"{place} leads to {home}, which is gone: restore it, or remove the link"
        )
    return home


def _link_new(place: Path, base: Path) -> None:
    if not base.exists():
        base.mkdir(parents=True, exist_ok=True)
        base.chmod(READABLE)
    # A random name, not one made of the path: who deletes the link begins with empty data.
    home = base / secrets.token_hex(8)
    home.mkdir()
    home.chmod(PASSED_THROUGH)
    try:
        place.symlink_to(home)
    except FileExistsError:  # another process was first
        home.rmdir()


def erase(state: Path) -> None:
    """Delete link, data and passwords. The server must be stopped."""
    place = state / "pg"
    home = place.resolve()
    if place.is_symlink():
        place.unlink()  # first: who comes now begins anew
    shutil.rmtree(home, ignore_errors=True)
