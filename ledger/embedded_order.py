"""What a user process tells the supervisor that it starts: one value, carried as arguments."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ledger.embedded_account import Account
from ledger.embedded_home import Home

ROLE = "parent_credits"
SUPERUSER = "postgres"


@dataclass(frozen=True)
class Order:
    state: Path
    home: Home
    install: Path
    major: int
    account: Account | None
    linger: float
    temporary: bool
    settings: Mapping[str, str | int]
    run: str
    """A random word for this one run of the server: who asks it to stop, names it."""
    lock: int
    """The inherited descriptor of server.lock."""

    def arguments(self) -> list[str]:
        # Paths go as arguments of their own: their bytes survive whatever the two locales are.
        rest = dataclasses.asdict(self) | {"state": None, "home": None, "install": None}
        return [str(self.state), str(self.home.path), str(self.install), json.dumps(rest)]

    @classmethod
    def of(cls, arguments: Sequence[str]) -> Order:
        state, home, install, rest = arguments
        words = json.loads(rest)
        return cls(
            **words
            | {
                "state": Path(state),
                "home": Home(Path(home)),
                "install": Path(install),
                "account": Account(**words["account"]) if words["account"] else None,
            }
        )
