"""The demo's dry run: the same rules change nothing of its history, a lower cap a known lot."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from api.bootstrap import Runtime
from api.demo.pilot import load_unless_there
from api.rulebooks.executing import carry_out
from api.rulebooks.run import Kind, NewRun, State
from api.rulebooks.runs import RuleRuns
from domain.rehearsal import Totals
from projections.learners_in_turn import LearnersInTurn
from tests.acting import envelope
from tests.clock import TestClock
from tests.ledger.rules import rules

pytestmark = pytest.mark.timeout(300)
NEXT = date(2031, 3, 1)
AUTUMN = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def found(runtime: Runtime, version: str, **figures: int) -> Totals:
    runtime.book.rulebooks.draft(rules(version, NEXT, **figures), envelope(runtime.now()))
    runs = RuleRuns(runtime.tables)
    asked = NewRun(uuid4(), Kind.DRY_RUN, "", version, uuid4(), runtime.now())
    run = runs.take(runs.ask(asked))
    assert run is not None
    done = carry_out(runtime, run)
    assert done.state is State.FINISHED
    assert done.totals is not None
    return done.totals


def test_the_demo_s_own_rules_change_nothing_and_others_what_they_must(
    runtime: Runtime, clock: TestClock
) -> None:
    clock.move_to(AUTUMN)
    load_unless_there(runtime)

    same = found(runtime, "2031.1")
    assert same == Totals(learners=same.learners)

    capped = found(runtime, "2031.2", modes__on_site__cap_per_session=150)
    over = [hours - 150 for hours in on_site(runtime) if hours > 150]
    assert len(over) > 10
    assert (capped.hours_gained, capped.hours_lost) == (0, sum(over))


def on_site(runtime: Runtime) -> list[int]:
    """The hours of every line of on-site teaching that stands, read off the statements."""
    learners = LearnersInTurn(runtime.views).after(None, "", 1_000)
    lines = [line for key in learners for line in runtime.models.accounts.statement(key)]
    gone = {line.entry_id for line in lines if line.kind == "reversed"}
    return [
        line.hours
        for line in lines
        if line.kind == "awarded" and line.mode == "on_site" and line.entry_id not in gone
    ]
