"""The program's web process with two yardstick routes beside its own: run as a child process.

THE ROUTES UNDER /stock EXIST ONLY HERE. They open the same ticket in the same application and
record with the library's `Application.save()`; nothing of the program uses them.
"""

from __future__ import annotations

import cProfile
import os
import pstats
import sys
from uuid import UUID

import uvicorn
from fastapi import APIRouter, FastAPI, Request

from api import arrivals
from api.app import create_app
from api.asking import runtime_of
from api.bootstrap import Runtime, build
from api.serving import collect_seldom
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
    """The same decision on what the stock store holds, then a stock save."""
    runtime, stock = runtime_of(request), stock_of(request)
    wish = wish_in(runtime, session_id, body, request)
    loaded = stock.load(wish.streams)
    attendance = decide(wish, loaded, runtime.book.sessions.door_of, wish.attendance_id)
    assert isinstance(attendance, Attendance)
    return saved(stock, attendance)


@router.post("/bare/sessions/{session_id}/check-ins", status_code=201)
def bare(session_id: UUID, body: Tap, request: Request) -> CheckedInAt:
    """A stock save that looks at nothing before it."""
    wish = wish_in(runtime_of(request), session_id, body, request)
    return saved(stock_of(request), attendance_of(wish))


def stock_of(request: Request) -> StockLedger:
    found: StockLedger = request.app.state.stock
    return found


def wish_in(runtime: Runtime, session_id: UUID, body: Tap, request: Request) -> CheckIn:
    ticket = arrivals.open_ticket(request, runtime, body.ticket)
    arrivals.refuse_other_session(ticket, session_id)
    assert ticket.learner_id is not None
    return arrivals.wish_of(ticket, ticket.learner_id, body.scan_id, runtime.now())


def saved(stock: StockLedger, attendance: Attendance) -> CheckedInAt:
    [recording] = stock.save(attendance)
    position = recording.notification.id
    return CheckedInAt(checked_in_at=attendance.checked_in_at, position=position, receipt=None)


def application(runtime: Runtime) -> FastAPI:
    app = create_app(runtime)
    app.state.stock = StockLedger(Ground(runtime, runtime.connections.owner))
    app.router.routes.extend(router.routes)
    return app


def main() -> None:
    collect_seldom()
    settings = Settings()
    runtime = build(settings)
    profiler = cProfile.Profile() if "--profile" in sys.argv else None
    if profiler:
        profiler.enable()
    uvicorn.run(
        application(runtime), host=settings.host, port=settings.port, log_level="warning",
        access_log=False,
    )  # fmt: skip
    if profiler:
        profiler.disable()
        pstats.Stats(profiler, stream=sys.stderr).sort_stats("tottime").print_stats(40)
    runtime.close()
    sys.stderr.flush()
    os._exit(0)  # the stock pool's threads need no farewell


if __name__ == "__main__":
    main()
