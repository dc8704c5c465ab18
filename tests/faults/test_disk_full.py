"""A full disk refuses commands and loses nothing; with room again the same ones are taken."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from api.bootstrap import Runtime, build
from api.settings import Settings
from api.signing import ensure_key
from ledger.check_in import CheckIn
from tests.acting import STARTS, Pilot
from tests.api.log.test_log_files import step
from tests.clock import TestClock
from tests.ledger.evenings import open_session, wish
from tests.soak.checking import inconsistent, recorded
from tests.soak.ground import PASSING, insist

MEGABYTES, FAMILIES, REFUSALS = 192, 400, 5


@pytest.fixture
def crowded(tmp_path: Path) -> Iterator[tuple[Runtime, Path]]:
    """An installation whose PostgreSQL has its data on a small disk of its own, and that disk."""
    if os.geteuid():
        pytest.skip("only root may mount a disk")
    settings = Settings(var=tmp_path / "var")
    with closing(build(settings, now=TestClock(STARTS))) as founded:
        server = founded.connections.server
        assert server is not None
    server.stop()
    [disk] = (tmp_path / "var" / "pg").resolve().glob("pg*/")
    if moved(disk):
        pytest.skip("no disk can be mounted here")
    with closing(build(settings, now=TestClock(STARTS))) as runtime:
        yield runtime, disk
        server = runtime.connections.server
    assert server is not None
    server.stop()
    ran("umount", "-l", disk)
    server.erase()


def moved(data: Path) -> int:
    """Put a folder's content on a disk of its own that is mounted in its place."""
    kept = data.with_name("kept")
    ran("cp", "-a", data, kept)
    if code := ran("mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "none", data):
        return code
    return ran("cp", "-aT", kept, data) + ran("rm", "-rf", kept)


def ran(*words: str | Path) -> int:
    return subprocess.run(words, check=False, capture_output=True).returncode


def fill(disk: Path) -> Path:
    """Take what room there is, to the last block."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue
    return filler


def come(runtime: Runtime, wishes: list[CheckIn]) -> tuple[int, int]:
    """How many were acknowledged before the disk said no, and how often it said no."""
    done = refused = 0
    for each in wishes:
        try:
            runtime.book.attendances.check_in(each)
            done += 1
        except PASSING:
            refused += 1
            if refused == REFUSALS:
                break
    return done, refused


@pytest.mark.slow
def test_what_was_acknowledged_on_a_full_disk_is_there_once(
    crowded: tuple[Runtime, Path],
) -> None:
    runtime, disk = crowded
    pilot = Pilot(runtime.book).set_up(families=FAMILIES)
    open_session(pilot)
    ensure_key(runtime)
    wishes = [wish(pilot, learner) for learner in pilot.learners]

    filler = fill(disk)
    done, refused = come(runtime, wishes)
    filler.unlink()
    for each in wishes:
        insist(lambda each=each: runtime.book.attendances.check_in(each))  # type: ignore[misc]  # bound now
    insist(runtime.projector.catch_up)
    insist(lambda: step(runtime.log_keeping))

    assert refused == REFUSALS, f"{done} were written to a full disk"
    facts = recorded(runtime)
    assert {event.scan_id for _, event in facts.values()} == {each.scan_id for each in wishes}
    assert len(facts) == FAMILIES
    assert list(inconsistent(runtime)) == []
