"""Rows whose session was called off, through the page and the JSON interface."""

from __future__ import annotations

import re

from api.bootstrap import Runtime
from api.files.template import Kind
from tests.acting import envelope
from tests.api.imports.given import COORDINATOR, sheet
from tests.api.imports.test_plans import sessions
from tests.api.pages.test_staff_imports import SignIn, beginning, bring, browser, send, staff

__all__ = ["beginning", "browser", "staff"]


def test_a_row_that_was_called_off_is_planned_anew_only_where_it_is_ticked(
    browser: SignIn, runtime: Runtime
) -> None:
    client, content = browser(COORDINATOR), sheet(Kind.PLAN)
    client.post(bring(client, Kind.PLAN, content).url.path)
    [session] = sessions(runtime)
    runtime.book.sessions.cancel(session.id, "entered_in_error", envelope())

    preview = bring(client, Kind.PLAN, content)
    assert re.findall(r'name="anew" value="(\d+)"> <span>([^<]*)', preview.text) == [
        ("2", "第2行 · 2026-09-18 · 19:00 · （示例）亲子沟通 · 三年级")
    ]
    assert "确认导入勾选的行" in preview.text
    assert "确认这一行，才作为新的一场排定" in client.post(preview.url.path).text
    assert len(sessions(runtime)) == 1

    client.post(bring(client, Kind.PLAN, content).url.path, data={"anew": ["2"]})
    assert len(sessions(runtime)) == 2


def test_a_row_that_was_called_off_is_confirmed_in_json_by_its_number(
    browser: SignIn, runtime: Runtime
) -> None:
    client, content = browser(COORDINATOR), sheet(Kind.PLAN)
    send(client, Kind.PLAN, content)
    [session] = sessions(runtime)
    runtime.book.sessions.cancel(session.id, "entered_in_error", envelope())

    [row] = send(client, Kind.PLAN, content).json()["rows"]
    assert row == {"row": 2, "outcome": "doubtful", "code": "session_called_off"}
    [row] = send(client, Kind.PLAN, content, anew=[2]).json()["rows"]
    assert row == {"row": 2, "outcome": "new", "code": None}
