"""Web process and worker killed with -9 in mid-run: nothing is lost, nothing doubled."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest

from domain.account import Account
from domain.attendance import Attendance
from domain.envelope import Role
from tests.acting import envelope
from tests.database import TestDatabase
from tests.faults.processes import Installation, install
from tests.journeys.site import until

FAMILIES = 60
A_FULL_HALL = 220  # an award run of three batches


@pytest.fixture
def installation(
    database: TestDatabase, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Installation]:
    made = install(database, tmp_path, request.param)
    yield made
    made.end()


def tap(made: Installation, learner: UUID, scan_id: UUID, cookies: dict[str, str]) -> int:
    """Scan and tap once; 0 when nobody answered."""
    headers = {"Origin": made.base}
    address = f"/api/v1/sessions/{made.session_id}"
    try:
        with httpx.Client(base_url=made.base, headers=headers, cookies=cookies) as phone:
            arrived = phone.post(f"{address}/arrivals", json={"token": made.token()})
            body = {"ticket": arrived.json()["ticket"], "scan_id": str(scan_id)}
            return phone.post(f"{address}/check-ins", json=body).status_code
    except httpx.HTTPError:
        return 0


@pytest.mark.parametrize("installation", [FAMILIES], indirect=True)
def test_a_killed_web_process_loses_no_acknowledged_check_in(installation: Installation) -> None:
    web = installation.start("serve")
    scans = {learner: uuid4() for learner in installation.learners}
    phones = {learner: installation.phone(learner) for learner in installation.learners}
    answered = count(1)

    def once(learner: UUID) -> int:
        code = tap(installation, learner, scans[learner], phones[learner])
        if next(answered) == FAMILIES // 3:
            web.send_signal(signal.SIGKILL)
        return code

    with ThreadPoolExecutor(8) as crowd:
        first = dict(zip(scans, crowd.map(once, scans), strict=True))
    web.wait()
    installation.start("serve")
    with ThreadPoolExecutor(8) as crowd:
        again = dict(zip(scans, crowd.map(once, scans), strict=True))

    acknowledged = {learner for learner, code in first.items() if code in {200, 201}}
    assert 0 < len(acknowledged) < FAMILIES  # it really was killed in between
    assert {again[learner] for learner in acknowledged} == {200}  # the first answer again
    assert set(again.values()) <= {200, 201}
    assert present(installation) == Counter(installation.learners)


def present(installation: Installation) -> Counter[UUID]:
    book = installation.runtime.book
    found = book.ledger.load(book.sessions.attendance_ids(installation.session_id))
    return Counter(each.learner_id for each in found.values() if isinstance(each, Attendance))


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
