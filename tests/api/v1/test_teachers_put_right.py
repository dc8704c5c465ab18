"""Days in service and a link that were wrong, put right as JSON by who registers teachers."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from domain.teacher_service import Service
from tests.acting import SCHOOL
from tests.api.desk import Desk
from tests.api.v1.test_teachers import LI, NOVEMBER, code, link, post, registered, with_account

RIGHT = {"since": "2015-09-01", "begins": "2025-09-01", "ends": None}


@pytest.fixture
def li(desk: Desk) -> str:
    desk.clock.move_to(NOVEMBER)
    return registered(desk, LI)


def told(desk: Desk, li: str, asker: str = "coordinator") -> dict[str, Any]:
    found: dict[str, Any] = desk.browser(asker).get(li).json()
    return found


def test_wrong_days_in_service_are_read_and_put_right(desk: Desk, li: str) -> None:
    assert told(desk, li)["services"] == [
        {"school_code": SCHOOL, "begins": "2015-09-01", "ends": None}
    ]

    assert post(desk, "coordinator", f"{li}/service", RIGHT)[0] == 200

    days = [Service(SCHOOL, date(2025, 9, 1))]
    assert desk.runtime.book.teachers.get(UUID(li.rsplit("/", 1)[1])).services == days
    assert (told(desk, li)["services"][0]["begins"], told(desk, li)["required"]) == (
        "2025-09-01",
        800,
    )
    position = desk.runtime.book.ledger.position()
    again = {**RIGHT, "since": "2025-09-01"}
    assert post(desk, "coordinator", f"{li}/service", again) == (200, {"position": position})
    assert code(desk, "coordinator", f"{li}/service", RIGHT) == "teacher_service_unknown"
    backwards = {**again, "ends": "2025-08-31"}
    assert code(desk, "coordinator", f"{li}/service", backwards) == "teacher_service_dates_cross"
    assert code(desk, "head", f"{li}/service", again) == "forbidden"


def test_a_wrong_link_is_taken_back(desk: Desk, li: str) -> None:
    link(desk, li, with_account(desk, "head"))
    assert desk.browser("head").get("/api/v1/staff/my-hours").json()["own"]
    assert code(desk, "head", f"{li}/staff/withdrawal") == "forbidden"

    assert post(desk, "coordinator", f"{li}/staff/withdrawal")[0] == 200

    assert desk.browser("head").get("/api/v1/staff/my-hours").json() == {"own": None}
    position = desk.runtime.book.ledger.position()
    assert post(desk, "coordinator", f"{li}/staff/withdrawal") == (200, {"position": position})
