"""What a client is given: a connection string that the user's environment does not bend."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from ledger import binaries
from ledger.embedded import EmbeddedServer, Endpoint
from ledger.embedded_endpoint import answers

HOSTILE = {
    "PGHOST": "203.0.113.1",
    "PGHOSTADDR": "203.0.113.1",
    "PGPORT": "1",
    "PGUSER": "nobody",
    "PGPASSWORD": "wrong",
    "PGDATABASE": "elsewhere",
    "PGOPTIONS": "-c search_path=elsewhere",
    "PGSSLMODE": "verify-full",
    "PGSSLROOTCERT": "system",
    "PGCHANNELBINDING": "require",
    "PGGSSENCMODE": "require",
    "PGREQUIREAUTH": "none",
    "PGTARGETSESSIONATTRS": "standby",
    "PGCLIENTENCODING": "GBK",
}


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    server = EmbeddedServer(tmp_path_factory.mktemp("installation") / "var")
    yield server.start()
    server.erase()


def test_the_connection_string_wins_over_the_environment(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in HOSTILE.items():
        monkeypatch.setenv(name, value)
    with psycopg.connect(endpoint.conninfo()) as connection:
        assert connection.info.encoding == "utf-8"
        assert connection.execute("SHOW search_path").fetchone() == ('"$user", public',)
        assert connection.execute("SELECT current_user").fetchone() == ("parent_credits",)


def test_a_start_is_not_disturbed_by_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {**HOSTILE, "PGSERVICE": "unknown", "PGDATA": "/elsewhere"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("LANG", "C")
    monkeypatch.setenv("LC_ALL", "C")
    before = os.umask(0o077)
    try:
        with EmbeddedServer(tmp_path / "var", temporary=True) as found:
            assert answers(found.host, found.port)
    finally:
        os.umask(before)


@pytest.mark.parametrize("major", [16, 18])
def test_the_tools_of_both_versions_understand_the_connection_string(
    endpoint: Endpoint, major: int
) -> None:
    command: list[str | Path] = [binaries.tool(major, "pg_isready"), "-d", endpoint.conninfo()]
    ready = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "accepting connections" in ready.stdout


def test_pg_dump_writes_what_the_ledger_role_owns(endpoint: Endpoint) -> None:
    with psycopg.connect(endpoint.conninfo()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    command: list[str | Path] = [binaries.tool(18, "pg_dump"), "-d", endpoint.conninfo()]
    dump = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "CREATE TABLE public.kept" in dump.stdout


def test_a_program_the_wheel_has_not_is_named() -> None:
    with pytest.raises(binaries.BinariesMissingError, match="pg_nothing"):
        binaries.tool(18, "pg_nothing")


def test_nobody_answers_where_no_server_is(tmp_path: Path) -> None:
    assert not answers(str(tmp_path), 5432)


def test_quotes_and_backslashes_survive_the_connection_string() -> None:
    strange = Endpoint("/a b", 5432, "o'neill", "\\ '", "d")
    words = psycopg.conninfo.conninfo_to_dict(strange.conninfo("e f"))
    assert words["user"] == "o'neill"
    assert words["password"] == "\\ '"
    assert words["dbname"] == "e f"
