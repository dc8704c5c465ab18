"""A script: a worker that runs an award run, and asks before every save whether it may go on."""

from __future__ import annotations

import sys
from datetime import datetime
from uuid import UUID

from domain.aggregate import LedgerAggregate
from ledger.awards import Awards
from ledger.ledger import Decision, Ledger
from ledger.rulebooks import Rulebooks
from ledger.sessions import Sessions
from ledger.unmoved import Unmoved


class AskingLedger(Ledger):
    """Its decisions stand still, made and not yet saved, until a line comes in."""

    name = "ledger"

    def commit(self, command_id: UUID, decide: Decision, unmoved: Unmoved | None = None) -> int:
        def ask() -> list[LedgerAggregate]:
            decided = list(decide())
            sys.stdout.write("decided\n")
            sys.stdout.flush()
            sys.stdin.readline()
            return decided

        return super().commit(command_id, ask, unmoved)


if __name__ == "__main__":
    conninfo, schema, session_id, at, cause = sys.argv[1:]
    ledger = AskingLedger(conninfo, schema)
    rulebooks = Rulebooks(ledger)
    awards = Awards(ledger, Sessions(ledger, rulebooks), rulebooks, learners_at_once=1)
    awards.run(UUID(session_id), datetime.fromisoformat(at), UUID(cause))
    ledger.close()
    sys.stdout.write("done\n")
