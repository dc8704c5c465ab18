"""The pilot and its pages are for a ledger of their own."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.bootstrap import Runtime
from api.demo.pilot import LedgerNotEmpty, load_unless_there
from tests.acting import Pilot
from tests.saying import says


def test_the_pilot_goes_into_no_ledger_that_is_in_use(runtime: Runtime) -> None:
    Pilot(runtime.book).set_up()
    before = runtime.book.ledger.position()
    with pytest.raises(LedgerNotEmpty):
        load_unless_there(runtime)
    assert runtime.book.ledger.position() == before


def test_a_ledger_that_is_no_demo_shows_no_logins(runtime: Runtime) -> None:
    answer = TestClient(create_app(runtime)).get("/demo")
    assert answer.status_code == 404
    assert says(answer, "not_a_demo")
