"""Plans brought again when a session of theirs was called off: it stays so, unless it is meant."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from api.bootstrap import Runtime
from api.cli_import import import_app
from api.files.template import Kind
from tests.acting import envelope
from tests.api.imports.conftest import Bring
from tests.api.imports.given import COORDINATOR, sheet
from tests.api.imports.test_plans import NOVEMBER, OCTOBER, outcomes, sessions
from tests.api.imports.test_plans_brought_late import TOO_LATE
from tests.clock import TestClock

CALLED_OFF = "session_called_off"


def call_off(runtime: Runtime, number: int = 0) -> None:
    """Call off one of the sessions, by their days."""
    session = sessions(runtime)[number]
    runtime.book.sessions.cancel(session.id, "entered_in_error", envelope())


def test_a_row_whose_session_was_called_off_is_one_anew_only_for_whoever_means_it(
    bring: Bring, runtime: Runtime
) -> None:
    outcomes(bring, {})
    call_off(runtime)

    assert outcomes(bring, {}) == [CALLED_OFF]
    assert outcomes(bring, {"开始时间": "20:00", "结束时间": "21:30"}) == [CALLED_OFF]
    assert len(sessions(runtime)) == 1
    assert outcomes(bring, {}, dry_run=True, anew=[2]) == ["new"]
    assert outcomes(bring, {}, anew=[2]) == ["new"]
    assert outcomes(bring, {}) == ["same"]
    assert {each.standing.is_off for each in sessions(runtime)} == {True, False}


def test_an_old_file_neither_moves_another_session_to_where_one_was_called_off(
    bring: Bring, runtime: Runtime
) -> None:
    outcomes(bring, {}, OCTOBER)
    assert outcomes(bring, NOVEMBER, OCTOBER) == ["changed", "same"]
    call_off(runtime, number=1)  # that of November, once planned for September

    assert outcomes(bring, {}, {**OCTOBER, "计划日期": "2026-10-23"}) == [CALLED_OFF, "changed"]
    assert [each.plan.begins_at.month for each in sessions(runtime)] == [10, 11]


def test_an_old_file_does_not_move_what_was_planned_anew_for_another_hour(
    bring: Bring, runtime: Runtime
) -> None:
    later = {"开始时间": "20:00", "结束时间": "21:30"}
    outcomes(bring, {})
    call_off(runtime)
    assert outcomes(bring, later, anew=[2]) == ["new"]

    assert outcomes(bring, {}) == [CALLED_OFF]
    assert outcomes(bring, later) == ["same"]


def test_a_session_planned_for_another_day_than_the_one_called_off_is_a_new_one(
    bring: Bring, runtime: Runtime
) -> None:
    outcomes(bring, {})
    call_off(runtime)

    assert outcomes(bring, OCTOBER) == ["new"]


def test_what_was_called_off_and_is_not_meant_is_in_nobodys_way(
    bring: Bring, runtime: Runtime
) -> None:
    other = {"活动主题": "（示例）亲子共读"}
    outcomes(bring, {})
    call_off(runtime)

    assert outcomes(bring, {}, other, dry_run=True, anew=[2]) == ["new", "clash"]
    assert outcomes(bring, {}, other) == [CALLED_OFF, "new"]
    assert outcomes(bring, {}, anew=[2]) == ["clash"]


def test_what_was_called_off_and_is_past_is_too_late_to_confirm(
    bring: Bring, runtime: Runtime, clock: TestClock
) -> None:
    outcomes(bring, {})
    call_off(runtime)
    [session] = sessions(runtime)
    clock.move_to(session.plan.begins_at)

    assert outcomes(bring, {}) == [TOO_LATE]


def test_on_the_command_line_a_row_is_confirmed_by_its_number(
    bring: Bring, runtime: Runtime, tmp_path: Path
) -> None:
    outcomes(bring, {})
    call_off(runtime)
    file = tmp_path / "plan.csv"
    file.write_bytes(sheet(Kind.PLAN))

    command = ["plan", str(file), "--as", COORDINATOR, "--json"]
    again = CliRunner().invoke(import_app, command, obj=runtime)
    meant = CliRunner().invoke(import_app, [*command, "--anew", "2"], obj=runtime)

    assert (again.exit_code, json.loads(again.stdout)["rows"][0]["code"]) == (3, CALLED_OFF)
    assert (meant.exit_code, json.loads(meant.stdout)["counts"]["new"]) == (0, 1)
