"""Evenings, corrections, voids and closings in any order, against a model that fits on a page."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import ClassVar
from uuid import UUID, uuid4

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from api.bootstrap import Runtime
from domain.account import Account
from domain.attendance import Stay
from domain.closing import TermClosing, TermTotals
from domain.correction import AttendanceOrder, Order, SessionVoidOrder, State
from domain.envelope import Actor, Channel, Role
from domain.plan import SessionPlan
from domain.refusals import Refused
from domain.rules import ReversalReason
from domain.standing import Standing
from ledger.book import Book
from ledger.check_in import CheckIn
from ledger.roster import Roster
from tests.acting import SCHOOL, STARTS, Pilot, entry, envelope

CAP = 800  # theme activities, a term (rulebook: modes.theme_activity.cap_per_term)
SESSIONS, LEARNERS = st.integers(0, 5), st.integers(0, 2)
HOST, COORDINATOR, COLLEAGUE, OFFICER = (uuid4() for _ in range(4))
WORTH = {0: 0, 39: 0, 40: 100, 59: 100, 60: 200, 80: 200}  # minutes of 80, and the hours for them


@dataclass
class Model:
    """Who is on record for how many minutes of which evening, and which evenings count."""

    minutes: dict[tuple[int, int], int] = field(default_factory=dict)
    held: set[int] = field(default_factory=set)
    voided: set[int] = field(default_factory=set)
    is_closed: bool = False

    def balance(self, learner: int) -> int:
        hours = sum(
            WORTH[minutes]
            for (session, who), minutes in self.minutes.items()
            if who == learner and session not in self.voided
        )
        return min(hours, CAP)


class RulesMachine(RuleBasedStateMachine):
    """Six evenings of theme activities in one term: four of them fill the cap."""

    runtime: ClassVar[Runtime]
    pilot: ClassVar[Pilot]
    plan: ClassVar[SessionPlan]

    @initialize()
    def begin(self) -> None:
        """Every run has families, evenings and a term of its own in the one school."""
        # The term is the school's: an earlier run may have closed it.
        self.model = Model(is_closed=self._closing is not None)
        self.known: list[tuple[datetime, list[int]]] = []
        run = uuid4().int % 10**6
        rows = [
            entry(n, student_no=f"{run}-{n}", name=f"（示例）{run}-{n}", phone=f"100{run:06}{n:02}")
            for n in range(3)
        ]
        taken = self.book.rosters.take(Roster(SCHOOL, 2026), rows, envelope(), dry_run=False)
        self.learners = [result.id for result in taken if result.id]
        self.sessions = [uuid4() for _ in range(6)]
        for number, session_id in enumerate(self.sessions):
            begins = self._begins(number)
            plan = self.plan.model_copy(
                update={
                    "title": f"第{number}次 {run}", "course_id": session_id,
                    "mode": "theme_activity", "begins_at": begins,
                    "ends_at": begins + timedelta(minutes=80),
                }
            )  # fmt: skip
            self.book.sessions.schedule(session_id, plan, envelope(), confirmed=True)

    def _begins(self, session: int) -> datetime:
        return STARTS + timedelta(days=7 * session)

    @rule(session=SESSIONS, present=st.sets(LEARNERS))
    def hold(self, session: int, present: set[int]) -> None:
        """A whole evening, from the door to the award run, once."""
        if session in self.model.held | self.model.voided:
            return
        sessions, session_id, at = self.book.sessions, self.sessions[session], self._begins(session)
        ends = at + timedelta(minutes=80)
        sessions.open(session_id, envelope(at, Role.HOST, HOST))
        for learner in sorted(present):
            self._attend(session_id, self.learners[learner], at)
            self.model.minutes[session, learner] = 80
        sessions.close(session_id, envelope(ends, Role.HOST, HOST))
        sessions.count_heads(session_id, len(present), None, envelope(ends, Role.HOST, HOST))
        sessions.attest(session_id, Role.HOST, envelope(ends, Role.HOST, HOST))
        last = envelope(ends, Role.COORDINATOR, COORDINATOR)
        sessions.attest(session_id, Role.COORDINATOR, last)
        self.book.awards.run(session_id, ends, last.command_id)
        self.model.held.add(session)

    def _attend(self, session_id: UUID, learner: UUID, at: datetime) -> None:
        own = Actor(id=learner, role=Role.PARENT, organisation=SCHOOL)
        self.book.attendances.check_in(
            CheckIn(
                session_id=session_id, learner_id=learner, scan_id=uuid4(),
                channel=Channel.ROTATING_QR, actor=own, at=at, now=at,
            )
        )  # fmt: skip
        out = envelope(at + timedelta(minutes=80), Role.PARENT, learner)
        self.book.attendances.check_out(session_id, learner, uuid4(), out, by_staff=False)

    @rule(session=SESSIONS, learner=LEARNERS, minutes=st.sampled_from(sorted(WORTH)))
    def correct(self, session: int, learner: int, minutes: int) -> None:
        """Somebody was there for so long, or (0) was not there."""
        begins = self._begins(session)
        stay = Stay(begins=begins, ends=begins + timedelta(minutes=minutes)) if minutes else None
        order = AttendanceOrder(
            session_id=self.sessions[session], learner_id=self.learners[learner], stay=stay,
            reason_code=ReversalReason.ENTRY_ERROR,
        )  # fmt: skip

        def then() -> None:
            assert session in self.model.held - self.model.voided
            self.model.minutes[session, learner] = minutes

        self._signed(order, COLLEAGUE, then)

    @rule(session=SESSIONS)
    def void(self, session: int) -> None:
        order = SessionVoidOrder(
            session_id=self.sessions[session], reason_code=ReversalReason.SESSION_VOIDED
        )
        self._signed(order, OFFICER, lambda: self.model.voided.add(session))

    def _signed(self, order: Order, second: UUID, then: Callable[[], object]) -> None:
        """Previewed, signed, approved where it takes a second person: and it equals the preview."""
        corrections, at = self.book.corrections, STARTS + timedelta(days=60)
        by, before = envelope(at, actor_id=COORDINATOR), self.book.ledger.position()
        try:
            preview = corrections.preview(order, by)
        except Refused:
            assert self.book.ledger.position() == before
            return
        done = corrections.propose(order, preview.sha256, by)
        if done.state is State.WAITING:
            assert done.second != "colleague" or self.model.is_closed
            done = corrections.approve(done.id, preview.sha256, envelope(at, actor_id=second))
        assert done.state is State.APPLIED
        then()
        for change in preview.effects.changes:
            if change.learner_id in self.learners:
                number = self.learners.index(change.learner_id)
                assert change.hours_after == self.model.balance(number)

    @rule(session=SESSIONS)
    def ask_the_award_run_again(self, session: int) -> None:
        before = self.book.ledger.position()
        self.book.awards.run(self.sessions[session], STARTS + timedelta(days=61), uuid4())
        assert self.book.ledger.position() == before

    @rule(learner=LEARNERS, case=st.uuids())
    def hold_and_release(self, learner: int, case: UUID) -> None:
        """What is held and released again is as it was."""
        account = self._account(learner)
        if account is None or not account.credits:
            return
        entries = (next(iter(account.credits)),)
        account.hold(entries, case, envelope())
        account.release(entries, case, envelope())
        self.book.ledger.save(account)

    @rule()
    def close_the_term(self) -> None:
        if self._closing is None:
            totals = TermTotals.model_validate(dict.fromkeys(TermTotals.model_fields, 0))
            closing = TermClosing(
                id=TermClosing.create_id(SCHOOL, "2026-1"), school_code=SCHOOL,
                school_year=2026, term_no=1, totals=totals, sha256="0" * 64,
                forced=False, obstacles={}, envelope=envelope(),
            )  # fmt: skip
            self.book.ledger.save(closing)
        self.model.is_closed = True

    @property
    def book(self) -> Book:
        return self.pilot.book

    @property
    def _closing(self) -> TermClosing | None:
        return self.book.ledger.find(TermClosing, TermClosing.create_id(SCHOOL, "2026-1"))

    def _account(self, learner: int) -> Account | None:
        return self.book.ledger.find(Account, Account.create_id(self.learners[learner]))

    @invariant()
    def balances_are_those_of_the_model(self) -> None:
        if not hasattr(self, "model"):
            return
        balances: list[int] = []
        for learner in range(3):
            account = self._account(learner)
            balances.append(account.balance if account else 0)
            assert balances[-1] == self.model.balance(learner)
            if account is not None:
                assert balances[-1] == sum(line.hours for line in account.standing) <= CAP
                assert len({line.source_id for line in account.standing}) == len(account.standing)
                assert not account.reversed.keys() & account.credits.keys()
        self.known.append((datetime.now(UTC), balances))

    @invariant()
    def a_voided_session_stays_voided(self) -> None:
        for session in getattr(self, "model", Model()).voided:
            standing = self.book.sessions.get(self.sessions[session]).standing
            assert standing is Standing.VOIDED

    def teardown(self) -> None:
        """What was known after each step is what the statement says was known then."""
        self.runtime.projector.catch_up()
        for at, balances in getattr(self, "known", []):
            assert [self._as_known(learner, at) for learner in range(3)] == balances

    def _as_known(self, learner: int, at: datetime) -> int:
        lines = self.runtime.models.accounts.statement(self.learners[learner], known_by=at)
        return lines[-1].balance if lines else 0


def test_corrections_keep_their_word_in_any_order(runtime: Runtime) -> None:
    thorough = os.environ.get("HYPOTHESIS_PROFILE") == "ci"

    class Machine(RulesMachine):
        pass

    Machine.runtime = runtime
    Machine.pilot = Pilot(runtime.book).set_up()
    Machine.plan = runtime.book.sessions.get(Machine.pilot.session_id).plan
    run = settings(
        max_examples=40 if thorough else 10,
        stateful_step_count=40 if thorough else 20,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Machine, settings=run)
