"""The whole ledger, driven in any order against a model that fits on a page."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from domain.account import Account
from domain.envelope import Envelope, Role
from domain.exam import ExamRecord
from domain.plan import SessionPlan
from domain.refusals import Refused
from ledger.book import Book
from ledger.exams import PaperResult
from ledger.roster import Roster
from ledger.rulebooks import default_rulebook
from tests.acting import SCHOOL, STARTS, Pilot, entry, envelope
from tests.ledger.evenings import wish

LEARNERS = st.integers(0, 3)
SESSIONS = st.integers(0, 2)
RULES = default_rulebook().exam
ATTEMPTS = RULES.attempts_max
PAPERS = st.tuples(LEARNERS, st.integers(1, ATTEMPTS + 1))
STAFF = [uuid4() for _ in range(3)]
PERSONS = st.sampled_from(STAFF)


Act = Callable[[UUID, list[PaperResult], Envelope], dict[UUID, Refused]]
Paper = tuple[int, int]  # whose, and of which sitting
Answer = tuple[bool, bool]  # whether it is taken, and whether it is news


@dataclass
class Typed:
    """A result that waits for its check."""

    score: int
    person: UUID
    tries_left: int = RULES.blind_checks_max


@dataclass
class Model:
    """What must be true: who is in, who is out, which sessions are awarded, what is counted."""

    inside: set[tuple[int, int]] = field(default_factory=set)
    left: set[tuple[int, int]] = field(default_factory=set)
    awarded: set[int] = field(default_factory=set)
    typed: dict[Paper, Typed] = field(default_factory=dict)
    counted: dict[Paper, int] = field(default_factory=dict)

    def balance(self, learner: int) -> int:
        """Two hours an evening: each is of its own course, and everybody stays to the end."""
        return 200 * sum((s, learner) in self.left for s in self.awarded)

    def attempts(self, learner: int) -> int:
        return sum(who == learner for who, _ in self.counted)

    def types(self, paper: Paper, score: int, person: UUID) -> Answer:
        """Whether a typed result is taken, and whether it is news."""
        if paper in self.counted:
            return self.counted[paper] == score, False
        if paper in self.typed:
            typed = self.typed[paper]
            return (typed.score, typed.person) == (score, person), False
        learner = paper[0]
        waits = any(who == learner for who, _ in self.typed)
        if waits or self.attempts(learner) >= ATTEMPTS:
            return False, False
        self.typed[paper] = Typed(score, person)
        return True, True

    def checks(self, paper: Paper, score: int, person: UUID) -> Answer:
        """Whether a check is taken; then the result counts. One that differs is remembered."""
        if paper not in self.typed:
            return self.counted.get(paper) == score, False
        typed = self.typed[paper]
        if typed.person == person or not typed.tries_left:
            return False, False
        if typed.score != score:
            typed.tries_left -= 1
            return False, True
        del self.typed[paper]
        self.counted[paper] = score
        return True, True


class LedgerMachine(RuleBasedStateMachine):
    """Three evenings a week apart, four parents, three of the staff."""

    book: ClassVar[Book]
    pilot: ClassVar[Pilot]
    pilot_plan: ClassVar[SessionPlan]

    @initialize()
    def begin(self) -> None:
        """Every run has families and evenings of its own in the one school."""
        self.model = Model()
        run = uuid4().int % 10**6
        rows = [
            entry(n, student_no=f"{run}-{n}", name=f"（示例）{run}-{n}", phone=f"100{run:06}{n:02}")
            for n in range(4)
        ]
        taken = self.book.rosters.take(Roster(SCHOOL, 2026), rows, envelope(), dry_run=False)
        self.learners = [result.id for result in taken if result.id]
        self.sessions = [self._scheduled(run, number) for number in range(3)]
        day = date(2026, 11, 20)
        self.exam = self.book.exams.publish(SCHOOL, f"期末{run}", day, envelope())

    def _scheduled(self, run: int, number: int) -> UUID:
        session_id, begins = uuid4(), self._begins(number)
        plan = self.pilot_plan.model_copy(
            update={
                "title": f"第{number}课 {run}",
                "course_id": session_id,
                "begins_at": begins,
                "ends_at": begins + timedelta(minutes=80),
            }
        )
        self.book.sessions.schedule(session_id, plan, envelope(), confirmed=True)
        return session_id

    def _begins(self, session: int) -> datetime:
        return STARTS + timedelta(days=7 * session)

    def _by(self, session: int, minutes: int, person: UUID, role: Role = Role.HOST) -> Envelope:
        return envelope(self._begins(session) + timedelta(minutes=minutes), role, person)

    @contextmanager
    def _refusing_leaves_no_trace(self) -> Iterator[None]:
        before = self.book.ledger.position()
        try:
            yield
        except Refused:
            assert self.book.ledger.position() == before

    def _try(self, command: Callable[[], object], then: Callable[[], object]) -> None:
        with self._refusing_leaves_no_trace():
            command()
            then()

    @rule(session=SESSIONS, minutes=st.sampled_from([-40, -20, 90]), person=PERSONS)
    def open(self, session: int, minutes: int, person: UUID) -> None:
        by = self._by(session, minutes, person)
        self._try(lambda: self.book.sessions.open(self.sessions[session], by), lambda: None)

    @rule(session=SESSIONS, learner=LEARNERS, minutes=st.sampled_from([-31, 0, 10, 31]))
    def check_in(self, session: int, learner: int, minutes: int) -> None:
        self.pilot.session_id = self.sessions[session]
        asked = wish(self.pilot, self.learners[learner], minutes + 7 * 24 * 60 * session)
        is_in = (session, learner) in self.model.inside

        def then() -> None:
            assert not is_in
            self.model.inside.add((session, learner))

        self._try(lambda: self.book.attendances.check_in(asked), then)

    @rule(session=SESSIONS, learner=LEARNERS)
    def check_out(self, session: int, learner: int) -> None:
        who = self.learners[learner]
        by = self._by(session, 80, who, Role.PARENT)

        def then() -> None:
            assert (session, learner) in self.model.inside - self.model.left
            self.model.left.add((session, learner))

        self._try(
            lambda: self.book.attendances.check_out(
                self.sessions[session], who, uuid4(), by, by_staff=False
            ),
            then,
        )

    @rule(session=SESSIONS, person=PERSONS)
    def close(self, session: int, person: UUID) -> None:
        by = self._by(session, 80, person)
        self._try(lambda: self.book.sessions.close(self.sessions[session], by), lambda: None)

    @rule(session=SESSIONS, present=st.integers(0, 9), person=PERSONS)
    def count(self, session: int, present: int, person: UUID) -> None:
        by = self._by(session, 81, person)
        self._try(
            lambda: self.book.sessions.count_heads(self.sessions[session], present, None, by),
            lambda: None,
        )

    @rule(session=SESSIONS, role=st.sampled_from([Role.HOST, Role.COORDINATOR]), person=PERSONS)
    def attest(self, session: int, role: Role, person: UUID) -> None:
        by = self._by(session, 82, person, role)
        self._try(lambda: self.book.sessions.attest(self.sessions[session], role, by), lambda: None)

    @rule(session=SESSIONS, learners=st.sets(LEARNERS))
    def walk_through(self, session: int, learners: set[int]) -> None:
        """The whole evening as it should be, from wherever it stands."""
        self.open(session, -20, STAFF[0])
        for learner in learners:
            self.check_in(session, learner, 0)
            self.check_out(session, learner)
        self.close(session, STAFF[0])
        self.count(session, sum(s == session for s, _ in self.model.inside), STAFF[0])
        for role, person in ((Role.HOST, STAFF[0]), (Role.COORDINATOR, STAFF[1])):
            self.attest(session, role, person)
        self.award(session)

    @rule(session=SESSIONS)
    def award(self, session: int) -> None:
        """Asked twice: the second asking finds nothing to do."""
        session_id, at = self.sessions[session], self._by(session, 83, STAFF[0]).at
        self.book.awards.run(session_id, at, uuid4())
        position = self.book.ledger.position()
        self.book.awards.run(session_id, at, uuid4())
        assert self.book.ledger.position() == position
        stands = self.book.sessions.get(session_id)
        if len(stands.attested_by) == 2:
            self.model.awarded.add(session)

    @rule(paper=PAPERS, score=st.sampled_from([59, 60]), person=PERSONS)
    def enter_result(self, paper: Paper, score: int, person: UUID) -> None:
        expected = self.model.types(paper, score, person)
        self._result(self.book.exams.enter_results, expected, paper, score, person)

    @rule(paper=PAPERS, score=st.sampled_from([59, 60]), person=PERSONS)
    def check_result(self, paper: Paper, score: int, person: UUID) -> None:
        expected = self.model.checks(paper, score, person)
        self._result(self.book.exams.check_results, expected, paper, score, person)

    def _result(self, act: Act, expected: Answer, paper: Paper, score: int, person: UUID) -> None:
        before, (learner, sitting) = self.book.ledger.position(), paper
        result = PaperResult(self.learners[learner], score, sitting)
        refused = act(self.exam, [result], envelope(actor_id=person))
        assert (not refused, self.book.ledger.position() != before) == expected

    @invariant()
    def every_learner_is_in_each_session_at_most_once(self) -> None:
        for number, session_id in enumerate(getattr(self, "sessions", ())):
            inside = sum(s == number for s, _ in self.model.inside)
            assert len(self.book.sessions.attendance_ids(session_id)) == inside

    @invariant()
    def results_count_as_often_as_they_were_checked(self) -> None:
        for number, learner in enumerate(getattr(self, "learners", ())):
            record = self.book.ledger.find(ExamRecord, ExamRecord.create_id(learner))
            attempts = record.attempts[self.exam] if record else []
            assert len(attempts) == self.model.attempts(number)

    @invariant()
    def balances_are_those_of_the_model(self) -> None:
        for number, learner in enumerate(getattr(self, "learners", ())):
            account = self.book.ledger.find(Account, Account.create_id(learner))
            assert (account.balance if account else 0) == self.model.balance(number)


def test_the_ledger_keeps_its_word_in_any_order(pilot: Pilot) -> None:
    thorough = os.environ.get("HYPOTHESIS_PROFILE") == "ci"

    class Machine(LedgerMachine):
        book = pilot.book

    Machine.pilot = pilot
    Machine.pilot_plan = pilot.book.sessions.get(pilot.session_id).plan
    live: dict[UUID, Any] = {}
    run = settings(
        max_examples=60 if thorough else 16,
        stateful_step_count=50 if thorough else 25,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    with pytest.MonkeyPatch.context() as patch:
        save = pilot.book.ledger.save

        def remembering(*made: Any, **watched: Any) -> Any:
            recorded = save(*made, **watched)
            live.update({each.id: each for each in made})
            return recorded

        patch.setattr(pilot.book.ledger, "save", remembering)
        run_state_machine_as_test(Machine, settings=run)
    reloaded = pilot.book.ledger.load(live)
    assert len(live) > 20
    assert {key: vars(made) for key, made in reloaded.items()} == {
        key: vars(made) for key, made in live.items()
    }
