"""The unprivileged account that root lends to PostgreSQL, which refuses to run as root."""

from __future__ import annotations

import os
import pwd
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

USUAL = ("postgres", "nobody")


class Credentials(TypedDict, total=False):
    """Arguments of `subprocess` that start a program as somebody else; empty for ourselves."""

    user: int
    group: int
    extra_groups: Sequence[int]


@dataclass(frozen=True)
class Account:
    uid: int
    gid: int

    def credentials(self) -> Credentials:
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def chosen(name: str | None) -> Account | None:
    """Return the named or a usual account when we are root, else None: we are one ourselves."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall() if entry.pw_uid != 0}
    for candidate in (name,) if name else USUAL:
        if candidate in known:
            return Account(known[candidate].pw_uid, known[candidate].pw_gid)
    raise LookupError(f"no unprivileged account {name or ' or '.join(USUAL)!r} on this machine")


def give(path: Path, account: Account | None) -> None:
    if account is not None:
        os.chown(path, account.uid, account.gid)


def credentials(account: Account | None) -> Credentials:
    return account.credentials() if account else {}
