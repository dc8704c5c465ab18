"""Files through the command line: what is taken, what comes back, and how it ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from api.bootstrap import Runtime
from api.cli_import import import_app
from api.files.template import Kind
from tests.api.imports.conftest import IN_SEPTEMBER
from tests.api.imports.given import (
    COORDINATOR,
    GRANDMOTHER,
    STRANGER,
    TEACHER,
    establish,
    families,
    recorded,
    sheet,
)
from tests.clock import TestClock

Bring = Callable[..., Result]


@pytest.fixture
def bring(runtime: Runtime, clock: TestClock, tmp_path: Path) -> Bring:
    """Run `import KIND FILE ...` as the coordinator, in a school that is set up."""
    establish(runtime)
    clock.move_to(IN_SEPTEMBER)

    def run(kind: Kind, content: bytes, *options: str, user: str | None = COORDINATOR) -> Result:
        file = tmp_path / "file.csv"
        file.write_bytes(content)
        who = ["--as", user] if user else []
        return CliRunner().invoke(import_app, [kind.value, str(file), *who, *options], obj=runtime)

    return run


def report(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def codes(result: Result) -> list[str]:
    found = report(result)
    wrong = [each["code"] for each in found["rejections"]]
    return wrong + [row["code"] for row in found["rows"] if row["outcome"] == "doubtful"]


def test_the_file_of_a_sheet_that_nobody_printed_is_told_row_by_row(bring: Bring) -> None:
    result = bring(Kind.SIGN_IN_SHEET, sheet(Kind.SIGN_IN_SHEET), "--json", "--check", user=TEACHER)

    assert (result.exit_code, codes(result)) == (3, ["sheet_unknown"])


def test_a_good_roster_is_taken_whole(bring: Bring) -> None:
    result = bring(Kind.ROSTER, sheet(Kind.ROSTER, {}, GRANDMOTHER), "--json")

    assert result.exit_code == 0
    assert report(result)["counts"] == {
        "new": 2, "same": 0, "changed": 0, "doubtful": 0, "rejected": 0,
    }  # fmt: skip


@pytest.mark.parametrize("kind", [Kind.ROSTER, Kind.PLAN])
def test_the_same_file_twice_records_nothing(bring: Bring, runtime: Runtime, kind: Kind) -> None:
    content = sheet(kind)
    bring(kind, content)
    before = recorded(runtime)

    again = bring(kind, content, "--json")

    assert report(again)["counts"]["same"] == 1
    assert recorded(runtime) == before


# A sign-in sheet names one that was printed: `test_sheets` brings it.
@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.SIGN_IN_SHEET])
def test_a_dry_run_records_neither_events_nor_names(
    bring: Bring, runtime: Runtime, kind: Kind, tmp_path: Path
) -> None:
    bring(Kind.ROSTER, sheet(Kind.ROSTER))
    before = recorded(runtime)
    new_person = {"家长姓名": "（示例）王桂兰", "与学生关系": "母亲", "手机号码": "10000000002"}
    changes = new_person if kind is Kind.ROSTER else {}

    result = bring(kind, sheet(kind, changes), "--dry-run", "--json")

    assert report(result)["counts"]["new"] == 1
    assert recorded(runtime) == before


def test_a_dry_run_of_a_roster_needs_nobody_and_finds_its_school(bring: Bring) -> None:
    result = bring(Kind.ROSTER, sheet(Kind.ROSTER), "--dry-run", "--json", user=None)

    assert (result.exit_code, report(result)["dry_run"]) == (0, True)


def test_good_rows_go_on_and_the_failed_ones_come_back(
    bring: Bring, runtime: Runtime, tmp_path: Path
) -> None:
    bad = {"学生姓名": "（示例）林小红", "校内学号": "2", "手机号码": "1000000000"}

    result = bring(Kind.ROSTER, sheet(Kind.ROSTER, {}, bad), "--json")

    assert result.exit_code == 3
    assert report(result)["rejections"] == [
        {"row": 3, "column": "手机号码", "value": "1000000000", "code": "phone_not_11_digits"}
    ]
    assert report(result)["counts"]["new"] == 1
    failed = (tmp_path / "file.failed.csv").read_text("utf-8-sig")
    assert "林小红" in failed
    assert "phone_not_11_digits" in failed
    assert "陈小明" not in failed


def test_the_failed_rows_once_corrected_are_taken(bring: Bring, tmp_path: Path) -> None:
    bad = {"学生姓名": "（示例）林小红", "校内学号": "2", "手机号码": "1000000000"}
    bring(Kind.ROSTER, sheet(Kind.ROSTER, {}, bad))
    failed = (tmp_path / "file.failed.csv").read_bytes()

    corrected = failed.replace(b"1000000000,", b"10000000007,")
    result = bring(Kind.ROSTER, corrected, "--json")

    assert (result.exit_code, report(result)["counts"]["new"]) == (0, 1)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"是否监护人": "否"}, "parent_is_guardian"),
        ({"与学生关系": "委托照护人"}, "relation_not_a_guardian"),
        ({"班级": "9班"}, "class_unknown"),
        ({"手机号码": "1000000000"}, "phone_not_11_digits"),
        ({"备注": "=1+1"}, "formula_in_cell"),
        ({"学校标识码": "4401040009"}, "school_code_foreign"),
    ],
)
def test_what_is_wrong_in_a_roster_is_named(
    bring: Bring, changes: dict[str, str], code: str
) -> None:
    result = bring(Kind.ROSTER, sheet(Kind.ROSTER, changes), "--json")

    assert result.exit_code == 3
    assert codes(result) == [code]


def test_a_file_of_200_megabytes_is_refused_unread(
    bring: Bring, runtime: Runtime, tmp_path: Path
) -> None:
    huge = tmp_path / "huge.csv"
    with huge.open("wb") as file:
        file.truncate(200 * 1024 * 1024)

    arguments = ["roster", str(huge), "--as", COORDINATOR, "--json"]
    result = CliRunner().invoke(import_app, arguments, obj=runtime)

    assert (result.exit_code, codes(result)) == (4, ["file_too_large"])


def test_an_unreadable_file_ends_with_4_and_says_why(bring: Bring) -> None:
    result = bring(Kind.ROSTER, b"\xd0\xcf\x11\xe0", "--json")

    assert result.exit_code == 4
    assert codes(result) == ["workbook_of_97"]


def test_a_file_that_is_not_there_ends_with_4(bring: Bring, runtime: Runtime) -> None:
    arguments = ["roster", "nowhere.csv", "--as", COORDINATOR, "--json"]
    result = CliRunner().invoke(import_app, arguments, obj=runtime)

    assert result.exit_code == 4
    assert codes(result) == ["file_missing"]


@pytest.mark.parametrize(
    ("user", "code"),
    [(STRANGER, "forbidden"), (TEACHER, "forbidden"), ("nobody", "unknown_account")],
)
def test_who_may_not_import_is_refused(
    bring: Bring, runtime: Runtime, user: str, code: str
) -> None:
    before = recorded(runtime)

    result = bring(Kind.ROSTER, sheet(Kind.ROSTER), "--json", "--school", "4401040001", user=user)

    assert (result.exit_code, report(result)["code"]) == (5, code)
    assert recorded(runtime) == before


def test_recording_needs_somebody_who_acts(bring: Bring) -> None:
    result = bring(Kind.ROSTER, sheet(Kind.ROSTER), "--json", user=None)

    assert (result.exit_code, report(result)["code"]) == (5, "login_required")


def test_a_second_father_is_for_a_person_to_decide(bring: Bring, tmp_path: Path) -> None:
    bring(Kind.ROSTER, sheet(Kind.ROSTER))
    other = {"家长姓名": "（示例）陈大同", "手机号码": "10000000009"}

    result = bring(Kind.ROSTER, sheet(Kind.ROSTER, other), "--json")

    assert (result.exit_code, codes(result)) == (3, ["another_person_has_this_relation"])
    assert "陈大同" in (tmp_path / "file.failed.csv").read_text("utf-8-sig")


def test_people_read_counts_and_reasons_in_their_language(bring: Bring) -> None:
    bad = sheet(Kind.ROSTER, {"手机号码": "1000000000"})

    chinese = bring(Kind.ROSTER, bad).stdout
    english = bring(Kind.ROSTER, bad, "--lang", "en").stdout

    assert "11位数字" in chinese
    assert "11 digits" in english


def test_a_plan_becomes_sessions_at_the_times_of_the_file(bring: Bring, runtime: Runtime) -> None:
    result = bring(Kind.PLAN, sheet(Kind.PLAN), "--json")

    assert (result.exit_code, report(result)["counts"]["new"]) == (0, 1)


def test_a_plan_without_times_is_rejected_by_row(bring: Bring) -> None:
    content = sheet(Kind.PLAN, without=("开始时间", "结束时间"))

    result = bring(Kind.PLAN, content, "--json")

    assert result.exit_code == 3
    assert [(r["column"], r["code"]) for r in report(result)["rejections"]] == [
        ("开始时间", "time_missing")
    ]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"学期": "2", "计划日期": "2027-03-05"}, "term_not_opened"),
        ({"计划日期": "2027-03-05"}, "date_outside_term"),
        ({"面向年级": "初一"}, "grade_not_of_this_school"),
        ({"课时": "9"}, "class_hours_out_of_range"),
        ({"地点": "@SUM(A1)"}, "formula_in_cell"),
    ],
)
def test_what_is_wrong_in_a_plan_is_named(bring: Bring, changes: dict[str, str], code: str) -> None:
    assert codes(bring(Kind.PLAN, sheet(Kind.PLAN, changes), "--json")) == [code]


def test_results_are_typed_by_one_and_checked_by_another(bring: Bring, runtime: Runtime) -> None:
    bring(Kind.ROSTER, sheet(Kind.ROSTER))
    content = sheet(Kind.EXAM)

    typed = bring(Kind.EXAM, content, "--json")
    own = bring(Kind.EXAM, content, "--check", "--json")
    checked = bring(Kind.EXAM, content, "--check", "--json", user=TEACHER)
    again = bring(Kind.EXAM, content, "--check", "--json", user=TEACHER)

    assert [r.exit_code for r in (typed, own, checked, again)] == [0, 3, 0, 0]
    assert report(typed)["counts"]["new"] == 1
    assert codes(own) == ["checks_own_entry"]
    assert report(checked)["counts"]["new"] == 1
    assert report(again)["counts"]["same"] == 1


def test_a_result_of_somebody_unknown_is_doubtful(bring: Bring) -> None:
    bring(Kind.ROSTER, sheet(Kind.ROSTER))

    result = bring(Kind.EXAM, sheet(Kind.EXAM, {"家长姓名": "（示例）赵无名"}), "--json")

    assert (result.exit_code, codes(result)) == (3, ["learner_not_found"])


def test_a_result_of_an_unpublished_exam_is_doubtful_for_a_teacher(bring: Bring) -> None:
    bring(Kind.ROSTER, sheet(Kind.ROSTER))

    result = bring(Kind.EXAM, sheet(Kind.EXAM), "--json", user=TEACHER)

    assert codes(result) == ["exam_not_published"]


def test_a_thousand_four_hundred_rows_are_taken_as_they_were_previewed(bring: Bring) -> None:
    content = sheet(Kind.ROSTER, *families(1400))
    preview = bring(Kind.ROSTER, content, "--dry-run", "--json")
    taken = bring(Kind.ROSTER, content, "--json")

    assert report(preview)["counts"] == report(taken)["counts"]
    assert report(taken)["counts"]["new"] == 1400
