"""How often a page of the evening asks the database: it is opened by a city at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import current_thread
from typing import Any

import psycopg
import pytest

from api import arrivals
from tests.api.parents.conftest import Evening
from tests.api.parents.evenings import tap


@contextmanager
def overheard(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The questions asked meanwhile, without what a connection is told of who asks."""
    asked: list[str] = []
    execute = psycopg.Cursor[Any].execute

    def overhearing(cursor: psycopg.Cursor[Any], query: Any, *rest: Any, **named: Any) -> object:
        text = query if isinstance(query, str) else str(query)
        if current_thread().name.startswith("AnyIO") and text and "set_config" not in text:
            asked.append(text)  # neither the worker's nor a pool's, whether anybody is there
        return execute(cursor, query, *rest, **named)

    with monkeypatch.context() as patched:
        patched.setattr(psycopg.Cursor, "execute", overhearing)
        yield asked


def test_the_page_with_the_button_and_the_tick_ask_each_thing_once(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = evening.enrolled_phone()
    evening.scan(phone)
    phone.get("/in")  # what a process asks once, it knows now
    with overheard(monkeypatch) as asked:
        assert '<button class="btn tap"' in phone.get("/in").text
    assert len(asked) == 6
    tap(phone)
    with overheard(monkeypatch) as asked:
        assert "已签到" in phone.get(f"/in/{arrivals.session_text(evening.session_id)}").text
    assert len(asked) == 6


def test_a_parents_home_asks_three_and_twenty_times_at_most(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = evening.enrolled_phone()
    evening.scan(phone)
    tap(phone)
    phone.get("/me")
    with overheard(monkeypatch) as asked:
        assert phone.get("/me").status_code == 200
    assert len(asked) <= 23
