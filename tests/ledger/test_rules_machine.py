"""The whole ledger in any order, against a model that fits on a page.

Evenings, corrections, voids, exams, merges, new rules and the closing of the term.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from datetime import UTC, date, datetime, timedelta
from functools import partial
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
from domain.completing import CompletionKind
from domain.correction import AttendanceOrder, ExamResultOrder, Order, SessionVoidOrder, State
from domain.evaluation import Evaluation
from domain.plan import SessionPlan
from domain.refusals import Refused
from domain.rules import ReversalReason
from domain.standing import Standing
from ledger.book import Book
from ledger.exams_on_paper import PaperResult
from ledger.roster import Roster
from tests.acting import SCHOOL, STARTS, Pilot, entry, envelope
from tests.ledger.evenings import credited
from tests.ledger.merging import merge_of, parting
from tests.ledger.rules import in_force, with_figures
from tests.ledger.rules_model import CAP, NEEDED, PLANNED, STAYS, Model

SESSIONS, LEARNERS = st.integers(0, 5), st.integers(0, 2)
COORDINATOR, COLLEAGUE, OFFICER = (uuid4() for _ in range(3))
LATER = STARTS + timedelta(days=60)
CHANGE = (STARTS + timedelta(days=18)).date()  # new rules bind from the fourth evening on
COMPLETED = (CompletionKind.ANNUAL, "2026")
FIRST_DAY = date(2026, 8, 1)
RULES = {
    "completion.annual.min_hours": NEEDED,
    "completion.annual.min_face_to_face_hours": NEEDED,
    "completion.annual.supply_guard.floor": NEEDED,
    "course_families.required_for_completion": 1,
}


class RulesMachine(RuleBasedStateMachine):
    """Six evenings of theme activities in one term, four fill the cap; three records of people."""

    runtime: ClassVar[Runtime]
    pilot: ClassVar[Pilot]
    plan: ClassVar[SessionPlan]
    percent: ClassVar[int] = 75

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
        self.exam = self.book.exams.publish(SCHOOL, f"考核{run}", LATER.date(), envelope(LATER))
        self.attempts: dict[int, UUID] = {}

    def _begins(self, session: int) -> datetime:
        return STARTS + timedelta(days=7 * session)

    @rule(percent=st.sampled_from([60, 75]))
    def publish_rules(self, percent: int) -> None:
        """They bind what is announced from now on, and nothing that was announced before."""
        figures = {"attendance.full_credit_min_percent": percent, **RULES}
        version = f"2026.{len(self.book.rulebooks.editions('')) + 1}"
        in_force(self.book, with_figures(version, CHANGE, figures))
        type(self).percent = percent

    def _announce(self, session: int) -> None:
        begins = self._begins(session)
        plan = self.plan.model_copy(
            update={
                "title": f"第{session}次 {self.sessions[session]}",
                "course_id": self.sessions[session], "mode": "theme_activity",
                "begins_at": begins, "ends_at": begins + timedelta(minutes=PLANNED),
            }
        )  # fmt: skip
        self.book.sessions.schedule(self.sessions[session], plan, envelope(), confirmed=True)
        is_new = begins.date() >= CHANGE
        self.model.full_percent[session] = self.percent if is_new else 75

    @rule(session=SESSIONS)
    def announce(self, session: int) -> None:
        if session not in self.model.full_percent:
            self._announce(session)

    @rule(session=SESSIONS, present=st.sets(LEARNERS))
    def hold(self, session: int, present: set[int]) -> None:
        """A whole evening, from the door to the award run, once."""
        if session in self.model.held | self.model.voided:
            return
        self.announce(session)
        present = {self.model.speaker(learner) for learner in present}
        there = [self.learners[learner] for learner in sorted(present)]
        credited(self.book, self.sessions[session], self._begins(session), there)
        self.model.minutes |= {(session, learner): PLANNED for learner in present}
        self.model.held.add(session)

    @rule(session=SESSIONS, learner=LEARNERS, minutes=st.sampled_from(STAYS))
    def correct(self, session: int, learner: int, minutes: int) -> None:
        """Somebody was there for so long, or (0) was not there."""
        begins = self._begins(session)
        stay = Stay(begins=begins, ends=begins + timedelta(minutes=minutes)) if minutes else None
        order = AttendanceOrder(
            session_id=self.sessions[session], learner_id=self.learners[learner], stay=stay,
            reason_code=ReversalReason.ENTRY_ERROR,
        )  # fmt: skip

        then = partial(self.model.minutes.__setitem__, (session, learner), minutes)
        if self._signed(order, COLLEAGUE, then):
            assert session in self.model.held - self.model.voided

    @rule(session=SESSIONS)
    def void(self, session: int) -> None:
        order = SessionVoidOrder(
            session_id=self.sessions[session], reason_code=ReversalReason.SESSION_VOIDED
        )
        self._signed(order, OFFICER, lambda: self.model.voided.add(session))

    @rule(one=LEARNERS, other=LEARNERS)
    def merge(self, one: int, other: int) -> None:
        """Two records are one person's, as long as neither was merged already."""
        may_be = one != other and not {one, other} & self.model.merged.keys()
        order = merge_of(self.learners[one], self.learners[other])
        then = partial(self.model.merged.__setitem__, other, one)
        assert self._signed(order, OFFICER, then) is may_be

    @rule(other=LEARNERS)
    def part(self, other: int) -> None:
        """A merge is undone, as long as the record that speaks was not merged itself."""
        one = self.model.merged.get(other, other)
        may_be = one != other and one not in self.model.merged
        order = parting(self.learners[one], self.learners[other])
        then = partial(self.model.merged.pop, other)
        assert self._signed(order, OFFICER, then) is may_be

    @rule(learner=LEARNERS)
    def pass_the_exam(self, learner: int) -> None:
        """Once per record: typed by one, checked by another; then the worker evaluates."""
        if learner in self.attempts or learner in self.model.merged:
            return
        exams, results = self.book.exams, [PaperResult(self.learners[learner], 80)]
        assert not exams.enter_results(self.exam, results, envelope(LATER))
        assert not exams.check_results(self.exam, results, envelope(LATER))
        case = exams.case(exams.get(self.exam), self.learners[learner])
        self.attempts[learner] = case.over[-1].id
        self.model.passed.add(learner)
        self.book.awards.evaluate(self.learners[learner], LATER, uuid4())

    @rule(learner=LEARNERS)
    def void_the_exam(self, learner: int) -> None:
        if learner in self.model.passed:
            order = ExamResultOrder(
                exam_id=self.exam, attempt_id=self.attempts[learner],
                reason_code=ReversalReason.ENTRY_ERROR,
            )  # fmt: skip
            assert self._signed(order, OFFICER, partial(self.model.passed.remove, learner))

    def _signed(self, order: Order, second: UUID, then: Callable[[], object]) -> bool:
        """Previewed, signed, approved where it takes a second person: and it equals the preview."""
        corrections = self.book.corrections
        by, before = envelope(LATER, actor_id=COORDINATOR), self.book.ledger.position()
        try:
            preview = corrections.preview(order, by)
        except Refused:
            assert self.book.ledger.position() == before
            return False
        done = corrections.propose(order, preview.sha256, by)
        if done.state is State.WAITING:
            done = corrections.approve(done.id, preview.sha256, envelope(LATER, actor_id=second))
        assert done.state is State.APPLIED
        then()
        for change in preview.effects.changes:
            if change.learner_id in self.learners:
                number = self.learners.index(change.learner_id)
                assert change.hours_after == self.model.balance(number)
        return True

    @rule(session=SESSIONS)
    def ask_the_award_run_again(self, session: int) -> None:
        before = self.book.ledger.position()
        if session in self.model.full_percent:
            self.book.awards.run(self.sessions[session], LATER + timedelta(days=1), uuid4())
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

    def _completions(self, learner: int) -> Collection[tuple[CompletionKind, str]]:
        key = Evaluation.create_id(self.learners[learner], "primary")
        evaluation = self.book.ledger.find(Evaluation, key)
        return evaluation.completions if evaluation else ()

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
            assert (COMPLETED in self._completions(learner)) is self.model.completes(learner)
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
    Machine.pilot = Pilot(runtime.book, rules=with_figures("2026.1", FIRST_DAY, RULES)).set_up()
    Machine.plan = runtime.book.sessions.get(Machine.pilot.session_id).plan
    run = settings(
        max_examples=100 if thorough else 10,
        stateful_step_count=60 if thorough else 20,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Machine, settings=run)
