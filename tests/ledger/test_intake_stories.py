"""The intake against a model: whatever happens around it, what it answers is true."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator, Sequence

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ledger.intake
import ledger.store
from domain.learner import Learner, UnknownLearner
from tests.acting import Pilot
from tests.database import TestDatabase
from tests.faults.cutting import cutting
from tests.ledger.intake_ground import Ground
from tests.ledger.intake_steps import Step, stories
from tests.ledger.intake_story import Story

IS_LONG = os.environ.get("HYPOTHESIS_PROFILE") == "ci"
EXAMPLES = 1000 if IS_LONG else 25
SECONDS = 7200 if IS_LONG else 300


@pytest.fixture
def ground(
    pilot: Pilot, database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Ground]:
    monkeypatch.setattr(ledger.intake, "SECONDS_BEFORE_RECONNECT", 0.0)
    monkeypatch.setattr(ledger.store, "SECONDS_BETWEEN", 0.0)
    book = pilot.book
    plan = book.sessions.get(pilot.session_id).plan
    like = book.ledger.get(Learner, pilot.learners[0], UnknownLearner)
    with (
        cutting(database.app) as first,
        cutting(database.app) as second,
        psycopg.connect(database.app, autocommit=True) as blocker,
        psycopg.connect(database.owner, autocommit=True) as owner,
    ):
        yield Ground(book, (first, second), blocker, owner, plan, like)


@pytest.mark.timeout(SECONDS)
def test_whatever_happens_every_answer_is_true(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Scans, replays, other doors, merges, lost requests and answers, in any order."""

    @settings(max_examples=EXAMPLES)
    @given(steps=stories, most=st.sampled_from([1, 3, 500, 500]))
    def holds(steps: Sequence[Step], most: int) -> None:
        monkeypatch.setattr(ledger.intake, "MOST_IN_A_BATCH", most)
        asyncio.run(Story(ground).run(steps))

    holds()
