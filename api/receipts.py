"""Receipts of check-ins: handed out with every answer, watched until their leaf is in the log."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import structlog
from fastapi.concurrency import run_in_threadpool

from api.bootstrap import Runtime
from ledger.log.logs import Log, NoLogYet
from ledger.log.receipts import as_logged
from ledger.rows import Stored

SECONDS_BETWEEN_LOOKS = 5.0

log = structlog.get_logger(__name__)


def receipt_now(runtime: Runtime, stored: Stored, position: int, recorded_at: datetime) -> str:
    """Of what was recorded this moment."""
    return runtime.receipts.sign(as_logged(stored, position, recorded_at), runtime.now())


def receipts_of(runtime: Runtime, attendance_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Of check-ins that are recorded; asked again, the same receipt is signed again."""
    now = runtime.now()
    found = runtime.logs.beginnings(attendance_ids) if attendance_ids else {}
    return {key: runtime.receipts.sign(event, now) for key, event in found.items()}


def receipt_of_person(runtime: Runtime, session_id: UUID, learner_id: UUID) -> str | None:
    """Under whichever record they came in."""
    attendance = runtime.book.attendances.of_person(session_id, learner_id)
    return receipts_of(runtime, [attendance.id]).get(attendance.id) if attendance else None


async def watch_receipts(runtime: Runtime) -> None:
    """What this process promised is looked for until it is found, or an alarm is raised."""
    while True:
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
        try:
            await run_in_threadpool(look, runtime)
        except Exception:  # the next look tries again; the log says what was wrong
            log.exception("receipts_not_watched")


def look(runtime: Runtime) -> None:
    runtime.receipts.look(runtime.logs, written(runtime), runtime.now())


def written(runtime: Runtime) -> Log | None:
    """The log that is written; None where no worker has begun one."""
    try:
        return runtime.logs.current()
    except NoLogYet:
        return None
