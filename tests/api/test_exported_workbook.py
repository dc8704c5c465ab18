"""Workbooks: typed cells, nothing that runs, and memory that does not grow with the rows."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from tempfile import TemporaryFile

from openpyxl import load_workbook

from api.exports.workbook import Cell, Sheet, write

COLUMNS = {"序号": 6, "姓名": 18, "学时": 8, "日期": 12, "时间": 18, "账本编号": 40}
DAY = date(2026, 9, 18)
EVENING = datetime.combine(DAY, time(19, 4))  # as the city's clocks show it


def row(number: int, name: str = "（示例）陈建国") -> list[Cell]:
    return [number, name, Decimal("1.50"), DAY, EVENING, "0192f0aa"]


def test_numbers_days_and_moments_are_such_and_ids_are_texts() -> None:
    file = BytesIO()
    write([Sheet("签到表", "只供学校使用", COLUMNS, [row(1)])], file)
    sheet = load_workbook(file).active
    assert sheet is not None
    assert [sheet["A1"].value, sheet["A2"].value, sheet["F3"].value] == [
        "签到表", "只供学校使用", "账本编号",
    ]  # fmt: skip
    cells = [cell.value for cell in sheet[4]]
    assert cells[:3] == [1, "（示例）陈建国", 1.5]
    assert cells[3:5] == [datetime.combine(DAY, time()), EVENING]
    assert (sheet["F4"].data_type, sheet["F4"].number_format) == ("s", "@")
    assert (sheet["B4"].alignment.wrap_text, sheet.column_dimensions["B"].width) == (True, 18)


def test_what_a_workbook_cannot_hold_is_left_out_and_formulas_are_texts() -> None:
    file = BytesIO()
    names = ["=1+1", "@x", "a\x00b\x1f", "长" * 40_000]
    write([Sheet("a/b:c", "", COLUMNS, [row(n, name) for n, name in enumerate(names)])], file)
    sheet = load_workbook(file).active
    assert sheet is not None
    assert sheet.title == "a b c"
    found = [sheet.cell(line, 2).value for line in range(4, 8)]
    assert found[:3] == ["'=1+1", "'@x", "a\ufffdb\ufffd"]
    assert len(str(found[3])) == 32_766


def test_ten_times_the_rows_take_no_more_memory() -> None:
    few, many = peak(100), peak(1_000)
    assert many < few * 1.2 + 100_000


def peak(rows: int) -> int:
    def made() -> Iterator[list[Cell]]:
        return (row(number, f"（示例）{number}") for number in range(rows))

    with TemporaryFile() as file:
        tracemalloc.start()
        write([Sheet("名单", "", COLUMNS, made())], file)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return found
