"""A story about two intakes, acted out on a real database and judged at its end."""

from __future__ import annotations

import asyncio
import dataclasses
from collections import defaultdict
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from functools import partial
from uuid import UUID, uuid4

from msgspec.structs import replace

from domain.envelope import Actor, Channel, Role
from domain.learner import Learner, UnknownLearner
from ledger.check_in import CheckedIn, CheckIn
from ledger.events_table import lock_key
from ledger.intake import Intake
from tests.acting import SCHOOL, STARTS, Pilot, envelope
from tests.faults.cutting import Cut
from tests.ledger.evenings import HOST, wish
from tests.ledger.intake_ground import Ground
from tests.ledger.intake_model import Asked, Span, Told, judge
from tests.ledger.intake_steps import (
    SHARED,
    SHY,
    Again,
    Ask,
    Break,
    BreakAll,
    Breathe,
    ComeAndGo,
    Crowd,
    Desk,
    Fail,
    GoAway,
    Hold,
    Merge,
    Race,
    Release,
    Restart,
    Reuse,
    Settle,
    Step,
    Turn,
)
from tests.receipts import receipt_of

PATIENCE = 60.0


class Story:
    """One run through some steps. Sessions turn and records merge beside the phones."""

    def __init__(self, ground: Ground) -> None:
        self.ground, self.book = ground, ground.book
        self.learners, self.sessions = ground.people(), ground.evenings()
        self.learners.append(uuid4())
        self.scans: defaultdict[object, UUID] = defaultdict(uuid4)
        survivor, merged, *_ = self.learners
        self.told = Told(survivor, merged, self.learners[-1])
        self.begins_after = ground.head()
        self.intakes: list[Intake] = []
        self.requests: list[asyncio.Task[None]] = []
        self.beside: list[asyncio.Task[None]] = []
        self.turning = asyncio.Lock()
        self.is_held = False

    async def run(self, steps: Sequence[Step]) -> None:
        await self.opened()
        await self.turn(self.sessions[0])
        for step in steps:
            await self.act(step)
        await self.end()

    async def opened(self) -> None:
        self.intakes = [self.intake(number) for number in range(2)]
        for intake in self.intakes:
            await intake.start()

    async def closed(self) -> None:
        for intake in self.intakes:
            await asyncio.wait_for(intake.close(), PATIENCE)

    async def act(self, step: Step) -> None:
        if isinstance(step, GoAway):
            await asyncio.sleep(0)  # whoever goes away was heard
        self.come(step)
        self.break_down(step)
        match step:
            case Turn(session):
                self.begin(self.turn(self.sessions[session]))
            case Merge():
                self.begin(self.merge())
            case Race(learner, session):
                await self.race(learner, session)
            case ComeAndGo(intake):
                self.come(Crowd((Ask(intake, SHY, 0, len(self.requests)),)))
                await asyncio.sleep(0)  # it was heard
                self.requests[-1].cancel()
            case Restart(intake):
                await self.restart(intake)
            case Breathe(rounds):
                for _ in range(rounds):
                    await asyncio.sleep(0)
            case Settle():
                await self.settle()
            case _:
                pass

    def come(self, step: Step) -> None:
        match step:
            case Crowd(asks):
                for each in asks:
                    self.ask(each.intake, self.wish(each, each.minutes), poison=each.poison)
            case Again(number, intake):
                for earlier in self.told.asked[number : number + 1]:
                    self.ask(intake, earlier.wish, poison=earlier.poison)
            case Reuse(first, second):
                self.come(Crowd((Ask(0, first, 0, SHARED), Ask(1, second, 0, SHARED))))
            case Desk():
                self.begin(self.at_desk(step))
            case GoAway(number):
                for request in self.requests[number : number + 1]:
                    request.cancel()
            case _:
                pass

    def break_down(self, step: Step) -> None:
        match step:
            case Break(intake, marker, where, times):
                self.ground.wires[intake].cut_next(marker, where, times)
            case BreakAll(intake):
                self.ground.wires[intake].cut_all()
            case Fail(how):
                self.fail(how)
            case Hold() | Release():
                self.hold(isinstance(step, Hold))
            case _:
                pass
        self.told.faults |= isinstance(step, Break | BreakAll | Fail)

    async def race(self, learner: int, session: int) -> None:
        self.hold(True)
        self.come(Crowd(tuple(Ask(each, learner, session, each) for each in range(2))))
        self.come(Desk(learner, session, 2))
        for _ in range(20):
            await asyncio.sleep(0.002)
            if len(self.ground.waiting()) > 1:
                break
        self.hold(False)

    def intake(self, number: int) -> Intake:
        wire = self.ground.wires[number]
        return Intake(self.book.ledger, wire.conninfo, self.book.sessions.door_of, receipt_of)

    def begin(self, work: Coroutine[None, None, None]) -> None:
        self.beside.append(asyncio.create_task(work))

    def ask(self, intake: int, wish: CheckIn, *, poison: bool) -> None:
        made = replace(wish, device_hash="\ud800") if poison else wish
        asked = Asked(made, Span(self.told.now()), poison=poison)
        self.told.asked.append(asked)
        asking = self.answered(asked, partial(self.intakes[intake].check_in, made))
        self.requests.append(asyncio.create_task(asking))

    def wish(self, step: Ask | Desk, minutes: int = 0) -> CheckIn:
        here = Pilot(self.book, session_id=self.sessions[step.session])
        own = (step.learner, step.session, step.scan)
        scan = self.scans[SHARED if step.scan == SHARED else own]
        return wish(here, self.learners[step.learner], minutes, scan)

    async def answered(self, asked: Asked, ask: Callable[[], Awaitable[CheckedIn]]) -> None:
        asked.is_heard = True
        try:
            asked.answer = await ask()
        except asyncio.CancelledError:
            return  # whoever went away heard no answer
        except Exception as error:  # noqa: BLE001 - the model judges it
            asked.answer = error
        asked.span.ended, asked.head = self.told.now(), self.ground.head()

    async def at_desk(self, step: Desk) -> None:
        actor = Actor(id=HOST, role=Role.HOST, organisation=SCHOOL)
        entered = replace(self.wish(step), channel=Channel.STAFF_ENTRY, actor=actor)
        asked = Asked(entered, Span(self.told.now()), at_desk=True)
        self.told.asked.append(asked)
        enter = partial(asyncio.to_thread, self.book.attendances.check_in, entered)
        await self.answered(asked, enter)

    async def turn(self, session_id: UUID) -> None:
        """Open what is not open yet, close what is; once closed it stays so."""
        async with self.turning:
            opened, closed = self.told.opened, self.told.closed
            turns, act = (
                (closed, self.book.sessions.close)
                if session_id in opened
                else (opened, self.book.sessions.open)
            )
            if session_id in closed:
                return
            turns[session_id] = span = Span(self.told.now())
            await asyncio.to_thread(act, session_id, envelope(STARTS, Role.HOST, HOST))
            span.ended = self.told.now()

    async def merge(self) -> None:
        if self.told.merging is None:
            self.told.merging = Span(self.told.now())
            await asyncio.to_thread(self.merged)
            self.told.merging.ended = self.told.now()

    def merged(self) -> None:
        ledger, by = self.book.ledger, envelope(STARTS)
        ids = (self.told.survivor, self.told.merged)

        def decide() -> list[Learner]:
            survivor, other = (ledger.get(Learner, each, UnknownLearner) for each in ids)
            survivor.take_in(other, "same_name_and_child", (), by)
            other.give_way(survivor.id, by)
            return [survivor, other]

        ledger.commit(by.command_id, decide)

    def hold(self, is_held: bool) -> None:
        if self.is_held is not is_held:
            word = "pg_advisory_lock" if is_held else "pg_advisory_unlock"
            key = lock_key("ledger", "ledger_events")
            self.ground.blocker.execute(f"SELECT {word}(%s)", (key,))
            self.is_held = is_held

    def fail(self, how: str) -> None:
        for pid in self.ground.waiting():
            self.ground.owner.execute(f"SELECT {how}(%s)", (pid,))

    async def restart(self, number: int) -> None:
        self.told.faults = True  # who asks meanwhile is told to come again
        old, self.intakes[number] = self.intakes[number], self.intake(number)
        self.hold(False)
        await asyncio.wait_for(old.close(), PATIENCE)
        await self.intakes[number].start()

    async def settle(self) -> None:
        self.hold(False)
        waiting = [*self.requests, *self.beside]
        await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), PATIENCE)
        for each in self.beside:
            each.result()

    async def end(self) -> None:
        """Everybody gets an answer; whoever got none, or no sure one, asks again."""
        await self.settle()
        await self.closed()
        judge(self.told, self.ground.rows(self.begins_after))
        for wire in self.ground.wires:
            wire.cut_next(b"", Cut.REQUEST, times=0)
        again = [
            dataclasses.replace(each, answer=None) for each in self.told.asked if not each.is_known
        ]
        for asked in self.told.asked:
            asked.answer = asked.answer if asked.is_known else None
        self.told.faults = False
        self.told.asked += again
        await self.opened()
        ask = self.intakes[0].check_in
        asking = [self.answered(each, partial(ask, each.wish)) for each in again]
        await asyncio.wait_for(asyncio.gather(*asking), PATIENCE)
        await self.closed()
        judge(self.told, self.ground.rows(self.begins_after))
        assert all(each.is_known for each in again)
