"""A server that does not come back: its folder went, or somebody else holds its lock for ever."""

from __future__ import annotations

import fcntl
import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ledger.embedded import EmbeddedServer, EmbeddedServerError
from ledger.embedded_home import home_of
from tests.ledger.embedded.processes import ask, home_in

SOON = 5.0


@contextmanager
def folder_gone(state: Path) -> Iterator[None]:
    """Delete the folder, as whoever cleans up does who forgot the process that lives in it."""
    aside = state.with_name("aside")
    shutil.move(state, aside)
    try:
        yield
    finally:
        shutil.rmtree(state, ignore_errors=True)
        shutil.move(aside, state)


@contextmanager
def locked_by_another(state: Path, name: str) -> Iterator[None]:
    """A server that neither answers nor ends, seen from outside: it recovers, or is stopped."""
    lock = home_of(state).open_lock(name)
    fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(lock)


@contextmanager
def unannounced(state: Path) -> Iterator[None]:
    """A server that runs, and that nobody can find."""
    note = home_in(state) / "endpoint.json"
    note.rename(note.with_suffix(".aside"))
    try:
        yield
    finally:
        note.with_suffix(".aside").rename(note)


def test_no_empty_server_is_made_in_place_of_one_that_is_gone(state: Path) -> None:
    server = EmbeddedServer(state)
    endpoint = server.start()
    with folder_gone(state):
        for _ in range(2):
            with pytest.raises(EmbeddedServerError, match="deleted or replaced"):
                server.start()
        assert not state.exists()
        assert ask(endpoint, "SELECT 1") == 1
    assert server.start() == endpoint
    server.leave()


def test_who_left_may_begin_anew_in_another_folder(state: Path) -> None:
    server = EmbeddedServer(state)
    server.start()
    with folder_gone(state):
        server.leave()
        assert ask(server.start(), "SELECT 1") == 1
        server.erase()
    server.stop()


@pytest.mark.parametrize("lock", ["server.lock", "users.lock"])
def test_who_is_told_to_stop_waits_no_longer(fresh: Path, lock: str) -> None:
    server, told = EmbeddedServer(fresh), threading.Event()
    began = time.monotonic()
    threading.Timer(0.3, told.set).start()
    with locked_by_another(fresh, lock), pytest.raises(EmbeddedServerError, match="told to stop"):
        server.start(told)
    assert told.is_set()
    assert time.monotonic() - began < SOON


def test_what_failed_once_is_no_reason_to_begin_anew(state: Path) -> None:
    server = EmbeddedServer(state)
    endpoint, told = server.start(), threading.Event()
    told.set()
    with unannounced(state), pytest.raises(EmbeddedServerError, match="told to stop"):
        server.start(told)
    with folder_gone(state), pytest.raises(EmbeddedServerError, match="deleted or replaced"):
        server.start()
    assert server.start() == endpoint
    server.leave()


def test_no_new_data_take_the_place_of_data_that_were_used(state: Path) -> None:
    server = EmbeddedServer(state)
    endpoint = server.start()
    data = home_in(state) / "pg18"
    data.rename(data.with_name("aside"))
    try:
        with pytest.raises(EmbeddedServerError, match="deleted or replaced"):
            server.start()
    finally:
        data.with_name("aside").rename(data)
    assert server.start() == endpoint
    server.leave()
