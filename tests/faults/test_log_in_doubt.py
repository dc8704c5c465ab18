"""The log signs no tree that only this server has: a failover would fork it for good."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from ledger.doubt import InDoubt
from ledger.log.checkpoint import Checkpoint
from ledger.log.publishing import CheckpointFolder
from ledger.log.sequencer import Sequencer, log_signer
from tests.acting import STARTS, Pilot, envelope
from tests.database import NAMES, login
from tests.faults.standby import Standby, conninfo

ORIGIN = "log.example/log"


def opened(pilot: Pilot, folder: CheckpointFolder) -> Sequencer:
    signer_of = partial(log_signer, b"s" * 32)
    at = login(conninfo(pilot), NAMES.log_role)
    found = Sequencer.opened(at, NAMES, ORIGIN, signer_of, folder)
    assert found is not None
    return found


def signed_size(folder: CheckpointFolder) -> int:
    note = folder.read(1)
    return Checkpoint.parsed(note.text).size if note else 0


def test_a_head_whose_wait_was_cancelled_is_signed_when_the_standby_has_it(
    doubtful: tuple[Pilot, Standby], tmp_path: Path
) -> None:
    pilot, standby = doubtful
    folder = CheckpointFolder(tmp_path / "log")
    standby.is_wanted("")
    with opened(pilot, folder) as sequencer:
        sequencer.step()
        before = signed_size(folder)
        pilot.book.learners.consent(pilot.learners[0], "records", "1", envelope(STARTS))
        standby.is_wanted("nobody")
        with standby.impatient(), pytest.raises(InDoubt):
            sequencer.step()

    with ThreadPoolExecutor(1) as beside:
        again = beside.submit(step, pilot, folder)
        was_waiting, meanwhile = standby.keeps_waiting(again), signed_size(folder)
        standby.is_wanted("")
        again.result()
    assert was_waiting
    assert meanwhile == before
    assert signed_size(folder) == before + 1


def step(pilot: Pilot, folder: CheckpointFolder) -> None:
    with opened(pilot, folder) as sequencer:
        sequencer.step()
