"""The read side over a real term: views, read models and a projector of the test's own database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from psycopg.conninfo import make_conninfo

from ledger.book import Book
from projections.database import Views
from projections.projector import Projector
from projections.read_models import ReadModels
from tests.acting import Pilot
from tests.conftest import KEYS
from tests.database import NAMES, Beginning, TestDatabase, login, made
from tests.projections.term import Term


@dataclass(frozen=True)
class Kept(Beginning):
    """A database in which a term was played, and the ids of what happened there."""

    term: Term

    def on(self, book: Book) -> Term:
        was = self.term.pilot
        return replace(self.term, pilot=Pilot(book, list(was.learners), was.session_id))


@pytest.fixture(scope="session")
def kept(server: str, unread: str, nothing: Beginning) -> Iterator[Kept]:
    with made(server, unread) as name:
        at = make_conninfo(server, dbname=name)
        with Book(login(at, NAMES.app_role), login(at, NAMES.vault_role), NAMES, KEYS) as book:
            term = Term(Pilot(book).set_up()).play()
        yield Kept(name, nothing.var, term)


@pytest.fixture
def beginning(request: pytest.FixtureRequest, unread: str, nothing: Beginning) -> Beginning:
    """These tests set read models up themselves; a term is played once for all."""
    if "term" in request.fixturenames:
        played: Kept = request.getfixturevalue("kept")
        return played
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
def term(kept: Kept, book: Book) -> Term:
    """A school's term as it happened: a session, awards, an exam, certificates of every state."""
    return kept.on(book)
