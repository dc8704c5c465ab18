"""The data folder of one major version: made whole or not at all, and started after any crash."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from ledger.binaries import CLEAN
from ledger.embedded_account import credentials, give
from ledger.embedded_endpoint import answers
from ledger.embedded_home import PRIVATE, EmbeddedServerError
from ledger.embedded_order import ROLE, SUPERUSER, Order

SHIM = Path(__file__).with_name("embedded_exec.py")
PORT = 5432
LONGEST_SOCKET_FOLDER = 85
"""107 bytes are what a Unix socket's name may have; the file's own name takes the rest."""
PLAIN = re.compile(r"[A-Za-z0-9_./-]+")

SETTINGS: dict[str, str | int] = {
    "shared_buffers": "32MB",
    "max_connections": 100,
    "maintenance_work_mem": "32MB",
    "wal_level": "replica",
    "max_wal_senders": 4,
    "min_wal_size": "32MB",
    "max_wal_size": "512MB",
    "autovacuum_max_workers": 2,
    "max_worker_processes": 4,
    "max_parallel_workers_per_gather": 0,
    "jit": "off",
    "huge_pages": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "password_encryption": "scram-sha-256",
    "unix_socket_permissions": "0700",
}
SETTINGS_18: dict[str, str | int] = {"io_method": "sync"}
"""Three processes fewer; one school's ledger reads from memory."""


@dataclass(frozen=True)
class Cluster:
    order: Order
    sockets: Path

    @property
    def data(self) -> Path:
        return self.order.home.data(self.order.major)

    def answers(self) -> bool:
        return answers(str(self.sockets), PORT)

    def make(self) -> None:
        """Run initdb and create our role and its database, unless that was done before."""
        if self.data.exists():
            return
        home = self.order.home
        new = home.path / f"{self.data.name}.new"
        shutil.rmtree(new, ignore_errors=True)
        _own_folder(new, self.order)
        self._initdb(new, home.new_password(SUPERUSER))
        self._create_role(new, home.new_password(ROLE))
        new.replace(self.data)  # after a crash before this line, all of it is done again

    def _initdb(self, new: Path, password: str) -> None:
        auth = ["--auth-local=scram-sha-256", "--auth-host=scram-sha-256"]
        locale = ["--encoding=UTF8", "--locale=C"]
        if self.order.major >= 17:  # noqa: PLR2004 - the first with this provider
            locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        reader, writer = os.pipe()
        if self.order.account:  # initdb opens /dev/stdin anew, with its own rights
            os.fchown(reader, self.order.account.uid, self.order.account.gid)
        os.write(writer, password.encode())
        os.close(writer)
        named = [f"--pgdata={new}", f"--username={SUPERUSER}", "--pwfile=/dev/stdin"]
        try:
            self._run("initdb", *named, *auth, *locale, "--data-checksums", stdin=reader)
        finally:
            os.close(reader)

    def _create_role(self, new: Path, password: str) -> None:
        # In single-user mode: no server, no driver, and no moment without the role.
        statements = (
            f"CREATE ROLE {ROLE} LOGIN CREATEROLE CREATEDB PASSWORD '{password}'\n"
            f"CREATE DATABASE {ROLE} OWNER {ROLE}\n"
        )
        strict = ["-c", "exit_on_error=on"]
        quiet = ["-c", "log_checkpoints=off", "-c", "log_min_error_statement=panic"]
        words = ["--single", "-D", str(new), *strict, *quiet, SUPERUSER]
        self._run("postgres", *words, text=statements)

    def _run(
        self, program: str, *words: str, text: str | None = None, stdin: int | None = None
    ) -> None:
        subprocess.run(  # noqa: S603 - the wheel's own
            [str(self.order.install / "bin" / program), *words],
            stdin=stdin,
            input=text,
            text=True,
            stdout=subprocess.DEVNULL,
            check=True,
            env=CLEAN,
            cwd="/",
            pass_fds=(self.order.lock,),  # it outlives a killed supervisor
            **credentials(self.order.account),
        )

    def launch(self) -> subprocess.Popen[bytes]:
        """Start the postmaster as our child; it is shut down should we die."""
        self._disown_stale_pid()
        for left in self.sockets.glob(".s.PGSQL.*"):
            left.unlink()
        account = self.order.account
        me = [os.getpid(), account.uid if account else -1, account.gid if account else -1]
        command = [sys.executable, "-I", "-S", str(SHIM), *map(str, me)]
        return subprocess.Popen(  # noqa: S603 - our own, and the wheel's
            [*command, *self._postgres()],
            stdin=subprocess.DEVNULL,
            cwd=self.data,
            env=CLEAN,
            pass_fds=(self.order.lock,),
            start_new_session=True,
        )

    def _postgres(self) -> list[str]:
        fixed: dict[str, str | int] = {
            "port": PORT,
            "unix_socket_directories": str(self.sockets),
            "listen_addresses": "",
        }
        ours = SETTINGS | (SETTINGS_18 if self.order.major >= 18 else {})  # noqa: PLR2004
        settings = ours | dict(self.order.settings) | fixed
        words = [f"--{name}={value}" for name, value in settings.items()]
        return [str(self.order.install / "bin" / "postgres"), "-D", str(self.data), *words]

    def _disown_stale_pid(self) -> None:
        """Make postgres see a reused pid in postmaster.pid for what it is.

        It takes its parent's pid for stale, so ours goes there; the file stays, and with it
        postgres' own check that nobody is attached to the old shared memory.
        """
        try:
            file = os.open(self.data / "postmaster.pid", os.O_RDWR | os.O_NOFOLLOW)
        except FileNotFoundError:
            return
        with open(file, "r+", encoding="utf-8") as pidfile:  # noqa: PTH123
            pid, _, rest = pidfile.read().partition("\n")
            if _works_in(pid, self.data):
                raise EmbeddedServerError(
                    f"process {pid} serves {self.data}: was server.lock deleted?"
                )
            pidfile.seek(0)
            pidfile.truncate()
            pidfile.write(f"{os.getpid()}\n{rest}")


def _works_in(pid: str, folder: Path) -> bool:
    try:
        return Path(f"/proc/{int(pid)}/cwd").samefile(folder)
    except (OSError, ValueError):
        return False


def socket_folder(order: Order) -> Path:
    """Return a private folder with a short plain name; libpq splits at commas."""
    near = order.home.path / "s"
    if len(os.fsencode(near)) <= LONGEST_SOCKET_FOLDER and PLAIN.fullmatch(str(near)):
        _own_folder(near, order)
        return near
    known = order.home.read("socket-folder")
    if known and _private(Path(known)):
        return Path(known)
    far = tempfile.mkdtemp(prefix="pc-", dir="/tmp")  # nosec B108  # private by mkdtemp, short by /tmp
    order.home.write("socket-folder", far)
    return Path(far)


def _own_folder(folder: Path, order: Order) -> None:
    folder.mkdir(mode=PRIVATE, exist_ok=True)
    give(folder, order.account)


def _private(folder: Path) -> bool:
    try:
        found = folder.lstat()
    except OSError:
        return False
    return found.st_uid == os.geteuid() and found.st_mode == stat.S_IFDIR | PRIVATE
