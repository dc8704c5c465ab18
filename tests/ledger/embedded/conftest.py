"""A folder that the tests of a file share, one after the other, and its server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.embedded import EmbeddedServer


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give the folder that the tests share, one after the other: each leaves a sound server."""
    folder = tmp_path_factory.mktemp("installation") / "var"
    yield folder
    EmbeddedServer(folder).erase()


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "var"
    yield folder
    EmbeddedServer(folder).erase()


@pytest.fixture
def server(state: Path) -> Iterator[EmbeddedServer]:
    running = EmbeddedServer(state)
    running.start()
    yield running
    running.leave()
