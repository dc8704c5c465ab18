"""The program's web process with yardstick routes beside its own: run as a child process.

THE ROUTES UNDER /stock AND /constant EXIST ONLY HERE. The first open the same ticket in the same
application and record with the library's `Application.save()`; the other answers the same to
everybody and shows what HTTP itself costs. Nothing of the program uses them.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cache
from uuid import UUID

import uvicorn
from eventsourcing.persistence import Notification
from fastapi import APIRouter, FastAPI, Request
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from api import arrivals
from api.app import create_app
from api.asking import runtime_of
from api.bootstrap import Runtime, build
from api.receipts import receipt_now
from api.serving import collect_seldom, shared_door, web_config
from api.settings import Settings
from api.v1.check_ins import CheckedInAt, Tap
from bench.ground import Ground
from bench.stock import StockLedger
from bench.world import attendance_of
from domain.attendance import Attendance
from ledger.check_in import CheckIn, decide

router = APIRouter(prefix="/stock")


@router.post("/decided/sessions/{session_id}/check-ins", status_code=201)
def decided(session_id: UUID, body: Tap, request: Request) -> CheckedInAt:
    """The same decision on what the stock store holds, a stock save, and the receipt of it."""
    runtime, stock = runtime_of(request), stock_of(request)
    wish = wish_in(runtime, session_id, body, request)
    loaded = stock.load(wish.streams)
    attendance = decide(wish, loaded, runtime.book.sessions.door_of, wish.attendance_id)
    assert isinstance(attendance, Attendance)
    answer, event = saved(stock, attendance)
    answer.receipt = receipt_now(runtime, event, event.id, runtime.now())
    return answer


@router.post("/bare/sessions/{session_id}/check-ins", status_code=201)
def bare(session_id: UUID, body: Tap, request: Request) -> CheckedInAt:
    """A stock save that looks at nothing before it."""
    wish = wish_in(runtime_of(request), session_id, body, request)
    answer, _ = saved(stock_of(request), attendance_of(wish))
    return answer


def stock_of(request: Request) -> StockLedger:
    found: StockLedger = request.app.state.stock()
    return found


def wish_in(runtime: Runtime, session_id: UUID, body: Tap, request: Request) -> CheckIn:
    ticket = arrivals.open_ticket(request, runtime, body.ticket)
    arrivals.refuse_other_session(ticket, session_id)
    assert ticket.learner_id is not None
    return arrivals.wish_of(ticket, ticket.learner_id, body.scan_id, runtime.now())


def saved(stock: StockLedger, attendance: Attendance) -> tuple[CheckedInAt, Notification]:
    [recording] = stock.save(attendance)
    event = recording.notification
    at = attendance.checked_in_at
    return CheckedInAt(checked_in_at=at, position=event.id, receipt=None), event


async def constant(_: Request) -> Response:
    """An answer as large as that of a check-in, made of nothing; and which process it is from."""
    answer = {
        "checked_in_at": f"{datetime.now(UTC)}",
        "position": os.getpid(),
        "receipt": "=" * 150,
    }
    return JSONResponse(answer, 201)


class WithConstant:
    """One bare route before the whole program."""

    def __init__(self, program: ASGIApp) -> None:
        self._program = program
        self._bare = Starlette(routes=[Route("/constant/{rest:path}", constant, methods=["POST"])])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        bare = scope["type"] == "http" and scope["path"].startswith("/constant/")
        await (self._bare if bare else self._program)(scope, receive, send)


def application(runtime: Runtime) -> FastAPI:
    app = create_app(runtime)
    # Opened by the first request that wants it: where nobody does, it holds no connections.
    app.state.stock = cache(lambda: StockLedger(Ground(runtime, runtime.connections.owner)))
    app.router.routes.extend(router.routes)
    return app


@contextmanager
def profiling(wanted: bool) -> Generator[None]:
    if not wanted:
        yield
        return
    with cProfile.Profile() as profiler:
        yield
    pstats.Stats(profiler, stream=sys.stderr).sort_stats("tottime").print_stats(40)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--port", type=int, help="another than that of the settings")
    asked = parser.parse_args()
    collect_seldom()
    settings = Settings()
    runtime = build(settings)
    config = web_config(WithConstant(application(runtime)), settings)
    with profiling(asked.profile), suppress(KeyboardInterrupt):
        uvicorn.Server(config).run([shared_door(settings.host, asked.port or settings.port)])
    runtime.close()
    sys.stderr.flush()
    os._exit(0)  # the stock pool's threads need no farewell


if __name__ == "__main__":
    main()
