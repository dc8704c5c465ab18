"""Every kind of fault in turn: what was acknowledged is there once, and all that follows agrees."""

from __future__ import annotations

import os
import random
import sys

import psycopg
import pytest

import ledger.store
from api.bootstrap import Runtime
from api.signing import ensure_key
from ledger.book import Book
from ledger.vault import VaultKeys
from tests.acting import Pilot
from tests.api.log.test_log_files import step
from tests.database import TestDatabase
from tests.faults.cutting import CuttingProxy
from tests.faults.matrix import Matrix
from tests.ledger.evenings import open_session
from tests.soak.checking import inconsistent, recorded

FAULTS = int(os.environ.get("FAULTS", "40"))
SEED = int(os.environ.get("FAULTS_SEED", "20261126"))


@pytest.mark.slow
def test_whatever_breaks_every_acknowledged_fact_is_there_once(
    runtime: Runtime, database: TestDatabase, wire: CuttingProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger.store, "SECONDS_BETWEEN", 0.0)
    pilot = Pilot(runtime.book).set_up(families=FAULTS)
    open_session(pilot)
    keys = VaultKeys(encryption=b"e" * 32, index=b"i" * 32)
    with (
        Book(wire.conninfo, database.vault, database.names, keys) as book,
        psycopg.connect(database.owner, autocommit=True) as owner,
    ):
        matrix = Matrix(book, wire, owner, pilot.session_id, random.Random(SEED))
        matrix.run(pilot.learners)
    ensure_key(runtime)
    runtime.projector.catch_up()
    step(runtime.log_keeping)

    assert matrix.lost(recorded(runtime)) == []
    assert list(inconsistent(runtime)) == []
    assert matrix.tried.total() == FAULTS
    assert set(matrix.tried) == set(matrix.kinds)
    sys.stdout.write(f"{matrix.tried.total()} faults: {dict(matrix.tried)}\n")
