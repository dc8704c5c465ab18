"""Who runs the embedded server: root lends it an account, everybody else is one."""

from __future__ import annotations

import fcntl
import importlib.metadata
import json
import os
import pwd
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from ledger import binaries, embedded_account
from ledger.binaries import WHEEL
from ledger.embedded import EmbeddedServer, EmbeddedServerError, Endpoint
from ledger.embedded_home import BASE

ROOT = Path(__file__).parents[3]
USER = Path(__file__).with_name("user.py")
IS_ROOT = os.geteuid() == 0
needs_root = pytest.mark.skipif(not IS_ROOT, reason="only root can lend an account")


def site_packages() -> Path:
    return binaries.install(18).parents[1]


def linked(source: Path, target: Path) -> None:
    """Copy a tree by hard links where the file system allows it."""

    def link(one: str, other: str) -> None:
        try:
            os.link(one, other)
        except OSError:
            shutil.copy2(one, other)

    if source.is_dir():
        shutil.copytree(source, target, copy_function=link)
    else:
        shutil.copy2(source, target)


def wheel_in(folder: Path) -> None:
    folder.mkdir()
    stem = WHEEL.replace("-", "_")
    version = importlib.metadata.version(WHEEL)
    for name in (stem, f"{stem}.libs", f"{stem}-{version}.dist-info"):
        linked(site_packages() / name, folder / name)


@contextmanager
def user_process(
    command: list[str], environment: Mapping[str, str], account: int | None = None
) -> Iterator[Endpoint]:
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        user=account,
        group=None if account is None else pwd.getpwuid(account).pw_gid,
        extra_groups=None if account is None else [],
        umask=0o077,
        cwd="/",
    ) as process:
        assert process.stdout
        assert process.stderr
        line = process.stdout.readline()
        assert line, process.stderr.read()
        yield Endpoint(**json.loads(line))
        process.communicate()


def owner_of_server(endpoint: Endpoint) -> int:
    return Path(endpoint.host).stat().st_uid


