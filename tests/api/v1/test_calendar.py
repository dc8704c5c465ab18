"""The calendar as JSON: everybody reads it, the city publishes it, malformed days are named."""

from __future__ import annotations

from tests.api.desk import Desk

YEAR = "/api/v1/calendar/2026"
DAYS = {"days_off": ["2026-10-02", "2026-10-01"], "extra_working_days": ["2026-10-10"]}


def test_a_year_that_nobody_published_has_revision_zero(desk: Desk) -> None:
    told = desk.browser("nobody").get(YEAR).json()

    assert told == {"year": 2026, "revision": 0, "days_off": [], "extra_working_days": []}


def test_the_city_publishes_and_revises_a_year(desk: Desk) -> None:
    city = desk.browser("city_administrator")
    first = city.post(YEAR, json=DAYS).json()
    again = city.post(YEAR, json=DAYS).json()
    revised = city.post(YEAR, json={**DAYS, "extra_working_days": []}).json()

    assert (first["days_off"], first["revision"]) == (["2026-10-01", "2026-10-02"], 1)
    assert (again["revision"], revised["revision"]) == (1, 2)
    assert desk.browser("nobody").get(YEAR).json() == revised


def test_a_district_does_not_publish(desk: Desk) -> None:
    assert desk.browser("district_officer").post(YEAR, json=DAYS).status_code == 403


def test_a_day_that_cannot_be_is_named_by_row_and_column(desk: Desk) -> None:
    body = {"days_off": ["2026-10-01"], "extra_working_days": ["2026-10-01"]}

    told = desk.browser("city_administrator").post(YEAR, json=body)

    assert told.status_code == 422
    assert told.json()["code"] == "calendar_malformed"
    assert (told.json()["row"], told.json()["column"]) == (1, "extra_working_days")
