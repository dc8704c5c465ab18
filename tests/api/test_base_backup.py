"""Any moment since a base backup comes back by the archive: by the commands, on our own server."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import tarfile
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from typer.testing import CliRunner

from api import cli, doctor_archive
from api.base_backup import compare, must_stay_inside
from api.bootstrap import Runtime, build
from api.cli_data import NO_LIST
from api.doctor import examine
from api.findings import State
from api.sealed_files import BackupError
from api.settings import Settings
from ledger import embedded_account
from ledger.embedded import EmbeddedServer
from ledger.embedded_home import EmbeddedServerError
from ledger.embedded_recovery import archiving
from ledger.log.sequencer import LogRestored
from tests.acting import STARTS, Pilot, envelope
from tests.api.log.test_log_files import step

PASSPHRASE = "zhang-pu-jiang-1987"
PATIENCE = 60.0


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that the account of the server can reach; its servers are erased at the end."""
    folder = Path(tempfile.mkdtemp(prefix="moment-"))
    embedded_account.give(folder, embedded_account.chosen(None))
    yield folder
    for var in ("var", "elsewhere"):
        EmbeddedServer(folder / var).erase()
    shutil.rmtree(folder)


def command(var: Path, *words: str) -> tuple[int, str]:
    environment = {
        "PARENT_CREDITS_VAR": str(var), "PARENT_CREDITS_LOG_LEVEL": "error",
        "PARENT_CREDITS_PASSPHRASE": PASSPHRASE, "COLUMNS": "200",
    }  # fmt: skip
    done = CliRunner().invoke(cli.app, words, env=environment)
    return done.exit_code, done.output


def archived(superuser: str) -> datetime:
    """Now, once all that was written before is in the archive; the next fact is later."""
    with psycopg.connect(superuser, autocommit=True) as connection:
        [moment] = connection.execute("SELECT clock_timestamp()").fetchone() or [None]
        time.sleep(1.1)
        connection.execute("SELECT pg_logical_emit_message(true, 'test', '')")
        [name] = connection.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchone() or [""]
        ends = time.monotonic() + PATIENCE
        done = "SELECT last_archived_wal >= %s FROM pg_stat_archiver"
        while connection.execute(done, (name,)).fetchone() != (True,):
            assert time.monotonic() < ends, "nothing is archived"
            time.sleep(0.1)
    assert isinstance(moment, datetime)
    return moment


def two_consents(var: Path, archive: Path, base: Path) -> tuple[list[UUID], str]:
    """A school with a base backup and two consents after it; the learners, a time in between."""
    runtime = build(Settings(var=var, archive=archive))
    try:
        learners = Pilot(runtime.book).set_up().learners
        step(runtime.log_keeping)
        assert command(var, "backup", "--base", str(base)) == (0, f"{base} ✓\n{base}.secrets ✓\n")
        assert runtime.connections.server is not None
        superuser = runtime.connections.server.superuser().conninfo()
        runtime.book.learners.consent(learners[0], "records", "1", envelope(STARTS))
        between = archived(superuser).astimezone(UTC) + timedelta(seconds=1)
        runtime.book.learners.consent(learners[0], "records", "2", envelope(STARTS))
        archived(superuser)
    finally:
        runtime.close()
    return learners, between.strftime("%Y-%m-%dT%H:%M:%S+0000")


@pytest.mark.slow
def test_a_moment_between_two_facts_comes_back_with_the_first_alone(place: Path) -> None:
    archive, base, elsewhere = place / "archive", place / "monday.base", place / "elsewhere"
    learners, between = two_consents(place / "var", archive, base)
    words = ("restore", str(base), "--archive", str(archive), "--to", between)

    assert command(elsewhere, *words) == (0, f"{NO_LIST}\n✓\n")

    again = build(Settings(var=elsewhere))
    try:
        assert again.book.learners.get(learners[0]).consents == {"records": "1"}
        assert again.book.vault.open(learners).keys() == set(learners)
        with pytest.raises(LogRestored):
            step(again.log_keeping)
    finally:
        again.close()
    assert command(elsewhere, *words)[0] == 4  # a second time there is something there


def test_nobody_reads_a_base_backup_without_the_passphrase(place: Path) -> None:
    base = place / "monday.base"
    build(Settings(var=place / "var")).close()
    assert command(place / "var", "backup", "--base", str(base))[0] == 0
    content = base.read_bytes()
    assert b"PG_VERSION" not in content
    assert b"ledger_events" not in content