def interpreter_for(account: int, place: Path) -> str:
    """Return a Python that the account can start: a usual one, else a copy of ours."""
    for candidate in (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3"):
        if can_run(candidate, account):
            return candidate
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    base = Path(sys.base_prefix)
    unneeded = shutil.ignore_patterns("test", "site-packages", "idlelib", "__pycache__")
    shutil.copytree(base / "lib" / version, place / "lib" / version, ignore=unneeded)
    for library in (base / "lib").glob("libpython*"):
        shutil.copy2(library, place / "lib" / library.name)
    (place / "bin").mkdir()
    shutil.copy2(base / "bin" / version, place / "bin" / version)
    return str(place / "bin" / version)


def can_run(python: str, account: int) -> bool:
    question = "import sys; sys.exit(sys.version_info < (3, 11))"
    command = [python, "-I", "-c", question]
    try:
        return subprocess.run(command, check=False, user=account, cwd="/").returncode == 0
    except OSError:
        return False


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[Path]:
    """Give a folder that every account can pass through; those of pytest are private."""
    folder = Path("/tmp") / f"parent-credits-test-{os.getpid()}"
    folder.mkdir()
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@needs_root
def test_root_lends_an_account_and_keeps_the_data_in_a_folder_of_its_own(tmp_path: Path) -> None:
    folders = [tmp_path, *tmp_path.parents, BASE.parent]
    before = {folder: folder.stat().st_mode for folder in folders}
    state = tmp_path / "var"
    server = EmbeddedServer(state)
    with server as endpoint:
        account = embedded_account.chosen(None)
        assert account is not None
        assert owner_of_server(endpoint) == account.uid != 0
        home = (state / "pg").readlink()
        assert home.parent == BASE
        assert stat.S_IMODE(home.stat().st_mode) == 0o711
        assert (home / "pg18").stat().st_uid == account.uid
        assert (home / "parent_credits.password").stat().st_uid == 0
        assert {folder: folder.stat().st_mode for folder in folders} == before
    server.erase()


@needs_root
def test_root_may_name_the_account(tmp_path: Path) -> None:
    with EmbeddedServer(tmp_path / "var", account="nobody", temporary=True) as endpoint:
        assert owner_of_server(endpoint) == pwd.getpwnam("nobody").pw_uid
    with pytest.raises(LookupError, match="no-such-account"):
        EmbeddedServer(tmp_path / "var2", account="no-such-account").start()
    EmbeddedServer(tmp_path / "var2").erase()


@needs_root
def test_root_copies_programs_that_the_account_cannot_reach(tmp_path: Path) -> None:
    wheel_in(tmp_path / "site")
    programs = BASE / "programs"
    there_before = programs.exists()
    modes = {folder: folder.stat().st_mode for folder in (tmp_path, tmp_path / "site")}
    environment = {"PYTHONPATH": f"{tmp_path / 'site'}:{ROOT}", "PYTHONDONTWRITEBYTECODE": "1"}
    state = tmp_path / "var"
    command = [sys.executable, "-S", str(USER), str(state), "18"]
    with user_process(command, environment) as endpoint:
        with psycopg.connect(endpoint.conninfo()) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        with psycopg.connect(EmbeddedServer(state).superuser().conninfo()) as connection:
            row = connection.execute("SELECT setting FROM pg_config WHERE name = 'BINDIR'")
            assert str(programs) in str(row.fetchone())
        assert {folder: folder.stat().st_mode for folder in modes} == modes
    EmbeddedServer(state).erase()
    if not there_before:
        shutil.rmtree(programs)


@needs_root
def test_root_does_not_take_over_the_server_of_another_account(tmp_path: Path) -> None:
    (tmp_path / "var" / "pg").mkdir(parents=True)
    with pytest.raises(EmbeddedServerError, match="run as that account"):
        EmbeddedServer(tmp_path / "var").start()


@needs_root
def test_a_link_that_leads_nowhere_never_becomes_an_empty_ledger(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    for target, reason in ((BASE / "gone", "is gone"), (tmp_path, "not a folder of")):
        link = tmp_path / "var" / "pg"
        link.symlink_to(target)
        with pytest.raises(EmbeddedServerError, match=reason):
            EmbeddedServer(tmp_path / "var").start()
        link.unlink()


@pytest.fixture
def belongings(outside: Path) -> Path:
    """Give a folder with all that a user process imports, readable for every account."""
    site = outside / "site"
    wheel_in(site)
    unneeded = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "ledger", site / "ledger", ignore=unneeded)
    shutil.copy2(USER, site / USER.name)
    site.chmod(0o755)
    return site


@pytest.mark.parametrize(
    ("name", "major"),
    [("short", 16), ("with space, and comma, 中文 资料 " + "x" * 120, 18)],
    ids=["short name, 16", "long name, 18"],
)
def test_an_unprivileged_account_runs_its_own_server(
    outside: Path, belongings: Path, name: str, major: int
) -> None:
    state = outside / name
    state.mkdir()
    account = pwd.getpwnam("nobody").pw_uid if IS_ROOT else None
    if account is not None:
        os.chown(state, account, -1)
    python = interpreter_for(account, outside) if account is not None else sys.executable
    environment = {"PYTHONPATH": str(belongings), "LANG": "C", "LC_ALL": "C"}
    command = [python, "-S", str(belongings / USER.name), str(state), str(major)]
    with user_process(command, environment, account) as endpoint:
        with psycopg.connect(endpoint.conninfo()) as connection:
            assert connection.info.server_version // 10000 == major
        assert owner_of_server(endpoint) == (os.geteuid() if account is None else account)
        assert stat.S_IMODE(Path(endpoint.host).stat().st_mode) == 0o700
        assert len(os.fsencode(endpoint.host)) <= 85
    wait_until_stopped(state / "pg")
    assert not Path(endpoint.host).exists()


def wait_until_stopped(home: Path) -> None:
    lock = os.open(home / "server.lock", os.O_RDWR)
    fcntl.flock(lock, fcntl.LOCK_EX)
    os.close(lock)
