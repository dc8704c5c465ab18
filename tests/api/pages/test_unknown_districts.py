"""A code that no district of the city has is refused wherever it is asked for."""

from __future__ import annotations

from datetime import date

import pytest

from domain.envelope import Role
from tests.acting import envelope
from tests.api.desk import Desk

NOWHERE = "440119"


@pytest.mark.parametrize(
    "path",
    [
        "/staff/districts/{code}/compliance",
        "/staff/districts/{code}/cases",
        "/staff/districts/{code}/irregularities",
        "/staff/samples/{code}",
        "/staff/teachers/regions/{code}",
        "/staff/rules/{code}",
        "/api/v1/districts/{code}/years/2026/coverage",
    ],
)
def test_even_the_city_asks_in_vain(desk: Desk, path: str) -> None:
    city = desk.browser("city_administrator", None)

    answers = [city.get(path.format(code=code)) for code in (NOWHERE, "440118")]

    assert [answer.status_code for answer in answers] == [404, 200], answers[1].text
    assert "没有这个区" in answers[0].text


def test_who_was_granted_a_mistyped_code_before_still_works_at_the_right_one(desk: Desk) -> None:
    officer = desk.browser("district_officer")
    position = desk.runtime.book.registry.authorise(
        desk.people["district_officer"], Role.DISTRICT_OFFICER, NOWHERE, date(2026, 8, 1),
        date(2027, 8, 31), envelope(),
    )  # fmt: skip
    desk.catch_up(position)

    assert officer.get("/staff").status_code == 200
    assert officer.get("/staff/rules").headers["location"] == "/staff/rules/440104"
