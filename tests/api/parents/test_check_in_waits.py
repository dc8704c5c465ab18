"""A check-in that cannot be taken at this moment: the page tries again, the arrival is not lost."""

from __future__ import annotations

import re
from datetime import timedelta

from ledger.intake import Intake
from tests.api.parents.conftest import Evening


def test_too_many_at_once_wait_with_their_ticket_and_their_scan_id(evening: Evening) -> None:
    phone, portal = evening.enrolled_phone(), evening.door.portal
    evening.scan(phone)
    asked = phone.get("/in").text
    assert portal is not None
    intake: Intake = evening.door.app.state.intake  # type: ignore[attr-defined]  # a Starlette app
    portal.call(intake.close)

    answer = phone.post("/in", data={"scan_id": scan_id(asked)})

    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert 'action="/in" data-again="' in answer.text
    assert scan_id(asked) in answer.text
    assert "set-cookie" not in answer.headers
    evening.clock.move(timedelta(minutes=9))  # a ticket lives for ten minutes
    assert phone.get("/in").status_code == 200


def scan_id(page: str) -> str:
    found = re.search(r'name="scan_id" value="([0-9a-f-]{36})"', page)
    assert found is not None
    return found[1]
