"""The intake of check-ins: what queued up while the last batch was written is the next batch.

Crash states: before the append nothing is recorded and nobody was answered; after it the rows are
durable and an unanswered phone repeats its scan id and gets the first answer. Who was never sent to
the database, because it has no connection left or is away, is told to wait: nobody doubts it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from uuid import UUID

import psycopg
import structlog
from eventsourcing.persistence import IntegrityError, InterfaceError, OperationalError

from domain.attendance import Attendance
from domain.plan import Door
from domain.refusals import Refused
from domain.session import Session
from ledger.batch import Batch
from ledger.check_in import CheckedIn, CheckIn, beside_merged, decide
from ledger.doubt import InDoubt
from ledger.intake_wire import Wire
from ledger.ledger import Contended, Ledger, OutcomeUnknown
from ledger.rows import Row
from ledger.wishes import Overloaded, Waiting, of_the_living, streams_of

log = structlog.get_logger(__name__)

# The signed word for an event at its position, recorded at its time.
ReceiptOf = Callable[[Row, int, datetime], str]

MOST_IN_A_BATCH = 500
MOST_WAITING = 20_000
ATTEMPTS = 8
SECONDS_BEFORE_RECONNECT = 0.2
SECONDS_WITHOUT_CONNECTION = 2.0

# The intake's own connection was cut, or the ledger's, which reads the rulebook.
CUT = (psycopg.OperationalError, psycopg.InterfaceError, OperationalError, InterfaceError)


class Intake:
    """One per web process, in its event loop, on one connection of its own."""

    def __init__(
        self,
        ledger: Ledger,
        conninfo: str,
        door_of: Callable[[Session], Door],
        receipt_of: ReceiptOf,
        batch_seen: Callable[[int], None] = lambda _: None,
    ) -> None:
        self._ledger = ledger
        self._receipt_of = receipt_of
        self._batch_seen = batch_seen
        self._wire = Wire(ledger, conninfo)
        self._door_of = door_of
        self._queue: deque[Waiting] = deque()
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._writing: Sequence[Waiting] = ()
        self._closing = False

    @property
    def waiting(self) -> int:
        """How many wishes nobody has begun to write."""
        return len(self._queue)

    @property
    def is_connected(self) -> bool:
        """Whether check-ins can be sent, as far as anybody knows."""
        return self._wire.is_open

    async def start(self) -> None:
        await self._connect()
        self._task = asyncio.create_task(self._run(), name="intake")

    async def close(self) -> None:
        """Write what is waiting, then stop."""
        self._closing = True
        self._wake.set()
        if self._task is not None:
            await asyncio.wait([self._task])
            if not self._task.cancelled():
                self._task.result()
        await self._wire.drop()

    async def check_in(self, wish: CheckIn) -> CheckedIn:
        """Queue a wish and wait for its answer; raises what the decision refuses.

        The caller's being cancelled (a phone that went away) does not cancel the writing.
        """
        if len(self._queue) >= MOST_WAITING or self._closing:
            raise Overloaded
        answer: asyncio.Future[CheckedIn] = asyncio.get_running_loop().create_future()
        self._queue.append(Waiting(wish, answer))
        self._wake.set()
        return await answer

    async def _run(self) -> None:
        try:
            await self._write_what_comes()
        finally:
            # Cancelled from outside: nobody waits for what is not written any more.
            self._closing = True
            for waiting in (*self._writing, *self._queue):
                waiting.fail(waiting.unheard)
            self._queue.clear()

    async def _write_what_comes(self) -> None:
        while not (self._closing and not self._queue):
            await self._woken()
            batch = self._writing = self._take()
            if not batch:
                self._wake.clear()
                if self._closing:
                    break
                continue
            self._batch_seen(len(batch))
            await self._write(batch)

    async def _woken(self) -> None:
        """Until there is something to write; a connection that is missing is sought meanwhile."""
        while not self._wake.is_set():
            await self._connect()
            seconds = None if self.is_connected else SECONDS_WITHOUT_CONNECTION
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), seconds)

    async def _connect(self) -> None:
        with suppress(psycopg.Error, OSError):  # a batch that needs it tells of it
            await self._wire.open()

    def _take(self) -> list[Waiting]:
        most = min(len(self._queue), MOST_IN_A_BATCH)
        return [self._queue.popleft() for _ in range(most)]

    async def _write(self, batch: list[Waiting]) -> None:
        try:
            await self._decide_and_append(batch)
        except InDoubt:
            for waiting in batch:
                waiting.fail(OutcomeUnknown())
        except CUT as error:
            # Whether the append went through is not known: decide again from fresh history,
            # where a row with our scan id answers for itself.
            log.warning("intake_reconnects", error=type(error).__name__)
            await self._wire.drop()
            await asyncio.sleep(SECONDS_BEFORE_RECONNECT)
            for waiting in batch:
                if waiting.is_open:
                    self._again(waiting, waiting.unheard)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is handed to who asked
            # One wish must not fail its neighbours: each is tried alone, and alone it fails.
            unanswered = [waiting for waiting in batch if waiting.is_open]
            for waiting in unanswered:
                if len(batch) == 1:
                    waiting.fail(error)
                else:
                    await self._write([waiting])

    async def _decide_and_append(self, batch: list[Waiting]) -> None:
        await self._wire.open()
        loaded, meanings = await self._looked(batch)
        decided: dict[UUID, tuple[Waiting, Attendance]] = {}
        later: list[Waiting] = []
        known: list[tuple[Waiting, CheckedIn | Refused]] = []
        for waiting in batch:
            outcome = self._decide(waiting.wish, loaded, meanings)
            if not isinstance(outcome, Attendance):
                known.append((waiting, outcome))
            elif outcome.id in decided:  # a second wish waits for the first one's fate
                later.append(waiting)
            else:
                decided[outcome.id] = (waiting, outcome)
        for waiting, _ in (*known, *decided.values()):
            waiting.may_be_recorded = True
        await self._move_meanings(decided, meanings)
        is_confirmed = bool(decided) and await self._append(list(decided.values()))
        await self._tell(known, is_confirmed=is_confirmed)
        self._queue.extendleft(reversed(later))

    async def _tell(
        self, known: Sequence[tuple[Waiting, CheckedIn | Refused]], *, is_confirmed: bool
    ) -> None:
        """Answer whatever history alone decided, once the standby has it as well.

        It has where rows were appended after the reading, on the same connection: that commit
        waited for all that came before it.
        """
        if known and not is_confirmed:
            await self._wire.confirm()
        for waiting, outcome in known:
            if isinstance(outcome, CheckedIn):
                waiting.settle(outcome)
            else:
                waiting.fail(outcome)

    async def _move_meanings(
        self, decided: dict[UUID, tuple[Waiting, Attendance]], meanings: Mapping[UUID, UUID]
    ) -> None:
        """Of those who come in under another record; whose scan moved meanwhile is decided anew."""
        moving = {
            key: (waiting.wish.scan_id, meanings[waiting.wish.scan_id], key)
            for key, (waiting, _) in decided.items()
            if meanings[waiting.wish.scan_id] != key
        }
        moved = await self._wire.mean_now(list(moving.values())) if moving else set[UUID]()
        for key, (scan_id, *_) in moving.items():
            if scan_id not in moved:
                waiting, _ = decided.pop(key)
                self._again(waiting, Contended())

    def _decide(
        self, wish: CheckIn, loaded: Mapping[UUID, object], meanings: Mapping[UUID, UUID]
    ) -> Attendance | CheckedIn | Refused:
        try:
            return decide(wish, loaded, self._door_of, meanings[wish.scan_id])
        except Refused as refusal:
            return refusal

    async def _append(self, decided: Sequence[tuple[Waiting, Attendance]]) -> bool:
        """Record and answer; say whether there was anything to record that no one else had."""
        mapper = self._ledger.events_mapper
        units = [[mapper.row(e) for e in a.collect_events()] for _, a in decided]
        batch = Batch(units)
        positions, times = await self._wire.append(batch)
        recorded_at = {p: at for p, at in zip(positions, times, strict=True) if p and at}
        outcomes = batch.outcomes(positions)
        for (waiting, attendance), [event], outcome in zip(decided, units, outcomes, strict=True):
            if isinstance(outcome, IntegrityError):
                self._again(waiting, Contended())
            else:
                [position] = outcome
                receipt = self._receipt_of(event, position, recorded_at[position])
                waiting.settle(CheckedIn(attendance.checked_in_at, position, receipt))
        return bool(recorded_at)

    async def _looked(self, batch: list[Waiting]) -> tuple[dict[UUID, object], Mapping[UUID, UUID]]:
        """The streams that the wishes look at, and what their scans meant first.

        Old codes lead to the record that speaks now.
        """
        scans = [(waiting.wish.scan_id, waiting.wish.attendance_id) for waiting in batch]
        loaded, meanings = await self._wire.look(streams_of(batch), scans)
        while moved := of_the_living(batch, loaded):
            loaded |= (await self._wire.look(streams_of(moved)))[0]
        if others := beside_merged((waiting.wish for waiting in batch), loaded):
            loaded |= (await self._wire.look(others))[0]
        return loaded, meanings

    def _again(self, waiting: Waiting, otherwise: Refused) -> None:
        waiting.attempts += 1
        if waiting.attempts < ATTEMPTS:
            self._queue.append(waiting)
        else:
            waiting.fail(otherwise)
        self._wake.set()
