"""The read side over a real term: views, read models and a projector of the test's own database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from projections.database import Views
from projections.projector import Projector
from projections.read_models import ReadModels
from tests.acting import Pilot
from tests.database import Beginning, TestDatabase
from tests.projections.term import Term


@pytest.fixture(scope="session")
def beginning(unread: str, nothing: Beginning) -> Beginning:
    """These tests set read models up themselves."""
    return replace(nothing, database=unread)


@pytest.fixture
def views(database: TestDatabase) -> Iterator[Views]:
    with Views(database.app, database.names) as opened:
        yield opened


@pytest.fixture
def models(views: Views) -> ReadModels:
    return ReadModels(views)


@pytest.fixture
def projector(views: Views, models: ReadModels) -> Projector:
    made = Projector(views, models.projections)
    made.set_up()
    return made


@pytest.fixture
def term(pilot: Pilot) -> Term:
    """A school's term as it happened: a session, awards, an exam, certificates of every state."""
    return Term(pilot).play()
