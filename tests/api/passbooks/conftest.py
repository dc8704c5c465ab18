"""A school year of one parent, written down as a passbook once for all tests that touch a copy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from api.bootstrap import Runtime, build
from api.passbook.file import Passbook
from api.passbook.making import passbook_of
from api.settings import Settings
from tests.acting import Pilot
from tests.api.desk import Desk, at_work, two_schools
from tests.api.log.test_log_files import step
from tests.api.passbooks.touching import Touched
from tests.api.test_cli import Command
from tests.clock import TestClock
from tests.database import Copies, TestDatabase, write_role_secrets
from tests.ledger.test_voided_later import MARCH, a_full_year


@pytest.fixture(scope="module")
def year(copies: Copies, blank: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[bytes]:
    """Four evenings, an exam, a completion and stars; in March one evening is voided."""
    var = tmp_path_factory.mktemp("passbook") / "var"
    write_role_secrets(var / "secrets")
    with copies.of(blank) as database:
        settings = Settings(database_url=SecretStr(database.owner), var=var)
        runtime = build(settings, now=TestClock(MARCH))
        try:
            made = a_full_year(Pilot(runtime.book).set_up())
            made.attend(5)
            made.void(made.sessions[0], MARCH)
            runtime.projector.catch_up()
            step(runtime.log_keeping)
            yield passbook_of(runtime, made.learner).as_bytes()
        finally:
            runtime.close()


@pytest.fixture
def desk(runtime: Runtime, clock: TestClock) -> Iterator[Desk]:
    with at_work(runtime, clock, two_schools(runtime)) as made:
        yield made


@pytest.fixture
def book(year: bytes) -> Passbook:
    return Passbook.model_validate_json(year)


@pytest.fixture
def touched(year: bytes) -> Touched:
    """A copy to change before it is checked."""
    return Touched(year)


@pytest.fixture
def offline(tmp_path: Path) -> Command:
    """The program on a machine that has no installation, and reaches none."""
    nobody = TestDatabase("postgresql://nobody@127.0.0.1:1/nothing", "", "", "")
    return Command(nobody, tmp_path / "nowhere")
