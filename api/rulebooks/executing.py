"""Carrying out a run of rules: batch by batch, resumed where it stopped, ended on request."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Final

import structlog

from api.bootstrap import Runtime
from api.rounds import Rounds
from api.rulebooks.run import Found, Kind, RuleRun
from api.rulebooks.runs import RuleRuns
from domain.re_evaluation import Outcomes
from ledger.evaluating import system_envelope
from ledger.rulebooks_backwards import Backwards, Outcome
from ledger.rulebooks_instead import Trial
from ledger.rulebooks_rehearsal import Rehearsal
from projections.learners_in_turn import LearnersInTurn

log = structlog.get_logger(__name__)

LEARNERS_AT_ONCE: Final = 200
APPLIED_AT_ONCE: Final = 50
LOOK_EVERY: Final = 2.0
READ_MODELS_WITHIN: Final = 2.0


class Went(StrEnum):
    """How a batch went: on to the next one, through to the end, or the run is no longer ours."""

    ON = "on"
    THROUGH = "through"
    LOST = "lost"


Progress = Callable[[RuleRun], None]
Step = Callable[[RuleRun], Went]


class RuleWork(Rounds):
    """The worker's part: takes runs that wait, one after the other."""

    def __init__(self, runtime: Runtime) -> None:
        super().__init__("rule-runs", LOOK_EVERY)
        self._runtime = runtime

    def round(self) -> bool:
        return work_once(self._runtime, self.is_stopped)


def work_once(runtime: Runtime, is_stopped: Callable[[], bool] = lambda: False) -> bool:
    """Carry out the next run that waits; False where none does."""
    runs = RuleRuns(runtime.tables)
    run = runs.take()
    if run is None:
        return False
    try:
        carry_out(runtime, run, is_stopped=is_stopped)
    except Exception as error:
        log.exception("rule_run_failed", run=str(run.run_id))
        runs.fail(run.run_id, type(error).__name__, runtime.now())
    return True


def carry_out(
    runtime: Runtime,
    run: RuleRun,
    progress: Progress = lambda _: None,
    is_stopped: Callable[[], bool] = lambda: False,
) -> RuleRun:
    """Go on with a run from where it stands, until it is over or somebody stops it."""
    runs = RuleRuns(runtime.tables)
    if not runtime.projector.wait_for(runtime.book.ledger.position(), timeout=READ_MODELS_WITHIN):
        runtime.projector.catch_up()  # no worker is up: who is enrolled is read all the same
    step = applying(runtime, run) if run.kind is Kind.APPLY else trying(runtime, run)
    while not is_stopped():
        went = step(run)
        if went is Went.THROUGH:
            finish(runtime, run)
        run = runs.get(run.run_id)
        progress(run)
        if went is not Went.ON:
            return run
    runs.release(run)
    return run


def trial_of(runtime: Runtime, run: RuleRun) -> Trial:
    edition = runtime.book.rulebooks.edition(run.version, run.place)
    return Trial(run.run_id, edition, run.asked_at, run.since, run.from_version)


def trying(runtime: Runtime, run: RuleRun) -> Step:
    """Dry runs, a batch at a time."""
    book, runs = runtime.book, RuleRuns(runtime.tables)
    turn = LearnersInTurn(runtime.views)
    kind = Backwards if run.kind is Kind.BACKWARDS else Rehearsal
    rehearsal = kind(book.ledger, book.rulebooks, trial_of(runtime, run), turn.attendances_of)
    runs.count(run, turn.count(run.place))

    def step(at: RuleRun) -> Went:
        learners = turn.after(at.after_learner, at.place, LEARNERS_AT_ONCE)
        if not learners:
            return Went.THROUGH
        schools = turn.schools_of(learners)
        effects = [each for each in rehearsal.effects(learners) if not each.is_nothing]
        found = [Found(each.learner_id, schools[each.learner_id], each) for each in effects]
        return Went.ON if runs.keep(at, found, learners) else Went.LOST

    return step


def applying(runtime: Runtime, run: RuleRun) -> Step:
    """Giving what was rehearsed, a batch at a time."""
    book, runs = runtime.book, RuleRuns(runtime.tables)
    assert run.follows is not None
    rehearsed = runs.get(run.follows)
    turn = LearnersInTurn(runtime.views)
    backwards = Backwards(
        book.ledger, book.rulebooks, trial_of(runtime, rehearsed), turn.attendances_of
    )
    runs.count(run, runs.count_found(rehearsed.run_id))

    def step(at: RuleRun) -> Went:
        expected = runs.expected(rehearsed.run_id, at.after_learner, APPLIED_AT_ONCE)
        if not expected:
            return Went.THROUGH
        outcomes = backwards.apply(run.run_id, expected, run.asked_at)
        became = {key: outcome.value for key, outcome in outcomes.items()}
        return Went.ON if runs.mark(at, became, list(expected)[-1]) else Went.LOST

    return step


def finish(runtime: Runtime, run: RuleRun) -> None:
    """Record what a run ended with; asked again after a crash, it is recorded once."""
    runs, now = RuleRuns(runtime.tables), runtime.now()
    if run.kind is Kind.APPLY:
        return finish_applied(runtime, run)
    sha256, totals = runs.added_up(run)
    if run.kind is Kind.DRY_RUN:
        rulebooks = runtime.book.rulebooks
        edition = rulebooks.edition(run.version, run.place)
        by = system_envelope(now, run.place, run.run_id, "finish")
        rulebooks.finish_dry_run(edition, run.run_id, sha256, run.since, totals, by)
    runs.finish(run, sha256, totals.model_dump(), now)
    return None


def finish_applied(runtime: Runtime, run: RuleRun) -> None:
    runs, now = RuleRuns(runtime.tables), runtime.now()
    assert run.follows is not None
    rehearsed = runs.get(run.follows)
    counts = runs.outcome_counts(rehearsed.run_id)
    assert rehearsed.totals is not None
    outcomes = Outcomes(
        changed=counts.get(Outcome.CHANGED, 0),
        unchanged=rehearsed.totals.learners - sum(counts.values()),
        facts_changed=counts.get(Outcome.FACTS_CHANGED, 0),
        would_lose=counts.get(Outcome.WOULD_LOSE, 0),
    )
    runtime.book.re_evaluations.finish(run.run_id, outcomes, now)
    runs.finish(run, rehearsed.sha256 or "", outcomes.model_dump(), now)
