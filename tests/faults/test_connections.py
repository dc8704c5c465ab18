"""How many connections a process may take, all its pools full: the table in docs/operations.md."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg.sql import SQL

from api.bootstrap import Runtime
from api.serving import make_runner
from ledger.intake import Intake
from ledger.log.keeping import LogKeeper
from tests.acting import Pilot
from tests.ledger.evenings import open_session, wish
from tests.receipts import receipt_of

TABLE = Path(__file__).parents[2] / "docs" / "operations.md"
CROWD = 12  # at each pool: more than any of them holds
HELD = 1.5


def documented() -> dict[str, int]:
    text = TABLE.read_text(encoding="utf-8")
    rows = re.findall(r"^\| (web process|worker) \|.*\| (\d+) \|$", text, re.MULTILINE)
    return {name: int(number) for name, number in rows}


def crowd_at_every_pool(runtime: Runtime, seconds: float) -> Iterator[Callable[[], object]]:
    """Whoever wants something of each pool, all at once."""
    sleep, asleep = SQL("SELECT pg_sleep({})").format(seconds), f"SELECT pg_sleep({seconds})"

    def beside(opened: Callable[[], AbstractContextManager[Any]]) -> Callable[[], object]:
        def ask() -> None:
            with opened() as connection:
                connection.execute(asleep)

        return ask

    views, vault = runtime.views, runtime.book._pool
    yield lambda: runtime.book.ledger.store.rows(sleep, ())
    yield from map(
        beside, (views.read, views.transaction, runtime.pool.connection, vault.connection)
    )


@contextmanager
def taken(runtime: Runtime) -> Iterator[int]:
    """All pools full; how many connections there are then, beside the one that counts."""
    with psycopg.connect(runtime.connections.owner, autocommit=True) as owner:
        asks = list(crowd_at_every_pool(runtime, HELD))
        with ThreadPoolExecutor(CROWD * len(asks)) as crowd:
            done = [crowd.submit(ask) for ask in asks for _ in range(CROWD)]
            most = 0
            while not all(each.done() for each in done):
                row = owner.execute(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                    " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
                ).fetchone()
                most = max(most, row[0] if row else 0)
            for each in done:
                each.result()
        yield most


def test_a_web_process_takes_what_is_documented(runtime: Runtime) -> None:
    pilot = Pilot(runtime.book).set_up()
    open_session(pilot)

    async def run() -> int:
        app = runtime.connections.app
        intake = Intake(pilot.book.ledger, app, pilot.book.sessions.door_of, receipt_of)
        await intake.start()
        await intake.check_in(wish(pilot, pilot.learners[0]))
        with taken(runtime) as most:
            pass
        await intake.close()
        return most

    assert asyncio.run(run()) == documented()["web process"]


def test_a_worker_takes_what_is_documented(runtime: Runtime) -> None:
    Pilot(runtime.book).set_up()
    keeper = LogKeeper(runtime.log_keeping)
    with make_runner(runtime) as runner:
        assert runner.wait_until_active(10)
        keeper.start()
        with taken(runtime) as most:
            pass
        keeper.stop()

    assert most == documented()["worker"]
