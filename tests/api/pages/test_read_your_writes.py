"""Whoever acted sees what they did, or is told that the page does not show it yet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg
import pytest
from fastapi.testclient import TestClient

from api.read_your_writes import COOKIE
from tests.api.desk import Desk

NOT_YET = "这一页可能还没有显示出来"


@contextmanager
def late_read_models(desk: Desk) -> Iterator[None]:
    """The pages can be read, and nothing new can be written into them."""
    views = desk.runtime.connections.names.views
    with psycopg.connect(desk.runtime.connections.owner) as owner:
        for (table,) in owner.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = %s", [views]
        ).fetchall():
            owner.execute(f'LOCK TABLE {views}."{table}" IN SHARE ROW EXCLUSIVE MODE')
        yield


def tap(desk: Desk, host: TestClient, family: int = 0) -> None:
    form = {"learner_id": str(desk.pilot.learners[family]), "scan_id": str(uuid4())}
    assert host.post(f"{desk.session}/check-in", data=form).status_code == 303


def test_a_page_older_than_its_readers_own_act_says_so(desk: Desk) -> None:
    desk.open()
    host = desk.browser("host")
    with late_read_models(desk):
        tap(desk, host)
        assert host.cookies[COOKIE] == str(desk.runtime.book.ledger.position())
        page = host.get(desk.session).text
        assert NOT_YET in page
    desk.catch_up(desk.runtime.book.ledger.position())
    assert NOT_YET not in host.get(desk.session).text


def test_who_did_nothing_waits_for_nothing(desk: Desk) -> None:
    desk.open()
    host, teacher = desk.browser("host"), desk.browser("coordinator")
    with late_read_models(desk):
        tap(desk, host)
        assert NOT_YET not in teacher.get(desk.session).text
    punctual = desk.browser("host")
    tap(desk, punctual, family=1)
    assert COOKIE not in punctual.cookies


@pytest.mark.parametrize("told", ["", "x", "-1", "1 or 1=1", "9" * 18, "9" * 40])
def test_a_cookie_that_is_not_ours_is_no_matter(desk: Desk, told: str) -> None:
    host = desk.browser("host")
    host.cookies.set(COOKIE, told)
    answer = host.get("/staff")
    assert answer.status_code == 200
    assert NOT_YET not in answer.text
