"""Names on answers to staff: each one that is shown stands in the vault's access log, or fails."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

import psycopg

from api.access.policy import Principal, PrincipalKind
from api.bootstrap import Runtime

SUBJECTS = "SELECT subject_id FROM ledger_vault.subject"
NEWEST = "SELECT coalesce(max(entry), 0) FROM ledger_vault.access_log"
PURPOSES = "SELECT DISTINCT purpose FROM ledger_vault.access_log"
SINCE = "SELECT entry, actor_id, subject_ids FROM ledger_vault.access_log WHERE entry > %s"
SHORTEST = 3


class Watch:
    """Every full name in the vault, and what the log says since the last answer."""

    def __init__(self, runtime: Runtime) -> None:
        self._owner = psycopg.connect(runtime.connections.owner, autocommit=True)
        ids = [key for (key,) in self._owner.execute(SUBJECTS)]
        self._holders: dict[str, set[UUID]] = defaultdict(set)
        for key, subject in runtime.book.vault.open(ids).items():
            if len(subject.name) >= SHORTEST:
                self._holders[subject.name].add(key)
        self.names = frozenset(self._holders)
        self.seen = 0
        [[self._newest]] = self._owner.execute(NEWEST).fetchall()

    def unlogged(self, principal: Principal | None, text: str) -> set[str]:
        """The names on an answer to staff that the log does not know of since their last answer."""
        if principal is None or principal.kind is not PrincipalKind.STAFF:
            return set()
        shown = {name for name in self.names if name in text}
        self.seen += len(shown)
        rows = self._owner.execute(SINCE, (self._newest,)).fetchall()
        self._newest = max((entry for entry, _, _ in rows), default=self._newest)
        logged = {key for _, actor, ids in rows if actor == principal.person_id for key in ids}
        return {name for name in shown if not self._holders[name] & logged}

    @property
    def purposes(self) -> set[str]:
        """Why anybody looked at anything."""
        return {purpose for (purpose,) in self._owner.execute(PURPOSES)}

    def close(self) -> None:
        self._owner.close()
