"""Receipts: every check-in that is acknowledged carries one, and its leaf is looked for."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.bootstrap import Runtime
from api.receipts import look, receipts_of
from domain.identity import attendance_id
from ledger import guard
from ledger.log.checkpoint import Proof
from ledger.log.note import Note
from ledger.log.receipts import Receipt
from tests.acting import Pilot
from tests.api.log.test_log_files import step
from tests.api.test_app import SAME_SITE
from tests.clock import TestClock
from tests.ledger_evening import hold


@pytest.fixture
def pilot(runtime: Runtime) -> Pilot:
    made = Pilot(runtime.book).set_up()
    hold(made, made.learners)
    return made


def receipt_text(runtime: Runtime, pilot: Pilot) -> str:
    key = attendance_id(pilot.session_id, pilot.learners[0])
    return receipts_of(runtime, [key])[key]


def test_a_receipt_names_the_leaf_that_the_log_holds(runtime: Runtime, pilot: Pilot) -> None:
    receipt = Receipt.opened(
        Note.parsed(receipt_text(runtime, pilot).encode()), runtime.receipts.key
    )
    step(runtime.log_keeping)

    log = runtime.logs.current()
    under = runtime.logs.newest(log)
    proof: Proof = runtime.logs.prove(log, runtime.logs.index_of(log, receipt.position), under)
    event = runtime.logs.event_at(receipt.position)
    assert event is not None
    assert receipt.stream_id == str(attendance_id(pilot.session_id, pilot.learners[0]))
    proof.check(event.leaf, [log.key])
    assert runtime.logs.tree(log, under.size).leaf(proof.index) == receipt.leaf
    look(runtime)
    assert runtime.logs.alarms() == []


def test_a_leaf_that_is_missing_after_a_minute_raises_an_alarm(
    runtime: Runtime, pilot: Pilot, clock: TestClock
) -> None:
    receipt_text(runtime, pilot)
    clock.move(timedelta(seconds=60))
    look(runtime)
    assert runtime.logs.alarms() == []
    clock.move(timedelta(seconds=1))
    look(runtime)
    look(runtime)
    [(_, code, facts)] = runtime.logs.alarms()
    assert (code, facts["count"]) == ("log_receipt_missing", 1)


def test_another_leaf_in_its_place_raises_an_alarm_at_once(runtime: Runtime, pilot: Pilot) -> None:
    """Whoever changes an event before it is in the log is caught by the phone's receipt."""
    receipt_text(runtime, pilot)
    key = str(attendance_id(pilot.session_id, pilot.learners[0]))
    with psycopg.connect(runtime.connections.owner) as connection:
        guard.allow(connection, "ledger")
        connection.execute("ALTER TABLE ledger.ledger_events DISABLE TRIGGER USER")
        connection.execute(
            "UPDATE ledger.ledger_events SET state = state || ' ' WHERE originator_id = %s", (key,)
        )
    step(runtime.log_keeping)
    look(runtime)
    [(_, code, _)] = runtime.logs.alarms()
    assert code == "log_receipt_differs"


def test_anybody_checks_a_receipt_on_the_page(runtime: Runtime, pilot: Pilot) -> None:
    text = receipt_text(runtime, pilot)
    with TestClient(create_app(runtime)) as anybody:
        waiting = anybody.post("/log", data={"receipt": text}, headers=SAME_SITE)
        step(runtime.log_keeping)
        found = anybody.post(
            "/log", data={"receipt": text.replace("\n", "\r\n")}, headers=SAME_SITE
        )
        touched = text.replace(f"\n{runtime.log_origin}\n", f"\n{runtime.log_origin}x\n")
        forged = anybody.post("/log", data={"receipt": touched}, headers=SAME_SITE)
        nonsense = anybody.post("/log", data={"receipt": "你好"}, headers=SAME_SITE)

    assert waiting.status_code == 404
    assert "回执属实" in found.text
    assert forged.status_code == 422
    assert "签名不对" in forged.text
    assert nonsense.status_code == 422
    assert "你好" in nonsense.text
