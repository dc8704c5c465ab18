"""A command that the server ended each time: page, JSON and command line say to try it again."""

from __future__ import annotations

import pytest

from ledger import store
from ledger.ledger import OutcomeUnknown
from tests.api.desk import Desk
from tests.api.pages.test_staff_plans import LECTURE, PLAN
from tests.api.test_cli import Command
from tests.api.v1.test_sessions import NEW
from tests.database import TestDatabase
from tests.ended_sessions import end_sessions


def test_whoever_asked_is_told_to_try_again(
    desk: Desk, database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    end_sessions(monkeypatch, times=99)
    monkeypatch.setattr(store, "ATTEMPTS", 1)
    asker = desk.browser("coordinator")
    before = desk.runtime.book.ledger.position()

    page = asker.post(f"{PLAN}/sessions", data=LECTURE)
    answer = asker.post("/api/v1/sessions", json=NEW)
    with pytest.raises(OutcomeUnknown):
        Command(database, desk.runtime.settings.var)(
            "register", "term", "2027", "1", "--begins", "2027-09-01", "--ends", "2028-01-20"
        )

    assert (page.status_code, answer.status_code) == (503, 503)
    assert "不会重复记录" in page.text
    assert answer.json()["code"] == "outcome_unknown"
    assert page.headers["Retry-After"]
    assert answer.headers["Retry-After"]
    assert desk.runtime.book.ledger.position() == before
