"""One of two standbys hangs: where any one of them is enough, writes go on."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.failover.nodes import Node, Pair, copy, pair, until

SOON, A_WHILE = 10.0, 1.5
WRITE = "SELECT pg_logical_emit_message(true, 'tests', 'a fact')"


@contextmanager
def another_standby(nodes: Pair) -> Iterator[Node]:
    third = Node("c", nodes.primary.folder)
    copy(nodes.primary, third)
    own = third.data / "postgresql.auto.conf"
    own.write_text(own.read_text().replace("application_name=standby", "application_name=other"))
    third.start()
    try:
        yield third
    finally:
        third.kill()


@contextmanager
def stuck(node: Node) -> Iterator[None]:
    """Its receiver hangs: it takes nothing, and its connection stays."""
    assert node.process is not None
    pid = node.process.pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    [receiver] = [p for p in children if b"walreceiver" in Path(f"/proc/{p}/cmdline").read_bytes()]
    os.kill(int(receiver), signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(int(receiver), signal.SIGCONT)


@pytest.mark.slow
def test_a_stuck_standby_holds_up_nobody_where_another_is_enough() -> None:
    with pair() as nodes, another_standby(nodes), ThreadPoolExecutor(1) as beside:
        primary = nodes.primary

        def written() -> Future[object]:
            return beside.submit(primary.ask, WRITE)

        primary.set("synchronous_standby_names", "ANY 1 (standby, other)")
        streaming = "SELECT 1 FROM pg_stat_replication WHERE sync_state = 'quorum'"
        until(lambda: len(primary.ask(streaming)) == 2)
        with stuck(nodes.standby):
            written().result(timeout=SOON)
            primary.set("synchronous_standby_names", "FIRST 1 (standby)")
            until(lambda: primary.ask("SHOW synchronous_standby_names") == [("FIRST 1 (standby)",)])
            waiting = written()
            with pytest.raises(TimeoutError):
                waiting.result(timeout=A_WHILE)
        waiting.result(timeout=SOON)
