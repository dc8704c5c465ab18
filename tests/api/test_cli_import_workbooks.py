"""Workbooks through the command line: every kind, one of several sheets, failed rows to correct."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner, Result

from api.bootstrap import Runtime
from api.cli_import import import_app
from api.files.template import Kind
from tests.api.imports.conftest import IN_SEPTEMBER
from tests.api.imports.given import COORDINATOR, establish, sheet, workbook
from tests.api.test_cli_import import Bring, codes, report
from tests.clock import TestClock


@pytest.fixture
def bring(runtime: Runtime, clock: TestClock, tmp_path: Path) -> Bring:
    """Run `import KIND FILE ...` as the coordinator."""
    establish(runtime)
    clock.move_to(IN_SEPTEMBER)

    def run(kind: Kind, content: bytes, *options: str) -> Result:
        file = tmp_path / "file.xlsx"
        file.write_bytes(content)
        arguments = [kind.value, str(file), "--as", COORDINATOR, *options]
        return CliRunner().invoke(import_app, arguments, obj=runtime)

    return run


def test_a_workbook_is_taken_and_its_failed_rows_come_back_as_one(
    bring: Bring, tmp_path: Path
) -> None:
    """Corrected in the workbook that came back, they are taken (P4.1)."""
    bad = {"学生姓名": "（示例）林小红", "校内学号": "2", "手机号码": "1.00E+10"}

    result = bring(Kind.ROSTER, workbook(Kind.ROSTER, {}, bad), "--json")

    assert result.exit_code == 3
    assert report(result)["rejections"] == [
        {"row": 3, "column": "手机号码", "value": "1.00E+10", "code": "digits_lost"},
    ]
    came_back = load_workbook(tmp_path / "file.failed.xlsx")
    assert came_back.worksheets[0]["M2"].value.startswith("手机号码: 表格软件已舍去")
    came_back.worksheets[0]["I2"] = "10000000007"
    came_back.save(tmp_path / "corrected.xlsx")
    again = bring(Kind.ROSTER, (tmp_path / "corrected.xlsx").read_bytes(), "--json")
    assert (again.exit_code, report(again)["counts"]["new"]) == (0, 1)


# A sign-in sheet is read beside the one that was printed: tests/api/imports/test_sheets.py.
@pytest.mark.parametrize("kind", [each for each in Kind if each is not Kind.SIGN_IN_SHEET])
def test_every_kind_is_previewed_from_a_workbook(bring: Bring, kind: Kind) -> None:
    bring(Kind.ROSTER, sheet(Kind.ROSTER))
    result = bring(kind, workbook(kind, {}), "--dry-run", "--json")
    assert result.exit_code == 0
    assert report(result)["counts"]["rejected"] == 0


def test_the_sheet_of_a_workbook_may_be_named(bring: Bring) -> None:
    content = workbook(Kind.ROSTER, {}, sheets=("三年级", "四年级"))

    neither = bring(Kind.ROSTER, content, "--dry-run", "--json")
    one = bring(Kind.ROSTER, content, "--dry-run", "--json", "--sheet", "四年级")

    assert (neither.exit_code, codes(neither)) == (4, ["several_sheets", "several_sheets"])
    assert [r["value"] for r in report(neither)["rejections"]] == ["三年级", "四年级"]
    assert one.exit_code == 0