@pytest.mark.slow
def test_a_moment_after_the_end_of_the_archive_is_refused_and_leaves_nothing(place: Path) -> None:
    var, archive, base = place / "var", place / "archive", place / "monday.base"
    build(Settings(var=var, archive=archive)).close()
    assert command(var, "backup", "--base", str(base))[0] == 0
    archive.mkdir(exist_ok=True)
    words = ("restore", str(base), "--archive", str(archive), "--to", "2099-01-01T00:00:00+0800")

    code, said = command(place / "elsewhere", *words)

    assert code == 4
    assert "recovery ended before configured recovery target was reached" in said
    assert not list((place / "elsewhere" / "pg").resolve().glob("pg*"))
    assert not (place / "elsewhere" / "secrets").exists()


def test_an_archive_whose_path_a_shell_would_read_otherwise_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EmbeddedServerError):
        archiving(tmp_path / "monday's $HOME")


def test_a_file_that_is_not_as_the_server_listed_it_is_noticed(tmp_path: Path) -> None:
    file, listing = tmp_path / "PG_VERSION", tmp_path / "backup_manifest"
    file.write_bytes(b"18\n")
    words = {"Path": file.name, "Checksum": hashlib.sha256(b"18\n").hexdigest()}
    said = f'{{"Files": [{json.dumps(words)}],\n'.encode()
    own = hashlib.sha256(said).hexdigest()
    listing.write_bytes(said + f'"Manifest-Checksum": "{own}"}}\n'.encode())
    compare(tmp_path)

    file.write_bytes(b"17\n")
    with pytest.raises(BackupError, match="backup_damaged: PG_VERSION"):
        compare(tmp_path)
    listing.write_bytes(listing.read_bytes().replace(b"PG_VERSION", b"PG_NOTHING"))
    with pytest.raises(BackupError, match="backup_damaged: backup_manifest"):
        compare(tmp_path)


@pytest.mark.parametrize("name", ["../outside", "/etc/outside", "a/../../outside"])
def test_nothing_is_unpacked_outside_of_the_folder(name: str) -> None:
    with pytest.raises(BackupError, match="outside"):
        must_stay_inside(tarfile.TarInfo(name))


def test_no_link_is_unpacked() -> None:
    link = tarfile.TarInfo("link")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    with pytest.raises(BackupError, match="link"):
        must_stay_inside(link)


@pytest.mark.slow
def test_an_archive_that_takes_nothing_more_is_found(place: Path) -> None:
    """A file of somebody else's lies where the next one belongs."""
    archive = place / "archive"
    runtime = build(Settings(var=place / "var", archive=archive))
    try:
        assert runtime.connections.server is not None
        superuser = runtime.connections.server.superuser().conninfo()
        archived(superuser)
        assert looked_at(runtime) == (State.GOOD, "the newest file came 0 min ago", "")
        with psycopg.connect(superuser, autocommit=True) as connection:
            connection.execute("SELECT pg_logical_emit_message(true, 'test', '')")
            row = connection.execute("SELECT pg_walfile_name(pg_current_wal_lsn())").fetchone()
            assert row is not None
            (archive / f"{row[0]}.gz").write_bytes(gzip.compress(b"another server's"))
            connection.execute("SELECT pg_switch_wal()")
        ends = time.monotonic() + PATIENCE
        while looked_at(runtime)[0] is State.GOOD:
            assert time.monotonic() < ends, "the refusal is not found"
            time.sleep(0.1)
        state, found, todo = looked_at(runtime)
        assert (state, found) == (State.BAD, f"{row[0]} is not taken")
        assert "Any moment" in todo
    finally:
        runtime.close()


@pytest.mark.slow
def test_an_archive_whose_command_hangs_is_found(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dead mount refuses nothing: here a pipe in the place of a file, which nobody reads."""
    monkeypatch.setattr(doctor_archive, "HANDING_OVER_TAKES", timedelta(0))
    archive = place / "archive"
    pipe = archive / "none"
    runtime = build(Settings(var=place / "var", archive=archive))
    try:
        assert runtime.connections.server is not None
        superuser = runtime.connections.server.superuser().conninfo()
        archived(superuser)
        with psycopg.connect(superuser, autocommit=True) as connection:
            row = connection.execute("SELECT pg_walfile_name(pg_current_wal_lsn())").fetchone()
            assert row is not None
            pipe = archive / f".{row[0]}.new"
            os.mkfifo(pipe)
            pipe.chmod(0o666)
            for _ in range(2):
                connection.execute("SELECT pg_logical_emit_message(true, 'test', '')")
                connection.execute("SELECT pg_switch_wal()")
        state, found, todo = looked_at(runtime)
        assert (state, found) == (State.BAD, "2 files wait, the first for 0 min")
        assert "Any moment" in todo
    finally:
        if pipe.exists():  # whoever waits for a reader gets one, who goes
            reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
            pipe.unlink()
            os.close(reader)
        runtime.close()


def looked_at(runtime: Runtime) -> tuple[State, str, str]:
    finding = next(each for each in examine(runtime) if each.what == "archive")
    return finding.state, finding.found, finding.do
