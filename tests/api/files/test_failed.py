"""The failed rows as a file: with reasons, without live formulas, ready to be brought again."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

from openpyxl import load_workbook

from api.files.failed import failed_rows
from api.files.roster import RosterFile, read_roster
from api.files.template import REASON_COLUMNS, TEMPLATES, Kind
from api.files.writing import workbook_of
from tests.api.files.workbooks import read_back, rows_of, workbook

SCHOOL = "4401040001"
Build = Callable[..., bytes]


def failed(file: RosterFile) -> bytes:
    return failed_rows(file.table, file.rejections)


def cells(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_only_the_failed_rows_come_back_with_their_reasons(build: Build) -> None:
    file = read_roster(build(Kind.ROSTER, {}, {"手机号码": "1", "年级": "?"}), SCHOOL)
    header, row = cells(failed(file))
    assert header == [*TEMPLATES[Kind.ROSTER].columns, *REASON_COLUMNS]
    assert row[8] == "1"
    assert row[-2] == "grade_unknown phone_not_11_digits"
    assert row[-1] == "年级: 年级无法识别; 手机号码: 手机号码须为11位数字"
    english = cells(failed_rows(file.table, file.rejections, "en"))
    assert english[1][-1].endswith("手机号码: a mobile phone number has 11 digits")


def test_a_formula_comes_back_as_plain_text_and_is_rejected_again(build: Build) -> None:
    file = read_roster(build(Kind.ROSTER, {"备注": "=HYPERLINK(1)"}), SCHOOL)
    content = failed(file)
    assert cells(content)[1][10] == "'=HYPERLINK(1)"
    again = read_roster(content, SCHOOL)
    assert [r.code for r in again.rejections] == ["formula_in_cell"]


def test_a_corrected_file_is_read_and_its_reasons_are_passed_over(build: Build) -> None:
    file = read_roster(build(Kind.ROSTER, {}, {"手机号码": "1000000001"}), SCHOOL)
    corrected = failed(file).decode("utf-8-sig").replace("1000000001", "10000000001")
    again = read_roster(corrected.encode(), SCHOOL)
    assert [row.phone for row in again.rows] == ["10000000001"]
    assert (again.total, again.rejections) == (1, ())


def test_failing_twice_does_not_pile_up_reasons(build: Build) -> None:
    once = failed(read_roster(build(Kind.ROSTER, {"手机号码": "1"}), SCHOOL))
    assert failed(read_roster(once, SCHOOL)) == once


def test_rows_of_the_wrong_width_keep_every_cell(build: Build) -> None:
    content = build(Kind.ROSTER) + b"1,2\r\n" + b",".join([b"x"] * 13) + b'\r\n"open,a\r\n'
    file = read_roster(content, SCHOOL)
    rows = cells(failed(file))[1:]
    assert [len(row) for row in rows] == [13, 15, 13]
    assert rows[0][:3] == ["1", "2", ""]
    assert rows[1][11] == "row_ragged"
    assert rows[1][13:] == ["x", "x"]
    assert rows[2][:2] == ['"open', "a"]


def test_control_characters_do_not_cut_a_cell_in_a_spreadsheet(build: Build) -> None:
    file = read_roster(build(Kind.ROSTER, {"备注": "a\0b"}), SCHOOL)
    assert cells(failed(file))[1][10] == "a\ufffdb"


def test_failed_rows_of_a_workbook_are_text_without_live_formulas() -> None:
    note = {"备注": "'=HYPERLINK(1)", "手机号码": "1"}
    content = workbook([["标题"], *rows_of(Kind.ROSTER, {}, note)])
    file = read_roster(content, SCHOOL)

    header, row = read_back(failed(file))

    assert header == [*TEMPLATES[Kind.ROSTER].columns, *REASON_COLUMNS]
    assert row[10] == "'=HYPERLINK(1)"
    assert row[11] == "formula_in_cell"
    again = read_roster(failed(file), SCHOOL)
    assert [(r.row, r.code) for r in again.rejections] == [(2, "formula_in_cell")]
    assert failed(again)[:4] == b"PK\x03\x04"


def test_a_cell_that_looks_like_a_formula_or_a_fault_is_written_as_text() -> None:
    content = workbook_of("名单", [["甲"], ["=1+1"], ["#N/A"], ["a\x0bb\ufffe"]])
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    cells = [sheet.cell(row, 1) for row in range(2, 5)]
    assert [(c.value, c.data_type) for c in cells] == [
        ("'=1+1", "s"), ("#N/A", "s"), ("a\ufffdb\ufffd", "s"),
    ]  # fmt: skip
