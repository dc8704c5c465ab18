"""The PostgreSQL that the program brings along: what a process calls to use it."""

from __future__ import annotations

import fcntl
import os
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from ledger import binaries, embedded_account, embedded_home
from ledger.embedded_endpoint import Endpoint, answers
from ledger.embedded_home import BASE, EmbeddedServerError, home_of, take
from ledger.embedded_order import ROLE, SUPERUSER, Order

__all__ = ["EmbeddedServer", "EmbeddedServerError", "Endpoint"]

BETWEEN_LOOKS = 0.02
BOOTSTRAP = (
    "import sys; sys.path.append(sys.argv.pop(1)); from ledger.supervisor import main; main()"
)


class EmbeddedServer:
    """One server for every process that names the same `state` folder.

    It runs while a process that called `start` lives and has not left, plus `linger` seconds;
    account, settings, linger and temporary are those of the process that started it. The data of
    a temporary server go with its last user, however that one ends: for tests.
    Should its supervisor be killed, the server stops; calling `start` again brings it back.
    """

    def __init__(
        self,
        state: Path,
        *,
        major: int = 18,
        account: str | None = None,
        linger: float = 0.0,
        temporary: bool = False,
        settings: Mapping[str, str | int] | None = None,
    ) -> None:
        self._state = state.resolve()
        self._major = major
        self._account = account
        self._linger = linger
        self._temporary = temporary
        self._settings = dict(settings or {})
        self._users: int | None = None
        self._turn = threading.Lock()

    def start(self, told: threading.Event | None = None) -> Endpoint:
        """Return a server that answers, started if need be; however long its recovery takes.

        Who is `told` to stop meanwhile waits no longer. Raises EmbeddedServerError.
        """
        told = told or threading.Event()
        with self._turn:
            self._refuse_another_folder()
            was_used = self._users is not None
            try:
                self._join(told)
                return self._reach(told)
            except BaseException:
                if not was_used:  # else we stay with the data that we used
                    self._leave()
                raise

    def superuser(self) -> Endpoint:
        """Return the endpoint of the superuser, for base backups and repairs."""
        endpoint = self.start()
        password = self._home().password(SUPERUSER)
        return Endpoint(endpoint.host, endpoint.port, SUPERUSER, password, SUPERUSER)

    @property
    def folder(self) -> Path:
        """Where its data lie."""
        return self._home().path

    def leave(self) -> None:
        """Need the server no longer; it stops when nobody else does."""
        with self._turn:
            self._leave()

    def stop(self) -> None:
        """Stop the server for everybody and wait until its last process is gone."""
        home = self._home()
        run = home.read("run")
        if run:
            home.write("stop", run)
        self.leave()
        while home.read("run") == run and not self._gone():
            time.sleep(BETWEEN_LOOKS)

    def erase(self) -> None:
        """Stop the server and delete its data for good."""
        self.stop()
        embedded_home.erase(self._state)

    def __enter__(self) -> Endpoint:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.leave()

    def _home(self) -> embedded_home.Home:
        return home_of(self._state, temporary=self._temporary)

    def _join(self, told: threading.Event) -> None:
        while self._users is None:
            lock = self._home().open_lock("users.lock")
            try:
                while not take(lock, fcntl.LOCK_SH):  # a server is being stopped
                    self._wait(told)
                if os.fstat(lock).st_nlink:  # else it was temporary, and has gone while we waited
                    self._users = os.dup(lock)
            finally:
                os.close(lock)

    def _leave(self) -> None:
        if self._users is not None:
            os.close(self._users)
            self._users = None

    def _gone(self) -> bool:
        lock = self._home().open_lock("server.lock")
        try:
            return take(lock, fcntl.LOCK_EX)
        finally:
            os.close(lock)

    def _refuse_another_folder(self) -> None:
        """Whoever used a ledger's data does not go on with an empty folder in their place."""
        if self._users is None:
            return
        place = self._state / "pg"
        lock, data = place / "users.lock", place / f"pg{self._major}"
        is_same = lock.exists() and os.path.samestat(lock.stat(), os.fstat(self._users))
        if not (is_same and data.is_dir()):
            raise EmbeddedServerError(f"{place} was deleted or replaced while it was in use")

    def _reach(self, told: threading.Event) -> Endpoint:
        home = self._home()
        log_before: int | None = None
        while True:
            lock = home.open_lock("server.lock")
            try:
                if take(lock, fcntl.LOCK_EX):  # no process of any server is left: we are the first
                    if log_before is not None:
                        raise EmbeddedServerError(_tail(home, log_before))
                    log_before = self._launch(home, lock)
            finally:
                os.close(lock)
            endpoint = self._announced(home)
            if endpoint is not None and answers(endpoint.host, endpoint.port):
                return endpoint
            self._wait(told)

    def _wait(self, told: threading.Event) -> None:
        """Without a limit, look by look: it recovers, or the lock gets free."""
        if told.wait(BETWEEN_LOOKS):
            raise EmbeddedServerError(f"{self._state}: told to stop before its server answered")

    def _announced(self, home: embedded_home.Home) -> Endpoint | None:
        words = home.announced()
        if words is None:
            return None
        if words["major"] != str(self._major):
            raise EmbeddedServerError(f"{self._state} is served by PostgreSQL {words['major']}")
        return Endpoint(words["host"], int(words["port"]), ROLE, home.password(ROLE), ROLE)

    def _launch(self, home: embedded_home.Home, lock: int) -> int:
        """Start the supervisor, which inherits the lock; return where its log begins."""
        self._refuse_another_major(home)
        account = embedded_account.chosen(self._account)
        install = binaries.reachable(
            binaries.install(self._major), account, beside=BASE / "programs"
        )
        run = secrets.token_hex(8)
        order = Order(
            state=self._state,
            home=home,
            install=install,
            major=self._major,
            account=account,
            linger=self._linger,
            temporary=self._temporary,
            settings=self._settings,
            run=run,
            lock=lock,
        )
        home.drop("endpoint.json")
        home.write("run", run)
        return _spawn(home, order)

    def _refuse_another_major(self, home: embedded_home.Home) -> None:
        kept = {p.name for p in home.path.glob("pg*") if p.name.removeprefix("pg").isdigit()}
        if kept and home.data(self._major).name not in kept:
            raise EmbeddedServerError(
                f"{self._state} holds {', '.join(sorted(kept))} and not pg{self._major}: "
                "dump with the old version, restore with the new"
            )


def _spawn(home: embedded_home.Home, order: Order) -> int:
    packages = str(Path(__file__).parents[1])
    python = [sys.executable, "-I", "-S", "-c", BOOTSTRAP, packages]
    log = home.open_log()
    begin = os.lseek(log, 0, os.SEEK_END)
    try:
        subprocess.run(  # noqa: S603 - our own interpreter
            [*python, *order.arguments()],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=(order.lock,),
            start_new_session=True,
            cwd="/",
            env=binaries.CLEAN,
        )
    finally:
        os.close(log)
    return begin


def _tail(home: embedded_home.Home, begin: int) -> str:
    text = home.log.read_bytes()[begin:].decode(errors="replace").strip()
    return f"the embedded PostgreSQL did not start; {home.log} says:\n{text[-2000:]}"
