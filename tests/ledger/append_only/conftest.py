"""One server of each version: the oldest that is promised, and the newest."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.ledger.append_only.stands import Stand, stood


@pytest.fixture(scope="session", params=[16, 18])
def stand(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stand]:
    with stood(request.param, tmp_path_factory.mktemp("stand")) as made:
        yield made
