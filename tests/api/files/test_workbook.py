"""Workbooks of an office: titles, merged classes, numbers for phones, hidden rows, many sheets."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from api.files.plan import read_plan
from api.files.rejection import UnreadableFile
from api.files.roster import read_roster
from api.files.spreadsheet import words_of
from api.files.table import OneSheet, Table, read_table
from api.files.template import TEMPLATES, Kind, template_workbook
from tests.api.files.test_any_file import read
from tests.api.files.workbooks import rows_of, saved, sheets, with_sheet, workbook

SCHOOL = "4401040001"
ALMOST_SEVEN = datetime.fromisoformat("2026-09-18T18:59:59.999990")


def faults(table: Table) -> list[tuple[int, str, str]]:
    return [(r.row, r.column, r.code) for r in table.rejections]


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_is_read_from_a_workbook_as_from_text(kind: Kind) -> None:
    content = workbook(rows_of(kind))
    file = read(kind, content)
    assert (len(file.rows), file.rejections) == (1, ())


@pytest.mark.parametrize("kind", list(Kind))
def test_the_templates_are_workbooks_too_and_their_cells_are_text(kind: Kind) -> None:
    table = read_table(template_workbook(kind), kind)
    assert table.header == TEMPLATES[kind].columns
    assert table.total == len(table.rows) > 0


# A title over all columns, a note, other names, merged classes, numbers, a foot.
# fmt: off
OF_AN_OFFICE: list[list[object]] = [
    ["示例小学2026学年家长学员花名册"],
    ["填表日期：", date(2026, 9, 1)],
    [],
    ["班级", "姓名（学生）", "学籍号", "监护人", "称谓", "电 话\n（必填）", "是否监护人", "微信"],
    ["三年级2班", "（示例）陈小明", 20230217, "（示例）陈建国", "父亲", 1e10, "是", "a"],
    [None, "（示例）林小红", "２０２３", "（示例）王 芳", "母亲", "１００ 0000 0001", True],
    ["三年级1班", "（示例）李小", None, "（示例）李大", "父亲", 10000000000, "是"],
    ["合计", 3],
    ["制表人：（示例）王老师", None, None, "审核人："],
]
# fmt: on


def merge(sheet: Any) -> None:
    sheet.merge_cells("A1:H1")
    sheet.merge_cells("A5:A6")


def test_an_offices_own_roster_is_read() -> None:
    file = read_roster(workbook(OF_AN_OFFICE, merge), SCHOOL)

    assert file.rejections == ()
    assert [(r.grade, r.class_group, r.child_name, r.student_no, r.phone) for r in file.rows] == [
        ("三年级", "2班", "（示例）陈小明", "20230217", "10000000000"),
        ("三年级", "2班", "（示例）林小红", "2023", "10000000001"),
        ("三年级", "1班", "（示例）李小", None, "10000000000"),
    ]


def test_how_an_offices_roster_was_read_is_told() -> None:
    reading = read_table(workbook(OF_AN_OFFICE, merge), Kind.ROSTER).reading

    phone = reading.column("手机号码")
    assert phone is not None
    assert (reading.header_row, reading.feet) == (4, (8, 9))
    assert (phone.letter, phone.written) == ("F", "电 话 （必填）")
    assert [column.written for column in reading.unread] == ["微信"]


def test_a_header_of_two_rows_is_read_by_its_lower_one() -> None:
    names = list(TEMPLATES[Kind.ROSTER].columns)
    upper: list[object] = [*names[:4], "学生", None, "家长", None, None, None, "备注"]
    lower: list[object] = [None] * 4 + [*names[4:10], None]

    def merge(sheet: Any) -> None:
        for letter in "ABCDK":
            sheet.merge_cells(f"{letter}1:{letter}2")
        sheet.merge_cells("E1:F1")
        sheet.merge_cells("G1:J1")

    table = read_table(workbook([upper, lower, *rows_of(Kind.ROSTER)[1:]], merge), Kind.ROSTER)
    assert (table.reading.header_row, len(table.rows)) == (2, 1)


@pytest.mark.parametrize("epoch", [None, CALENDAR_MAC_1904])
def test_days_and_times_are_read_in_both_epochs(epoch: datetime | None) -> None:
    book = Workbook()
    if epoch:
        book.epoch = epoch
    sheet: Any = book.active
    times: dict[str, object] = {"开始时间": time(19), "结束时间": timedelta(hours=20, minutes=30)}
    for row in rows_of(Kind.PLAN, {"计划日期": date(2026, 9, 18), **times}):
        sheet.append(row)
    file = read_plan(saved(book), minutes_per_class_hour={"primary": 40})
    assert [(r.on, r.starts, r.ends) for r in file.rows] == [
        (date(2026, 9, 18), time(19), time(20, 30))
    ]


@pytest.mark.parametrize(
    ("value", "words", "code"),
    [
        (None, "", None),
        (86.0, "86", None),
        (0.1 + 0.2, "0.3", None),
        (False, "否", None),
        (ALMOST_SEVEN, "2026-09-18 19:00", None),
        (ALMOST_SEVEN + timedelta(hours=5), "2026-09-19", None),
        (time(8, 5, 9), "08:05:09", None),
        (440104201509010012, "440104201509010012", "digits_lost"),
        (float("inf"), "inf", "digits_lost"),
    ],
)  # fmt: skip
def test_a_value_is_what_its_owner_reads(value: object, words: str, code: str | None) -> None:
    assert words_of(value) == (words, code)


def test_hidden_rows_and_sheets_are_passed_over_and_told() -> None:
    book = sheets(去年=rows_of(Kind.ROSTER), 今年=rows_of(Kind.ROSTER, {}, {}, {}))
    book["去年"].sheet_state = "hidden"
    book["今年"].row_dimensions[3].hidden = True
    table = read_table(saved(book), Kind.ROSTER)
    assert [row.row for row in table.rows] == [2, 4]
    assert (table.reading.sheet, table.reading.hidden) == ("今年", (3,))


def test_the_sheet_with_the_columns_is_found_among_others() -> None:
    book = sheets(说明=[["怎么填"], ["请看模板"]], 空=[], 名单=rows_of(Kind.ROSTER))
    assert read_table(saved(book), Kind.ROSTER).reading.sheet == "名单"


def test_of_several_sheets_one_must_be_named() -> None:
    content = saved(sheets(一班=rows_of(Kind.ROSTER), 二班=rows_of(Kind.ROSTER, {}, {})))
    with pytest.raises(UnreadableFile) as refused:
        read_table(content, Kind.ROSTER)
    assert [(r.code, r.value) for r in refused.value.rejections] == [
        ("several_sheets", "一班"),
        ("several_sheets", "二班"),
    ]
    assert read_table(OneSheet(content, "二班"), Kind.ROSTER).total == 2
    with pytest.raises(UnreadableFile, match="sheet_not_found"):
        read_table(OneSheet(content, "三班"), Kind.ROSTER)


def test_missing_columns_are_named_with_those_that_are_not_known() -> None:
    header, row = rows_of(Kind.ROSTER)
    header[6] = "微信"
    with pytest.raises(UnreadableFile) as refused:
        read_table(workbook([["标题"], header, row]), Kind.ROSTER)
    assert [(r.row, r.column, r.code) for r in refused.value.rejections] == [
        (2, "微信", "column_unknown"),
        (2, "家长姓名", "column_missing"),
    ]


def test_a_formula_counts_by_its_value_and_without_one_is_wrong() -> None:
    content = workbook([["序号"]])
    names = "".join(f'<c t="inlineStr"><is><t>{n}</t></is></c>' for n in rows_of(Kind.ROSTER)[0])
    cells = [f'<c t="inlineStr"><is><t>{v}</t></is></c>' for v in rows_of(Kind.ROSTER)[1]]
    worked_out = [*cells[:8], "<c><f>1e10</f><v>10000000000</v></c>", *cells[9:]]
    not_yet = [*cells[:8], "<c><f>1e10</f></c>", *cells[9:]]
    failed = [*cells[:8], '<c t="e"><f>1/0</f><v>#DIV/0!</v></c>', *cells[9:]]
    data = "".join(f"<row>{''.join(row)}</row>" for row in (worked_out, not_yet, failed))

    table = read_table(with_sheet(content, f"<row>{names}</row>{data}"), Kind.ROSTER)

    assert [row.cells["手机号码"] for row in table.rows] == ["10000000000"]
    assert faults(table) == [
        (3, "手机号码", "formula_without_value"),
        (4, "手机号码", "formula_failed"),
    ]


def test_a_cell_beside_the_table_costs_its_row() -> None:
    header, row = rows_of(Kind.ROSTER)
    table = read_table(workbook([header, row, [*row, "多"]]), Kind.ROSTER)
    assert faults(table) == [(3, "", "row_ragged")]
