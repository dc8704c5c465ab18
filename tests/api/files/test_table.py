"""Bytes into a table: what is refused whole, what is refused by row, and what is passed over."""

from __future__ import annotations

import io
import os
import tracemalloc
from pathlib import Path

import pytest

from api.files.rejection import Rejection, UnreadableFile, shortened
from api.files.table import Limits, Source, Table, read_table
from api.files.template import TEMPLATES, Kind, template_file

HEADER = ",".join(TEMPLATES[Kind.ROSTER].columns)
ROW = "1,4401040001,三年级,2班,（示例）陈小明,20230217,（示例）陈建国,父亲,10000000000,是,"


def roster(*lines: str) -> bytes:
    return "\n".join((HEADER, *lines)).encode()


def faults(table: Table) -> list[tuple[int, str, str]]:
    return [(r.row, r.column, r.code) for r in table.rejections]


def why_unreadable(source: Source, limits: Limits | None = None) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as refused:
        read_table(source, Kind.ROSTER, limits or Limits())
    return refused.value


@pytest.mark.parametrize("kind", list(Kind))
def test_the_projects_own_templates_are_sound(kind: Kind) -> None:
    table = read_table(template_file(kind), kind)
    assert table.total == len(table.rows) > 0
    assert table.header == TEMPLATES[kind].columns
    assert not table.rejections


def test_a_file_with_and_without_bom_reads_the_same_but_has_its_own_hash() -> None:
    plain = read_table(roster(ROW), Kind.ROSTER)
    marked = read_table(b"\xef\xbb\xbf" + roster(ROW), Kind.ROSTER)
    assert plain.rows == marked.rows
    assert plain.sha256 != marked.sha256


def test_bytes_a_path_and_a_stream_read_the_same(tmp_path: Path) -> None:
    path = tmp_path / "有空格 的.csv"
    path.write_bytes(roster(ROW))
    from_path = read_table(path, Kind.ROSTER)
    assert from_path == read_table(roster(ROW), Kind.ROSTER)
    assert from_path == read_table(io.BytesIO(roster(ROW)), Kind.ROSTER)


def test_columns_may_stand_in_any_order_and_under_usual_names() -> None:
    names = "家长姓名,称谓,电话,学籍号,姓名（学生）,班级,年级,学校标识码,是否监护人"
    row = "（示例）陈建国,父亲,10000000000,7,（示例）陈小明,2班,三年级,4401040001,是"
    table = read_table(f"{names}\n{row}\n".encode(), Kind.ROSTER)
    assert table.rows[0].cells["与学生关系"] == "父亲"
    assert table.rows[0].cells["校内学号"] == "7"
    assert table.rows[0].cells["备注"] == ""


def test_unknown_missing_and_double_columns_are_all_named() -> None:
    header = HEADER.replace("手机号码", "微信号").replace("校内学号", "年级").replace("班级", "")
    error = why_unreadable(f"{header}\n{ROW}".encode())
    assert {(r.row, r.column, r.code) for r in error.rejections} == {
        (1, "微信号", "column_unknown"),
        (1, "年级", "column_twice"),
        (1, "手机号码", "column_missing"),
        (1, "班级", "column_missing"),
    }
    assert error.code == "column_twice"


def test_a_column_without_a_name_may_be_there_but_holds_nothing() -> None:
    table = read_table(f"{HEADER},\n{ROW},\n{ROW},多".encode(), Kind.ROSTER)
    assert [row.row for row in table.rows] == [2]
    assert faults(table) == [(3, "", "row_ragged")]


@pytest.mark.parametrize(
    ("content", "code", "value"),
    [
        (b"", "file_empty", ""),
        (b"\xef\xbb\xbf", "file_empty", ""),
        (b"\r\n,,,\r\n \n", "file_empty", ""),
        (b"PK\x03\x04 and more", "workbook_broken", ""),
        (b"\xd0\xcf\x11\xe0", "workbook_of_97", ""),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "workbook_protected", ""),
        (b"%PDF-1.7", "format_unknown", "PDF"),
        (b"\x1f\x8b\x08", "format_unknown", "GZIP"),
        (b"\xef\xbb\xbf <HTML><table>", "page_saved_as_workbook", ""),
        (b'<?xml version="1.0"?><?mso-application?>', "page_saved_as_workbook", ""),
        (HEADER.encode() + b"\n\xff", "encoding_unknown", "0xff"),
        (b"\xff\xfe\x00\xd8", "encoding_unknown", "0x00"),
        (f"\n{HEADER}\n".encode("big5", "replace") + b"\xff", "encoding_unknown", "0xff"),
        ("姓名,微信号\n甲,乙".encode(), "header_not_found", "姓名,微信号"),
    ],
)
def test_what_is_no_table_is_refused_by_name(content: bytes, code: str, value: str) -> None:
    error = why_unreadable(content)
    assert (error.code, error.rejections[0].value) == (code, value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "gb2312", "utf-16"])
