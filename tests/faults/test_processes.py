"""A worker killed with -9 in the middle of an award run: nothing is lost, nothing doubled."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from domain.account import Account
from domain.envelope import Role
from tests.acting import envelope
from tests.database import TestDatabase
from tests.faults.processes import Installation, install
from tests.journeys.site import until

A_FULL_HALL = 220  # an award run of three batches


@pytest.fixture
def installation(
    database: TestDatabase, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Installation]:
    made = install(database, tmp_path, request.param)
    yield made
    made.end()


@pytest.mark.parametrize("installation", [A_FULL_HALL], indirect=True)
def test_a_killed_worker_credits_everybody_once_after_its_restart(
    installation: Installation,
) -> None:
    book, session_id = installation.runtime.book, installation.session_id
    for learner in installation.learners:
        installation.come(learner)
    attest(installation)
    worker = installation.start("work")
    until(lambda: balances(installation) or worker.poll() is not None)
    worker.send_signal(signal.SIGKILL)
    worker.wait()

    installation.start("work")

    until(lambda: len(balances(installation)) == A_FULL_HALL)
    assert set(balances(installation)) == {100}  # half: nobody checked out, the days are over
    assert len(book.sessions.attendance_ids(session_id)) == A_FULL_HALL


@pytest.mark.parametrize("installation", [1], indirect=True)
def test_web_processes_that_say_so_share_a_port(installation: Installation) -> None:
    first, second = (installation.start("serve", "--share-port") for _ in range(2))
    address = installation.runtime.settings.public_url
    until(lambda: listeners(installation) == 2, 120)

    first.kill()
    first.wait()

    assert httpx.get(f"{address}/livez").status_code == 200
    second.terminate()
    assert second.wait() == -signal.SIGTERM


def listeners(installation: Installation) -> int:
    """How many sockets wait for connections at the port."""
    port = f":{installation.runtime.settings.port:04X}"
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(line[1].endswith(port) and line[3] == "0A" for line in lines)


def attest(installation: Installation) -> None:
    """As if nine days ago: a missing check-out counts half by now (rulebook: attendance)."""
    sessions, session_id = installation.runtime.book.sessions, installation.session_id
    plan = sessions.get(session_id).plan
    host, coordinator = uuid4(), uuid4()
    sessions.close(session_id, envelope(plan.ends_at, Role.HOST, host))
    later = datetime.now(UTC) + timedelta(days=9)
    sessions.count_heads(session_id, A_FULL_HALL, None, envelope(plan.ends_at, Role.HOST, host))
    sessions.attest(session_id, Role.HOST, envelope(later, Role.HOST, host))
    sessions.attest(session_id, Role.COORDINATOR, envelope(later, Role.COORDINATOR, coordinator))


def balances(installation: Installation) -> list[int]:
    keys = [Account.create_id(learner) for learner in installation.learners]
    found = installation.runtime.book.ledger.load(keys).values()
    return [account.balance for account in found if isinstance(account, Account)]
