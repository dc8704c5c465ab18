"""A fresh database for every test, copied from a template in milliseconds; always PostgreSQL."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import Any

import psycopg
import pytest
import structlog
from argon2 import Parameters, Type
from hypothesis import HealthCheck, settings
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Identifier, Literal
from pydantic import SecretStr
from typer.main import get_command

from api.access.passwords import Passwords
from api.bootstrap import Runtime, build
from api.migrations import steps as web_steps
from api.secrets import load_or_make
from api.settings import Settings
from ledger import guard
from ledger.book import Book
from ledger.embedded import EmbeddedServer
from ledger.migrations import migrate
from ledger.vault import VaultKeys
from projections.database import Views
from projections.projector import Projector
from projections.read_models import ReadModels
from tests import encoded_twice, one_hop
from tests.acting import SET_UP, Pilot
from tests.api.pilot_school import PilotSchool, after_the_evening, pilot_school
from tests.clock import TestClock
from tests.database import (
    NAMES,
    PASSWORDS,
    Beginning,
    Copies,
    TestDatabase,
    TestServer,
    login,
    made,
    write_role_secrets,
)

settings.register_profile(
    "quick", max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("ci", max_examples=200, deadline=None, derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


HERE = Path(__file__).parent
# Without autovacuum: its workers are the superuser's, and would keep a database from going.
KEYS = VaultKeys(encryption=b"e" * 32, index=b"i" * 32)
CHEAP = Parameters(
    type=Type.ID,
    version=19,
    salt_len=16,
    hash_len=32,
    time_cost=1,
    memory_cost=8,
    parallelism=1,
)
FAST = {"fsync": "off", "autovacuum": "off", "max_connections": "200", "scram_iterations": "1"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """What is imported stays to the end: the collector rests meanwhile."""
    gc.disable()
    if [Path(each).resolve() for each in session.config.args] == [HERE]:
        translate_a_share(getattr(session.config, "workerinput", None))


def translate_a_share(worker: dict[str, Any] | None) -> None:
    """Of several workers each translates its share of all tests and keeps it for the others.

    They begin together: each would else come upon every module before another had kept it.
    """
    if worker is None:
        return
    turn, workers = int(worker["workerid"].removeprefix("gw")), worker["workercount"]
    for path in sorted(HERE.rglob("test_*.py"))[turn::workers]:
        with suppress(Exception):  # the collector meets it again, and says so
            import_module(".".join(path.relative_to(HERE.parent).with_suffix("").parts))


def pytest_collection_finish() -> None:
    """What is there by now stays to the end: the collector need not look through it each time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


@pytest.fixture(autouse=True)
def logs_as_they_were() -> Iterator[None]:
    """A command says for the whole process what is logged: not for the tests after its own."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


def with_plain_traces() -> None:
    """What a library says by itself, but for its traces: those in colours take 0.2 s each."""
    *before, _ = structlog.get_config()["processors"]
    renderer = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*before, renderer])


@pytest.fixture(scope="session", autouse=True)
def quick() -> Iterator[None]:
    """What costs a tenth of a second each time is paid by the tests that are about it."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("api.bootstrap.Passwords", partial(Passwords, CHEAP))
        patched.setattr("api.sealed_files.COST", 1 << 10)
        patched.setattr("ledger.pooling.LEAST", 0)
        patched.setattr("ledger.pooling.OPENERS", 1)
        patched.setattr("ledger.mapper.encoded", encoded_twice.encoded)
        patched.setattr("typer.testing._get_command", cache(get_command))
        patched.setattr("starlette.testclient._TestClientTransport.handle_request", one_hop.answer)
        with_plain_traces()
        yield


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestServer]:
    """The server named in the environment, whose owner is a superuser, or our own."""
    named = os.environ.get("PARENT_CREDITS_TEST_DATABASE_URL")
    if named:
        yield TestServer(named, named)
        return
    shared = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent
    embedded = EmbeddedServer(Path(shared) / "pg", temporary=True, settings=FAST)
    with embedded as endpoint:
        superuser = embedded.superuser()
        with psycopg.connect(superuser.conninfo()) as connection:
            connection.execute("SELECT pg_advisory_xact_lock(1)")  # every worker does it
            for each in (endpoint, superuser):  # again, for less work at every connection
                change = SQL("ALTER ROLE {} PASSWORD {}")
                connection.execute(change.format(Identifier(each.user), Literal(each.password)))
        yield TestServer(endpoint.conninfo(), superuser.conninfo())


