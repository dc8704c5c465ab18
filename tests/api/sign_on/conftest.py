"""The program with a provider of single sign-on in its settings, and a browser before it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from api.access.single_sign_on import link
from api.app import create_app
from api.bootstrap import Runtime
from api.settings import Settings
from api.staffing import Newcomer, open_staff
from domain.envelope import Role
from tests.acting import SCHOOL, envelope
from tests.api.desk import ORIGIN
from tests.api.pilot_school import PilotSchool
from tests.api.sign_on.provider import CLIENT, SECRET, SignOnServer, signing_on
from tests.clock import TestClock
from tests.conftest import join
from tests.database import TestDatabase

PASSWORD = "a-long-password-2026"


@pytest.fixture
def provider(clock: TestClock) -> Iterator[SignOnServer]:
    with signing_on(clock) as server:
        yield server


@pytest.fixture(scope="session")
def beginning(school: PilotSchool) -> PilotSchool:
    return school


@pytest.fixture
def house(
    database: TestDatabase,
    beginning: PilotSchool,
    tmp_path: Path,
    clock: TestClock,
    provider: SignOnServer,
) -> Iterator[Runtime]:
    """The program with the provider in its settings; the host's subject is linked."""
    settings = Settings(
        database_url=SecretStr(database.owner),
        var=shutil.copytree(beginning.var, tmp_path / "var", dirs_exist_ok=True),
        public_url=ORIGIN,
        oidc_issuer=provider.issuer,
        oidc_client_id=CLIENT,
        oidc_client_secret=SecretStr(SECRET),
    )
    joined = join(settings, beginning, clock)
    for user, subject in (("host", "teacher-7"), ("desk", None)):
        new = Newcomer(user, "示例老师", (Role.HOST,), SCHOOL, date(2027, 7, 31))
        staff_id, _ = open_staff(joined, new, PASSWORD, envelope(clock.at))
        if subject is not None:
            link(joined.tables, provider.issuer, subject, staff_id, clock.at)
    joined.projector.catch_up()
    yield joined
    joined.close()


@pytest.fixture
def browser(house: Runtime) -> TestClient:
    return TestClient(create_app(house), base_url=ORIGIN, follow_redirects=False)