def test_the_encodings_of_an_office_are_told_apart_by_content(encoding: str) -> None:
    row = ROW.replace("（示例）陈小明", "陈小明")
    table = read_table(f"{HEADER}\r\n{row}\r\n".encode(encoding), Kind.ROSTER)
    assert table.rows[0].cells["学生姓名"] == "陈小明"


def test_a_rare_letter_of_gb18030_is_read() -> None:
    row = ROW.replace("陈小明", "陈\u4dae\U0002c34d")
    (read,) = read_table(f"{HEADER}\n{row}".encode("gb18030"), Kind.ROSTER).rows
    assert read.cells["学生姓名"] == "（示例）陈\u4dae\U0002c34d"


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_text_may_be_parted_by_tabs_or_semicolons(delimiter: str) -> None:
    content = roster(ROW).decode().replace(",", delimiter).encode("utf-16")
    assert read_table(content, Kind.ROSTER).rows == read_table(roster(ROW), Kind.ROSTER).rows


def test_titles_above_and_feet_below_are_passed_over_and_told() -> None:
    title, note = (
        "示例小学家长学员花名册,,,,,,,,,,",
        "班级：三年级2班,,,,,制表日期：2026-09-01,,,,,",
    )
    total, sign = "合计,,,,1,,,,,,", ",,,,制表人：（示例）王老师,,,,,,"
    lines = [title, note, "", HEADER, ROW, "2,,,,,,,,,,", "", total, sign]
    table = read_table("\n".join(lines).encode(), Kind.ROSTER)
    assert [row.row for row in table.rows] == [5]
    assert (table.total, table.reading.header_row, table.reading.feet) == (1, 4, (8, 9))


def test_a_total_between_two_rows_is_not_passed_over() -> None:
    table = read_table(roster(ROW, "小计,,,,1,,,,,,", ROW), Kind.ROSTER)
    assert (table.total, [row.row for row in table.rows]) == (3, [2, 3, 4])
    assert table.reading.feet == ()


def test_columns_without_use_are_passed_over_and_told() -> None:
    table = read_table(f"{HEADER},身份证号\n{ROW},1".encode(), Kind.ROSTER)
    assert [column.written for column in table.reading.unread] == ["身份证号"]
    assert "1" not in table.rows[0].cells["备注"]


def test_of_two_names_for_one_column_the_better_is_read() -> None:
    header = HEADER.replace("手机号码", "电话,手机号").replace("校内学号", "* 学 号（必填）")
    row = ROW.replace("10000000000", "87654321,10000000000")
    (read,) = read_table(f"{header}\n{row}".encode(), Kind.ROSTER).rows
    assert (read.cells["手机号码"], read.cells["校内学号"]) == ("10000000000", "20230217")


def test_a_bad_byte_is_found_in_its_line() -> None:
    assert why_unreadable(roster(ROW, ROW) + b"\n\xff\xff").rejections[0].row == 4


def test_a_letter_that_falls_on_a_seam_of_decoding_is_whole() -> None:
    for shift in range(4):
        lines = (f"{ROW}{'x' * shift}", *([ROW] * 900))
        assert read_table(roster(*lines), Kind.ROSTER).total == 901


def test_a_broken_header_is_refused() -> None:
    assert why_unreadable(f'"{HEADER}\n{ROW}'.encode()).code == "quote_unclosed"
    assert why_unreadable(b"x" * 70_000).code == "row_too_long"


