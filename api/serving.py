"""Processes that go on until told to stop: the web process, the worker, and both under one roof."""

from __future__ import annotations

import gc
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from types import FrameType

import structlog
import uvicorn
from starlette.types import ASGIApp

from api import logs
from api.app import create_app
from api.bootstrap import Runtime
from api.followers import followers
from api.housekeeping import Housekeeping
from api.patience import PatientProtocol
from api.restored import refuse_unheard
from api.rulebooks.executing import RuleWork
from api.settings import Settings
from ledger.embedded import EmbeddedServer
from ledger.log.keeping import LogKeeper
from projections.runner import Runner

log = structlog.get_logger(__name__)

GUARD_EVERY = 2.0
STOP_WITHIN = 20.0
LOOK_EVERY = 0.2
ANSWER_WITHIN = 2.0
NOT_STARTED = 3


class Guard:
    """Brings our own server back should its supervisor be killed; others restart it themselves."""

    def __init__(self, server: EmbeddedServer | None) -> None:
        self._server = server
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="guard", daemon=True)

    def start(self) -> None:
        if self._server is not None:
            self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        assert self._server is not None
        while not self._stop.wait(GUARD_EVERY):
            try:
                self._server.start(self._stop)
            except Exception:  # looked at again in two seconds; the log says what was wrong
                log.exception("database_not_reached")


def collect_seldom() -> None:
    """Let the garbage collector look after 50,000 new objects, not 700: events make many."""
    gc.set_threshold(50_000, 20, 50)


def serve(runtime: Runtime, *, shares_port: bool = False) -> None:
    """The web process, until a signal; what was taken in is written before it ends.

    Processes that share a port are dealt the connections by the kernel: all of them must say so.
    Raises ErasuresAwaited.
    """
    refuse_unheard(runtime.connections)
    collect_seldom()
    logs.catch_the_rest()
    settings, guard = runtime.settings, Guard(runtime.connections.server)
    config = web_config(create_app(runtime), settings)
    guard.start()
    try:
        doors = [shared_door(settings.host, settings.port)] if shares_port else None
        server = uvicorn.Server(config)
        with suppress(KeyboardInterrupt):
            server.run(doors)
    finally:
        guard.stop()
    if not server.started:
        sys.exit(NOT_STARTED)


def web_config(app: ASGIApp, settings: Settings) -> uvicorn.Config:
    """How a web process speaks HTTP, whatever is measured or served by it."""
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        http=PatientProtocol,
        log_config=None,  # to our own lines
        log_level="warning",
        access_log=False,
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=10,
    )


def shared_door(host: str, port: int) -> socket.socket:
    """A port at which several processes listen."""
    family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
    door = socket.socket(family)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    door.bind((host, port))
    return door


def work(runtime: Runtime) -> None:
    """The worker, until a signal: one is active at a time, a second one stands by.

    Raises ErasuresAwaited.
    """
    refuse_unheard(runtime.connections)
    collect_seldom()
    logs.catch_the_rest()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stopper(stop))
    guard, housekeeping = Guard(runtime.connections.server), Housekeeping(runtime)
    runner, rule_work = make_runner(runtime), RuleWork(runtime)
    parts = (guard, housekeeping, runner, rule_work, LogKeeper(runtime.log_keeping))
    for part in parts:
        part.start()
    stop.wait()
    for part in reversed(parts):
        part.stop()


def make_runner(runtime: Runtime) -> Runner:
    """The projector of all read models, with what follows from facts behind the same feed."""
    return Runner(runtime.projector, followers(runtime))


def stopper(stop: threading.Event) -> Callable[[int, FrameType | None], None]:
    def handle(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    return handle


def answers(host: str, port: int) -> bool:
    """Whether a web process answers there, however well its read models follow."""
    asked = HTTPConnection(host, port, timeout=ANSWER_WITHIN)
    try:
        asked.request("GET", "/readyz")
        asked.getresponse()
    except (OSError, HTTPException):
        return False
    else:
        return True
    finally:
        asked.close()


def together(
    commands: Sequence[str], is_up: Callable[[], bool], when_up: Callable[[], None]
) -> int:
    """Run several of our commands as processes; when one ends or we are told to, all end.

    Once it is up that is said.
    """
    console = os.path.join(os.path.dirname(sys.executable), "parent-credits")  # noqa: PTH118, PTH120 - no resolving of links
    told = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stopper(told))
    running = [subprocess.Popen([console, command]) for command in commands]  # noqa: S603 - our own console script
    try:
        was_up = False
        while not told.wait(LOOK_EVERY) and all(process.poll() is None for process in running):
            if not was_up and (was_up := is_up()):
                when_up()
    finally:
        for process in running:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        codes = [process.wait(STOP_WITHIN) for process in running]
    return max(abs(code) for code in codes)
