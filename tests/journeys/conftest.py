"""One running site for a journey."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from api.bootstrap import build
from api.settings import Settings
from tests.clock import TestClock
from tests.database import TestDatabase, write_role_secrets
from tests.journeys.site import Site, free_port, running


@pytest.fixture
def site(database: TestDatabase, tmp_path: Path, clock: TestClock) -> Iterator[Site]:
    port = free_port()
    settings = Settings(
        database_url=SecretStr(database.owner),
        var=tmp_path / "var",
        port=port,
        public_url=f"http://127.0.0.1:{port}",
    )
    write_role_secrets(settings.secrets_folder)
    runtime = build(settings, now=clock)
    try:
        with running(runtime, clock) as site:
            yield site
    finally:
        runtime.close()
