"""The log and its audit on the command line, of a running ledger and of an archive offline."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest

from api.bootstrap import Runtime
from api.staffing import Newcomer, open_staff
from domain.envelope import Role
from domain.refusals import Refused
from ledger.log.checkpoint import Checkpoint, Proof
from ledger.log.merkle import EMPTY_ROOT, leaf_hash, node_hash, split
from ledger.log.note import Key, Note
from tests import held
from tests.acting import SCHOOL, Pilot, envelope
from tests.api.log.test_log_files import step
from tests.api.log.test_tampering import force
from tests.api.pilot_school import PilotSchool, pilot_school
from tests.api.test_cli import Command
from tests.database import TestDatabase


def an_evening(runtime: Runtime) -> Pilot:
    """Three parents stayed to the end, and the log holds it."""
    pilot = Pilot(runtime.book).set_up()
    held.hold(pilot, "亲子共读", 300, pilot.learners)
    who = Newcomer("desk", "示例老师", (Role.COORDINATOR,), SCHOOL, date(2099, 8, 31))
    open_staff(runtime, who, "a-long-password-2026", envelope())
    step(runtime.log_keeping)
    return pilot


@pytest.fixture(scope="session")
def beginning(
    server: str, blank: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PilotSchool]:
    var = tmp_path_factory.mktemp("logged") / "var"
    with pilot_school(server, blank, var, an_evening) as found:
        yield found


@pytest.fixture
def command(runtime: Runtime, database: TestDatabase) -> Command:
    return Command(database, runtime.settings.var)


def root_of(leaves: list[bytes]) -> bytes:
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaf_hash(leaves[0])
    middle = split(len(leaves))
    return node_hash(root_of(leaves[:middle]), root_of(leaves[middle:]))


def test_an_honest_ledger_is_audited_and_exported(command: Command, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_text(command("log", "checkpoint").output)

    told = command("audit", "--since", str(kept), "--export", str(tmp_path / "out"), "--json")

    assert told.exit_code == 0
    assert all(part["faults"] == [] for part in json.loads(told.stdout))
    leaves = [
        each + b"\n" for each in (tmp_path / "out" / "leaves.txt").read_bytes().split(b"\n\n")[:-1]
    ]
    [log_key, _] = map(Key.parsed, (tmp_path / "out" / "keys").read_text().splitlines())
    note = Note.parsed((tmp_path / "out" / "checkpoint").read_bytes())
    checkpoint = Checkpoint.opened(note, [log_key])
    assert (len(leaves), root_of(leaves)) == (checkpoint.size, checkpoint.root)


def test_a_touched_ledger_exits_with_one_and_names_the_event(
    command: Command, runtime: Runtime
) -> None:
    force(runtime, "UPDATE ledger.ledger_events SET state = state || ' ' WHERE notification_id = 9")

    told = command("audit", "--log-only")

    assert told.exit_code == 1
    assert "记录被改动 changed after it was recorded: leaf 8 position 9" in told.output


def test_proofs_receipts_and_standing_are_printed(
    command: Command, runtime: Runtime, tmp_path: Path
) -> None:
    standing = json.loads(command("log", "status", "--json").output)
    event = runtime.logs.event_at(5)
    assert event is not None
    proof = Proof.parsed(command("log", "prove", "5").output.encode())
    assert proof.check(event.leaf, [Key.parsed(standing["key"])]).size == standing["size"]
    assert command("log", "consistency", "3").output.startswith("old 3\n")
    receipt = tmp_path / "receipt"
    receipt.write_text(runtime.receipts.sign(event, runtime.now()))
    assert "leaf 4" in command("log", "receipt", str(receipt)).output
    assert command("log", "status").exit_code == 0


def test_after_a_declared_incident_another_log_begins_and_names_the_last(
    command: Command, runtime: Runtime
) -> None:
    before = Checkpoint.parsed(Note.parsed(command("log", "checkpoint").output.encode()).text)

    told = command("log", "begin-again", "--yes").output

    assert told.startswith(f"{before.origin}-2\n")
    assert told.endswith(before.text)
    step(runtime.log_keeping)
    log = runtime.logs.current()
    assert (log.number, log.continues) == (2, before.text)
    assert runtime.logs.newest(log).size == before.size + 1
    assert command("audit", "--log-only").exit_code == 0
    assert "log_begun_again" in command("log", "status").output


@pytest.fixture
def archive(command: Command, tmp_path: Path) -> Path:
    file = tmp_path / "pack.zip"
    command("archive", SCHOOL, "2026-1", "--as", "desk", "--file", str(file))
    return file


def test_an_archive_is_audited_with_nothing_but_a_key(
    command: Command, archive: Path, tmp_path: Path
) -> None:
    key = json.loads(command("log", "status", "--json").output)["key"]
    kept = tmp_path / "kept"
    kept.write_text(command("log", "checkpoint").output)

    told = command("audit", "--archive", str(archive), "--key", key, "--since", str(kept), "--json")

    assert told.exit_code == 0
    [part] = json.loads(told.output)
    assert part["compared"] > 10


def rewritten(archive: Path, change: Callable[[str, bytes], bytes]) -> None:
    with ZipFile(archive) as found:
        files = {name: found.read(name) for name in found.namelist()}
    with ZipFile(archive, "w") as out:
        for name, content in files.items():
            out.writestr(name, change(name, content))


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        ("events.jsonl", b"2026-09", b"2027-09", "state_differs"),
        ("leaves.txt", b"/event/v1\n", b"/event/v2\n", "not_included"),
        ("proofs.txt", b"A", b"B", "not_included"),
        ("README.txt", b"0", b"1", "file_differs"),
    ],
)
def test_a_touched_archive_is_told(
    command: Command, archive: Path, file: str, old: bytes, new: bytes, code: str
) -> None:
    rewritten(archive, lambda name, had: had.replace(old, new) if name.endswith(file) else had)

    told = command("audit", "--archive", str(archive), "--json")

    assert told.exit_code == 1
    [part] = json.loads(told.output)
    assert code in {fault["code"] for fault in part["faults"]}


@pytest.mark.parametrize("line", [b"[]", b'{"state": 5}', b"x", b"\xff"])
def test_an_archive_with_other_lines_is_refused(
    command: Command, archive: Path, line: bytes
) -> None:
    rewritten(archive, lambda name, had: line if name.endswith("events.jsonl") else had)
    with pytest.raises(Refused) as refused:
        command("audit", "--archive", str(archive))
    assert refused.value.code == "log_archive_malformed"


def test_what_is_no_archive_is_refused(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "file.zip"
    file.write_bytes(b"no zip")
    with pytest.raises(Refused) as refused:
        command("audit", "--archive", str(file))
    assert refused.value.code == "log_archive_malformed"
