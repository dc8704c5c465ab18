"""Two programs of others, a verifier and a witness, agree with the log on good and bad."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import aics_tlog
import httpx
import pytest

from bench.ground import free_port
from ledger.log.checkpoint import Checkpoint, RolledBack
from ledger.log.keeping import Witnesses
from ledger.log.note import Key
from ledger.log.policy import Policy, read_policy
from ledger.log.sequencer import log_signer
from ledger.log.tiles import Tile
from tests.interop.conftest import Evening


def opened(evening: Evening, text: str) -> tuple[int, bytes] | None:
    """What the foreign verifier takes from a checkpoint, or None."""
    note = aics_tlog.parse_note(text)
    found = aics_tlog.verify_checkpoint(note, aics_tlog.parse_vkey(str(evening.key)))
    if not found.log_ok:
        return None
    checkpoint = aics_tlog.parse_checkpoint(note.text)
    return checkpoint.size, checkpoint.root


def test_checkpoints_are_believed_or_not_as_by_us(evening: Evening) -> None:
    text = str(evening.after.whole)
    own = evening.after.checkpoint
    assert opened(evening, text) == (own.size, own.root)
    assert opened(evening, text.replace(f"\n{own.size}\n", "\n9\n")) is None
    foreign = log_signer(b"x" * 32, own.origin).sign(own.text)
    assert opened(evening, str(foreign)) is None


def test_every_leaf_and_every_growth_is_believed(evening: Evening) -> None:
    logs = evening.runtime.logs
    log, after = logs.current(), evening.after
    root = after.checkpoint.root
    for event in logs.events_at(range(1, after.size + 2)):
        proof = logs.prove(log, logs.index_of(log, event.position), after)
        told = event.leaf, proof.index, after.size, list(proof.hashes)
        assert aics_tlog.verify_leaf_inclusion(*told, root)
        assert not aics_tlog.verify_leaf_inclusion(event.leaf + b"x", *told[1:], root)
    tree = logs.tree(log, after.size)
    for old in range(after.size + 1):
        hashes = tree.consistency(old, after.size)
        assert aics_tlog.verify_consistency(old, after.size, tree.root(old), root, hashes)
        assert not aics_tlog.verify_consistency(old, after.size, b"x" * 32, root, hashes)


def test_its_tree_of_our_leaves_is_ours(evening: Evening) -> None:
    leaves = [each + b"\n" for each in evening.leaves(evening.after.size).split(b"\n\n")[:-1]]
    assert aics_tlog.MerkleTree(leaves).root() == evening.after.checkpoint.root
    log = evening.runtime.logs.current()
    tile = evening.runtime.logs.tile(log, Tile(0, 0, evening.after.size))
    assert tile == b"".join(map(aics_tlog.leaf_hash, leaves))


@dataclass(frozen=True)
class ForeignWitness:
    folder: Path
    policy: Policy
    key: Key

    def run(self, *words: str) -> str:
        command = [sys.executable, "-m", "aics_witness", *words]
        done = subprocess.run(
            command, cwd=self.folder, capture_output=True, text=True, check=True, timeout=60
        )
        return done.stdout


@pytest.fixture
def witness(tmp_path: Path, evening: Evening) -> Iterator[ForeignWitness]:
    port = free_port()
    made = ForeignWitness(tmp_path, Policy(), evening.key)
    printed = made.run("init", "--name", "witness.example/w1", "--listen", f"127.0.0.1:{port}")
    key = next(word for word in printed.split() if word.startswith("witness.example/w1+"))
    made.run("add-log", "--origin", evening.key.name, "--vkey", str(evening.key))
    policy = read_policy(f"witness w {key} http://127.0.0.1:{port}\nquorum w\n")
    serving = subprocess.Popen([sys.executable, "-m", "aics_witness", "serve"], cwd=tmp_path)
    try:
        answers(port)
        yield replace(made, policy=policy, key=Key.parsed(key))
    finally:
        serving.terminate()
        serving.wait(20)


def answers(port: int) -> None:
    for _ in range(200):
        try:
            httpx.get(f"http://127.0.0.1:{port}/")
        except httpx.HTTPError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("the witness does not listen")


def test_a_foreign_witness_cosigns_what_grows_and_remembers(
    evening: Evening, witness: ForeignWitness
) -> None:
    runtime = evening.runtime
    keeping = replace(runtime.log_keeping, policy=witness.policy)
    asking = Witnesses(runtime.logs, witness.policy)
    try:
        asking.cosign(keeping)
        log = runtime.logs.current()
        newest = runtime.logs.newest(log)
        assert witness.policy.is_met_by(newest.whole.signed_by([witness.key]))
        note = aics_tlog.parse_note(str(newest.whole))
        found = aics_tlog.verify_checkpoint(
            note, aics_tlog.parse_vkey(str(evening.key)),
            [aics_tlog.parse_vkey(str(witness.key))], quorum=1,
        )  # fmt: skip
        assert found.ok

        signer = log_signer(runtime.secrets.log, log.origin)
        larger = Checkpoint(log.origin, newest.size + 1, b"x" * 32).signed(signer)
        [each] = witness.policy.witnesses.values()
        refused = httpx.post(
            f"{each.url}/add-checkpoint", content=f"old {newest.size}\n\n{larger}".encode()
        )
        assert refused.status_code == 422
        earlier = replace(evening.before, cosignatures=())
        with pytest.raises(RolledBack):
            asking._cosigned(log, each, earlier)
    finally:
        asking.close()
