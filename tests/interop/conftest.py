"""A log of an evening, and the foreign programs that check it and certificates."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg.rows import tuple_row

from api.bootstrap import Runtime
from api.log_answers import consistency_text
from ledger.log.auditing import LogAudit
from ledger.log.logs import Connection, Published
from ledger.log.note import Key
from tests.acting import Pilot
from tests.api.log.test_log_files import step
from tests.api.log.test_tampering import GAP, SKIP, force
from tests.interop.foreign import Foreign
from tests.ledger_evening import hold

SOURCE = Path(__file__).with_name("tlogcheck.go")
Check = Callable[[str, str, bytes, bytes], bool]


@pytest.fixture(scope="session")
def tlogcheck(tmp_path_factory: pytest.TempPathFactory) -> Check:
    """Go's verifier: which check, key, first and second file -> whether it agrees."""
    folder = tmp_path_factory.mktemp("go")
    program = folder / "tlogcheck"
    environment = {
        **os.environ, "GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOFLAGS": "",
        "GOCACHE": str(folder / "cache"), "CGO_ENABLED": "0",
    }  # fmt: skip
    build = ["go", "build", "-o", str(program), str(SOURCE)]
    subprocess.run(build, env=environment, check=True, timeout=240)

    def check(kind: str, key: str, first: bytes, second: bytes) -> bool:
        (folder / "first").write_bytes(first)
        (folder / "second").write_bytes(second)
        files = [str(folder / "first"), str(folder / "second")]
        told = subprocess.run([program, kind, key, *files], capture_output=True, check=False)
        assert told.stdout, told.stderr
        return told.returncode == 0

    return check


@pytest.fixture(scope="session")
def foreign() -> Iterator[Foreign]:
    with Foreign() as foreign:
        yield foreign


@dataclass(frozen=True)
class Evening:
    """What a stranger is given of a log that was published twice."""

    runtime: Runtime
    before: Published
    after: Published
    key: Key

    def leaves(self, size: int) -> bytes:
        connection: Connection = psycopg.connect(
            self.runtime.connections.app, row_factory=tuple_row
        )
        with connection:
            found = LogAudit(connection, "ledger", self.runtime.logs.current()).export(size)
            return b"".join(found)

    def consistency(self) -> bytes:
        log = self.runtime.logs.current()
        return consistency_text(self.runtime, log, self.before.size, self.after).encode()


@pytest.fixture
def evening(runtime: Runtime) -> Evening:
    pilot = Pilot(runtime.book).set_up()
    step(runtime.log_keeping)
    log = runtime.logs.current()
    before = runtime.logs.newest(log)
    assert before.size == GAP - 1
    force(runtime, SKIP)
    hold(pilot, pilot.learners)
    step(runtime.log_keeping)
    return Evening(runtime, before, runtime.logs.newest(log), log.key)
