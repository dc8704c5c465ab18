"""The console script: it imports with the collector at rest, and runs with it at work."""

from __future__ import annotations

import gc

import pytest

from api import console


def test_the_program_runs_with_the_collector_at_work(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []
    monkeypatch.setattr("api.cli.main", lambda: seen.append(gc.isenabled()))
    console.main()
    assert seen == [True]
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0