@pytest.fixture(scope="session")
def server(postgres: TestServer) -> str:
    """The owner's connection string."""
    return postgres.owner


@pytest.fixture(scope="session")
def unread(postgres: TestServer) -> Iterator[str]:
    """An empty, migrated and guarded database without a read model, to copy from."""
    with made(postgres.owner) as name:
        at = make_conninfo(postgres.owner, dbname=name)
        migrate(at, NAMES, PASSWORDS, web_steps())
        guard.ensure(at, NAMES.ledger, lambda: make_conninfo(postgres.superuser, dbname=name))
        yield name


@pytest.fixture(scope="session")
def blank(server: str, unread: str) -> Iterator[str]:
    """The same with its read models, which every test would else set up for itself."""
    with made(server, unread) as name:
        at = login(make_conninfo(server, dbname=name), NAMES.app_role)
        with Views(at, NAMES) as views:
            Projector(views, ReadModels(views).projections).set_up()
        yield name


@pytest.fixture(scope="session")
def nothing(blank: str, tmp_path_factory: pytest.TempPathFactory) -> Beginning:
    var = tmp_path_factory.mktemp("nothing") / "var"
    write_role_secrets(var / "secrets")
    load_or_make(var / "secrets")  # for all tests: each is written to the disk for good
    return Beginning(blank, var)


@pytest.fixture(scope="session")
def beginning(nothing: Beginning) -> Beginning:
    """With what tests begin; a folder or a file may say otherwise."""
    return nothing


@pytest.fixture(scope="session")
def school(
    server: str, blank: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PilotSchool]:
    """The pilot's school, for folders whose tests begin there."""
    with pilot_school(server, blank, tmp_path_factory.mktemp("school") / "var") as found:
        yield found


@pytest.fixture(scope="session")
def attested(
    server: str, school: PilotSchool, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PilotSchool]:
    """The same after its evening, for modules whose tests begin there."""
    var = tmp_path_factory.mktemp("attested") / "var"
    with after_the_evening(server, school, var) as found:
        yield found


@pytest.fixture(scope="session")
def copies(server: str) -> Iterator[Copies]:
    found = Copies(server)
    yield found
    found.close()


@pytest.fixture
def database(beginning: Beginning, copies: Copies) -> Iterator[TestDatabase]:
    with copies.of(beginning.database) as own:
        yield own


@pytest.fixture
def book(database: TestDatabase) -> Iterator[Book]:
    """Every command, on an empty ledger."""
    with Book(database.app, database.vault, database.names, KEYS) as opened:
        yield opened


@pytest.fixture
def pilot(book: Book) -> Pilot:
    """A school with a roster of three families and one planned session."""
    return Pilot(book).set_up()


@pytest.fixture
def clock() -> TestClock:
    """A clock that stands until a test moves it; it begins before the pilot's term."""
    return TestClock(SET_UP)


@pytest.fixture(scope="session")
def of_nobody() -> Settings:
    """Those of nobody who set anything: read once."""
    return Settings()


def join(own: Settings, beginning: Beginning, clock: TestClock) -> Runtime:
    """As a process does it, but for what was done to the template: migrated, guarded, laid out."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("api.database.migrate", lambda *_: [])
        patched.setattr("api.database.guard.ensure", lambda *_: None)
        patched.setattr("api.bootstrap.Projector.set_up", lambda _: None)
        if isinstance(beginning, PilotSchool):  # the key of its vault was noted, and is the copy's
            patched.setattr("api.bootstrap.fitting", lambda secrets, *_: secrets)
        return build(own, now=clock)


@pytest.fixture
def runtime(
    of_nobody: Settings,
    database: TestDatabase,
    beginning: Beginning,
    tmp_path: Path,
    clock: TestClock,
) -> Iterator[Runtime]:
    """Everything joined as a process has it, on the test's database and clock."""
    var = shutil.copytree(beginning.var, tmp_path / "var", dirs_exist_ok=True)
    own = of_nobody.model_copy(update={"database_url": SecretStr(database.owner), "var": var})
    joined = join(own, beginning, clock)
    yield joined
    joined.close()