def test_a_file_of_200_megabytes_is_refused_at_once_and_memory_stays_flat(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.write(roster(ROW))
        file.truncate(200 * 1024 * 1024)
    tracemalloc.start()
    try:
        assert why_unreadable(path).code == "file_too_large"
        assert tracemalloc.get_traced_memory()[1] < 1024 * 1024
        with path.open("rb") as stream:
            assert why_unreadable(stream).code == "file_too_large"
        assert tracemalloc.get_traced_memory()[1] < 25 * 1024 * 1024
    finally:
        tracemalloc.stop()


def test_the_limit_of_size_is_the_last_size_allowed() -> None:
    content = roster(ROW)
    assert read_table(content, Kind.ROSTER, Limits(size=len(content))).total == 1
    assert why_unreadable(content, Limits(size=len(content) - 1)).code == "file_too_large"


def test_a_missing_file_a_folder_and_a_pipe_are_refused_without_waiting(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (tmp_path / "none.csv", tmp_path, pipe, Path("\0")):
        assert why_unreadable(path).code == "file_missing"


def test_too_many_rows_are_refused_and_blank_ones_do_not_count() -> None:
    two = roster("", ROW, ",,,,,,,,,,", ROW, "  ")
    assert read_table(two, Kind.ROSTER, Limits(rows=2)).total == 2
    error = why_unreadable(two, Limits(rows=1))
    assert (error.code, error.rejections[0].row) == ("too_many_rows", 5)


def test_blank_rows_without_end_are_refused() -> None:
    assert why_unreadable(roster("\n" * 1_100_000)).code == "too_many_rows"


def test_rows_count_as_a_spreadsheet_shows_them() -> None:
    table = read_table(roster(ROW, "", ROW, f'{ROW}"two\nlines"', ROW), Kind.ROSTER)
    assert [row.row for row in table.rows] == [2, 4, 5, 6]
    assert table.rows[2].cells["备注"] == "two lines"


def test_a_ragged_row_costs_only_itself() -> None:
    table = read_table(roster(ROW, "1,2,3", f"{ROW},4", ROW), Kind.ROSTER)
    assert [row.row for row in table.rows] == [2, 5]
    assert faults(table) == [(3, "", "row_ragged"), (4, "", "row_ragged")]
    assert table.total == 4


@pytest.mark.parametrize(
    "broken",
    [
        ROW.replace("（示例）陈小明", '"（示例）陈小明'),
        f'{ROW}"',
        ROW.replace("父亲", '"父"亲'),
    ],
)
def test_an_open_quote_costs_only_its_own_row(broken: str) -> None:
    table = read_table(roster(ROW, broken, *([ROW] * 60)), Kind.ROSTER)
    assert faults(table) == [(3, "", "quote_unclosed")]
    assert table.total == 62


def test_a_quote_that_closes_by_chance_in_a_later_row_swallows_nothing() -> None:
    table = read_table(roster(f'"{ROW}', ROW, f'{ROW}"', ROW), Kind.ROSTER)
    assert [row.row for row in table.rows] == [3, 5]
    assert faults(table) == [(2, "", "quote_unclosed"), (4, "", "quote_unclosed")]


@pytest.mark.parametrize("size", [40_000])
def test_open_quotes_everywhere_do_not_make_reading_slow(size: int) -> None:
    """Without a bound on the lines of a cell this is quadratic and runs into the time limit."""
    table = read_table(roster(*(['"'] * size)), Kind.ROSTER, Limits(rows=size))
    assert len(table.rejections) == size


@pytest.mark.parametrize(
    ("note", "code"),
    [
        ("a\0b", "nul_byte"),
        ("\x1b[31m", "control_character"),
        ("a\u202eb", "control_character"),
        ("长" * 2001, "cell_too_long"),
        ("=1+1", "formula_in_cell"),
        ("x" * 70_000, "row_too_long"),
    ],
)
def test_a_hostile_cell_is_rejected_where_it_stands(note: str, code: str) -> None:
    table = read_table(roster(ROW, ROW + note), Kind.ROSTER)
    column = "" if code == "row_too_long" else "备注"
    assert faults(table) == [(3, column, code)]
    assert len(table.rejections[0].value) <= 80
    assert table.total == 2


def test_what_nobody_sees_is_left_out_of_a_cell() -> None:
    row = ROW.replace("父亲", "\u3000父亲\u200b\xa0")
    assert read_table(roster(row), Kind.ROSTER).rows[0].cells["与学生关系"] == "父亲"


def test_a_rejection_is_short_and_an_object_for_json() -> None:
    rejection = Rejection(3, "手机号码", shortened("9" * 200), "phone_not_11_digits")
    assert rejection.as_dict() == {
        "row": 3,
        "column": "手机号码",
        "value": "9" * 79 + "…",
        "code": "phone_not_11_digits",
    }
