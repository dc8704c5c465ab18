"""The archive of an embedded server's WAL, and how a moment is brought back out of it.

A file of the archive is written beside its name and renamed: a crash leaves no half file. A
recovery happens in a folder beside the data, under a server that only we reach; the data appear
when it is through, and a crash before leaves nothing but what the next one removes.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Identifier, Literal

from ledger import binaries
from ledger.embedded_account import Account, chosen, credentials, give
from ledger.embedded_endpoint import answers
from ledger.embedded_home import BASE, PRIVATE, EmbeddedServerError, Home, home_of
from ledger.embedded_order import ROLE, SUPERUSER

PLAIN = re.compile(r"/[A-Za-z0-9_./-]+")
PORT = 5432
SECONDS_A_FILE_MAY_WAIT = 300
BETWEEN_LOOKS = 0.05


def archiving(folder: Path) -> Mapping[str, str | int]:
    """The settings of a server that hands its WAL to a folder, which is made if it is missing."""
    at = plain(folder)
    if not folder.exists():
        folder.mkdir(mode=PRIVATE, parents=True)
        give(folder, chosen(None))
    kept, new = f"{at}/%f.gz", f"{at}/.%f.new"
    # A file that is there already is our own of before a crash, or else somebody else's: refused.
    same = f"test -e {kept} && gzip -dc {kept} | cmp -s - %p"
    make = f"test ! -e {kept} && gzip < %p > {new} && sync {new} && mv {new} {kept}"
    return {
        "archive_mode": "on",
        "archive_command": f"( {same} ) || ( {make} )",
        "archive_timeout": SECONDS_A_FILE_MAY_WAIT,
    }


def plain(folder: Path) -> str:
    """Its path as a shell reads it. Raises EmbeddedServerError."""
    at = str(folder.resolve())
    if not PLAIN.fullmatch(at):
        raise EmbeddedServerError(f"{at}: letters, digits and _ . / - only")
    return at


@dataclass(frozen=True)
class Recovery:
    """A new data folder for the server of a `state` folder that has none."""

    home: Home
    major: int
    account: Account | None

    @classmethod
    def of(cls, state: Path, major: int) -> Recovery:
        """Raises EmbeddedServerError where there are data already."""
        home = home_of(state)
        if any(home.path.glob("pg*")):
            raise EmbeddedServerError(f"{state} is not empty")
        return cls(home, major, chosen(None))

    @property
    def new(self) -> Path:
        return self.home.path / f"{self.home.data(self.major).name}.new"

    def run(self, fill: Callable[[Path], None], archive: Path, until: datetime | None) -> None:
        """Fill the folder from a base backup, and go on by the archive to a time, or to its end.

        Raises EmbeddedServerError: the server's log says why.
        """
        self.new.mkdir(mode=PRIVATE)
        try:
            fill(self.new)
            self.new.chmod(PRIVATE)
            (self.new / "recovery.signal").touch()
            for path in (self.new, *self.new.rglob("*")):
                give(path, self.account)
            with self._recovered(archive, until) as sockets:
                self._take_over(sockets)
            self.new.replace(self.home.data(self.major))
        finally:
            shutil.rmtree(self.new, ignore_errors=True)

    @contextmanager
    def _recovered(self, archive: Path, until: datetime | None) -> Generator[Path]:
        sockets = Path(tempfile.mkdtemp(prefix="pc-", dir="/tmp"))  # nosec B108  # private, and short
        give(sockets, self.account)
        server = self._launch(sockets, archive, until)
        try:
            while not answers(str(sockets), PORT):
                if server.poll() is not None:
                    said = self.home.log.read_text(errors="replace")
                    raise EmbeddedServerError(f"the recovery ended:\n{said[-1500:]}")
                time.sleep(BETWEEN_LOOKS)
            yield sockets
        finally:
            server.send_signal(signal.SIGINT)
            server.wait()
            shutil.rmtree(sockets, ignore_errors=True)

    def _launch(
        self, sockets: Path, archive: Path, until: datetime | None
    ) -> subprocess.Popen[bytes]:
        ours = sockets / "hba"
        ours.write_text("local all all trust\n")  # the folder is private, and nothing listens else
        give(ours, self.account)
        settings = {
            "port": PORT, "unix_socket_directories": sockets, "listen_addresses": "",
            "hba_file": ours, "hot_standby": "off", "archive_mode": "off", "timezone": "UTC",
            "restore_command": f"gzip -dc {plain(archive)}/%f.gz > %p",
            "recovery_target_action": "promote",
        } | ({"recovery_target_time": until.isoformat()} if until else {})  # fmt: skip
        tree = binaries.reachable(
            binaries.install(self.major), self.account, beside=BASE / "programs"
        )
        words = [f"--{name}={value}" for name, value in settings.items()]
        log = self.home.open_log()
        try:
            return subprocess.Popen(  # noqa: S603 - the wheel's own
                [tree / "bin" / "postgres", "-D", self.new, *words],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.new,
                env=binaries.CLEAN, start_new_session=True, **credentials(self.account),
            )  # fmt: skip
        finally:
            os.close(log)

    def _take_over(self, sockets: Path) -> None:
        """Passwords of this installation; those of the old one lay beside the old data."""
        where = {"host": str(sockets), "port": PORT, "user": SUPERUSER, "dbname": SUPERUSER}
        with psycopg.connect(**where, autocommit=True) as connection:  # type: ignore[arg-type]  # words for libpq
            for role in (SUPERUSER, ROLE):
                password = Literal(self.home.new_password(role))
                connection.execute(
                    SQL("ALTER ROLE {} PASSWORD {}").format(Identifier(role), password)
                )
