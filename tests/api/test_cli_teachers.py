"""The teachers' ledger by command line: everything that the pages do, and the closing."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from api.bootstrap import Runtime
from api.cli import app
from domain.envelope import Role
from domain.refusals import Refused
from domain.staff import OwnCase
from domain.teacher_correction import CorrectionNeedsSecondPerson
from domain.training import HoursMalformed
from tests.acting import DISTRICT, SCHOOL
from tests.api.imports.given import COORDINATOR, employ, establish
from tests.clock import TestClock

HEAD, OTHER = "head", "4401040002"
NOVEMBER = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
NEW_YEAR = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)
TRAINING = ("（示例）研修", "（示例）学院", "6", "--from", "2026-03-07")

Run = Callable[..., Result]


@pytest.fixture
def run(runtime: Runtime, clock: TestClock) -> Run:
    """Run `teachers …` as the coordinator, or as whoever is named, in November."""
    establish(runtime)
    employ(runtime, HEAD, Role.HEAD, SCHOOL)
    clock.move_to(NOVEMBER)

    def invoke(*words: str, user: str | None = COORDINATOR) -> Result:
        who = ("--as", user) if user else ()
        return CliRunner().invoke(app, ["teachers", *words, *who], obj=runtime)

    return invoke


def told(result: Result) -> Any:
    assert result.exception is None, result.exception
    return json.loads(result.stdout)


def refused(result: Result) -> type[Refused]:
    assert isinstance(result.exception, Refused)
    return type(result.exception)


@pytest.fixture
def li(run: Run) -> str:
    answer = run("register", SCHOOL, "（示例）李老师", "--since", "2015-09-01", "--staff-no", "T-1")
    return str(told(answer)["teacher_id"])


def hours(run: Run) -> list[int]:
    found = told(run("report", SCHOOL, "--cycle", "2024-2026", "--json"))
    return [each["hours"] for each in found["teachers"]]


def test_hours_are_entered_reported_and_taken_back(run: Run, li: str) -> None:
    award_id = told(run("award", li, *TRAINING))["award_id"]
    assert told(run("award", li, *TRAINING, user=HEAD))["award_id"] == award_id
    [row] = told(run("report", SCHOOL, "--json"))["teachers"]
    plain = run("report", SCHOOL).stdout
    told(run("reverse", li, award_id, "--reason", "entry_error"))

    assert (row["staff_no"], row["2026"], row["required"], row["standing"]) == (
        "T-1", 600, 1800, "short",
    )  # fmt: skip
    assert "（示例）李老师" in plain
    assert "18" in plain
    assert hours(run) == [0]
    assert refused(run("award", li, "甲", "乙", "many", "--from", "2026-03-07")) is HoursMalformed


def test_the_district_is_told_numbers(run: Run, li: str) -> None:
    run("award", li, *TRAINING)
    for region in (DISTRICT, "440100"):
        [school] = told(run("counts", region, "--json", user=None))["schools"]
        assert school == {
            "school_code": SCHOOL, "serving": 1, "trained": 1, "met": 0, "on_track": 0, "short": 1,
        }  # fmt: skip
    assert "李老师" not in run("counts", DISTRICT, user=None).stdout
    assert told(run("counts", "440105", "--json", user=None))["schools"] == []
    assert run("counts", "440105", user=None).exit_code == 0


def test_a_linked_teacher_s_hours_are_entered_by_a_colleague(run: Run, li: str) -> None:
    told(run("link", li, COORDINATOR))
    assert refused(run("award", li, *TRAINING)) is OwnCase
    told(run("award", li, *TRAINING, user=HEAD))
    assert hours(run) == [600]


def test_wrong_days_and_a_wrong_link_are_put_right(run: Run, li: str) -> None:
    def required() -> int:
        [row] = told(run("report", SCHOOL, "--cycle", "2024-2026", "--json"))["teachers"]
        return int(row["required"])

    assert required() == 1800
    told(run("link", li, HEAD))
    restated = ("correct-service", li, "--since", "2015-09-01", "--from", "2025-09-01")
    for words in (restated, ("unlink", li)):
        assert refused(run(*words, user=HEAD)).code == "forbidden"
        told(run(*words))
    assert required() == 800
    assert refused(run(*restated)).code == "teacher_service_unknown"
    told(run("link", li, COORDINATOR))
    assert refused(run("unlink", li)) is OwnCase


def test_a_teacher_moves_and_leaves(run: Run, li: str) -> None:
    told(run("leave", li, "--on", "2026-08-31"))
    told(run("move", li, OTHER, "--on", "2026-09-01"))
    assert hours(run) == []
    assert refused(run("leave", li, "--on", "2026-10-31")).code == "forbidden"


def test_the_closing_is_asked_for_and_corrected_by_two_persons(
    run: Run, li: str, clock: TestClock
) -> None:
    assert told(run("close", user=None)) == []
    clock.move_to(NEW_YEAR)
    assert told(run("close", user=None)) == [{"cycle": "2024-2026", "teachers": 1}]
    assert refused(run("award", li, *TRAINING)).code == "teacher_cycle_closed"

    wanted = told(run("award", li, *TRAINING, "--late"))["correction_id"]
    assert refused(run("confirm", wanted)) is CorrectionNeedsSecondPerson
    told(run("confirm", wanted, user=HEAD))
    assert hours(run) == [600]


def test_a_late_reversal_may_be_declined(run: Run, li: str, clock: TestClock) -> None:
    award_id = told(run("award", li, *TRAINING))["award_id"]
    clock.move_to(NEW_YEAR)
    run("close", user=None)
    wanted = told(run("reverse", li, award_id, "--reason", "duplicate", "--late"))["correction_id"]
    told(run("decline", wanted, user=HEAD))
    assert hours(run) == [600]
