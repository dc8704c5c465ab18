"""`make soak` in a few seconds: everything that runs is killed with -9 under load."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.soak.killing import Kill, soaking

KILLS = (
    Kill(0.5, "worker"), Kill(0.3, "web"), Kill(0.5, "database"), Kill(0.3, "rebuild"),
    Kill(0.3, "web"),
)  # fmt: skip


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_and_nothing_doubled(tmp_path: Path) -> None:
    with soaking(tmp_path, seed=7, families=24, webs=2) as soak:
        report = soak.run(KILLS, webs=2, workers=2)

    assert report.faults == []
    assert report.evenings > 0
    assert report.check_ins >= 24
    assert report.killed == {"worker": 1, "web": 2, "database": 1, "rebuild": 1}
    [seconds] = report.takeovers
    assert seconds <= 5.0
