"""Runs of rules on their way: one worker each, resumed where they stopped, ended on request."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from api.bootstrap import Runtime
from api.rulebooks import executing
from api.rulebooks.counting import SchoolRow, school_rows, tells_of_few
from api.rulebooks.executing import carry_out, work_once
from api.rulebooks.run import Kind, NewRun, State
from api.rulebooks.runs import RuleRuns
from domain.rehearsal import Totals
from tests.acting import SET_UP, Pilot, envelope
from tests.api.rule_desk import NEXT
from tests.ledger.rules import LATER, rules
from tests.ledger_evening import hold


@pytest.fixture
def runs(runtime: Runtime) -> RuleRuns:
    pilot = Pilot(runtime.book).set_up()
    hold(pilot, pilot.learners)
    draft = rules("2026.2", NEXT, modes__on_site__cap_per_session=150)
    runtime.book.rulebooks.draft(draft, envelope())
    runtime.projector.catch_up()
    return RuleRuns(runtime.tables)


def ask(runs: RuleRuns) -> UUID:
    return runs.ask(NewRun(uuid4(), Kind.DRY_RUN, "", "2026.2", uuid4(), LATER))


def test_a_run_that_was_stopped_goes_on_where_it_stood(
    runtime: Runtime, runs: RuleRuns, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executing, "LEARNERS_AT_ONCE", 1)
    run_id = ask(runs)
    run = runs.take(run_id)
    assert run is not None
    stops = iter([False, True])
    stopped = carry_out(runtime, run, is_stopped=lambda: next(stops))
    assert (stopped.done, runs.get(run_id).state) == (1, State.WAITING)

    while work_once(runtime):
        pass
    whole = ask(runs)
    while work_once(runtime):
        pass

    both = [runs.get(each) for each in (run_id, whole)]
    assert [(each.state, each.done) for each in both] == [(State.FINISHED, 3)] * 2
    assert both[0].sha256 == both[1].sha256
    assert both[0].totals == both[1].totals == Totals(learners=3, losing=3, hours_lost=150)
    assert len(runtime.book.rulebooks.edition("2026.2").dry_runs) == 2


def test_a_run_is_taken_by_one_worker_and_left_behind_by_none(
    runtime: Runtime, runs: RuleRuns
) -> None:
    run_id = ask(runs)
    assert runs.take() is not None
    assert runs.take() is None
    statement = "update {web}.rule_run set beat_at = beat_at - interval '2 minutes'"
    runtime.tables.change(statement, {})
    again = runs.take()
    assert again is not None
    assert again.run_id == run_id


def test_a_run_that_was_cancelled_meanwhile_keeps_nothing(runtime: Runtime, runs: RuleRuns) -> None:
    run_id = ask(runs)
    run = runs.take(run_id)
    assert run is not None
    runs.cancel(run_id, SET_UP)

    assert carry_out(runtime, run).state is State.CANCELLED
    assert runtime.book.rulebooks.edition("2026.2").dry_runs == {}


def test_a_run_that_fails_says_so(runtime: Runtime, runs: RuleRuns) -> None:
    gone = runs.ask(NewRun(uuid4(), Kind.DRY_RUN, "", "1999.1", uuid4(), SET_UP))
    assert work_once(runtime)
    assert (runs.get(gone).state, runs.get(gone).error) == (State.FAILED, "UnknownRulebook")


def test_few_are_not_shown_and_not_told_by_the_others() -> None:
    schools = {
        "4401040001": Totals(gaining=3, losing=12),
        "4401040002": Totals(gaining=40, losing=30),
        "4401040003": Totals(gaining=25, losing=0),
    }
    assert school_rows(schools) == [
        SchoolRow("4401040001", None, 12),
        SchoolRow("4401040002", 40, 30),
        SchoolRow("4401040003", None, 0),
    ]


def test_the_totals_of_few_are_told_to_nobody_who_may_not_list_them() -> None:
    few, many = Totals(gaining=3, losing=12), Totals(gaining=40, losing=30)
    assert tells_of_few(few, {"4401040001": few})
    assert tells_of_few(few + many, {"4401040001": few, "4401040003": Totals(gaining=0)})
    assert not tells_of_few(few + many, {"4401040001": few, "4401040002": many})
    assert not tells_of_few(Totals(), {})
    assert tells_of_few(Totals(stars_lost=1), {})
