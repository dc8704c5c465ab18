"""Memory of the web process and the worker in the demo, beside their budgets."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import ExitStack
from http.client import HTTPConnection

from bench.children import child, program, wait_until_it_answers
from bench.ground import Ground
from bench.machine import resident_megabytes
from bench.measuring import Figure, Scale

BUDGETS = {"web": 200.0, "worker": 300.0}
PATHS = ("/", "/staff/login", "/enrol", "/readyz", "/livez", "/api/v1/openapi.json")


def run(ground: Ground, scale: Scale) -> list[Figure]:
    """Load the demo, serve it, ask for its pages; the worker has brought everything up by then."""
    if resident_megabytes(os.getpid()) is None:
        return []
    environment = ground.environment()
    subprocess.run(program("demo"), env=environment, check=True, stdout=sys.stderr)
    requests = scale.pick(20, 300, 2_000)
    with ExitStack() as running:
        worker = running.enter_context(child(program("work"), environment))
        web = running.enter_context(child(program("serve"), environment))
        wait_until_it_answers(web, ground.settings.port)
        visit(ground, requests)
        assert ground.runtime.projector.wait_for(ground.runtime.book.ledger.position(), timeout=30)
        return [figure("web", web.pid, requests), figure("worker", worker.pid, requests)]


def visit(ground: Ground, requests: int) -> None:
    """Ask for the pages that anybody may see."""
    connection = HTTPConnection(ground.settings.host, ground.settings.port, timeout=30)
    for number in range(requests):
        connection.request("GET", PATHS[number % len(PATHS)])
        answer = connection.getresponse()
        answer.read()
        assert answer.status < 500, (PATHS[number % len(PATHS)], answer.status)
    connection.close()


def figure(name: str, pid: int, requests: int) -> Figure:
    megabytes = resident_megabytes(pid)
    assert megabytes is not None
    return Figure(
        benchmark="memory",
        what=f"resident memory of the {name} process after the demo load and {requests} pages",
        unit="MB",
        n=1,
        rounds=1,
        ours=megabytes,
        yardstick="budget",
        yardstick_n=1,
        beside=BUDGETS[name],
        reach=1,
        more_is_better=False,
    )
