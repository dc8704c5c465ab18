"""The calendar's file: a year of days, and what is wrong with one by row and column."""

from __future__ import annotations

from datetime import date

import pytest

from api.files.calendar import LARGEST, read_calendar
from domain.working_days import CalendarMalformed, DaysOfYear
from tests.api.files.workbooks import workbook


def test_a_file_of_a_year_is_read_whole() -> None:
    text = "\n名称,日期,类型\n国庆,2026-10-01,休\n,2026年10月2日,放假\n\n,2026/10/10,班\n"

    assert read_calendar(text.encode("utf-8-sig")) == DaysOfYear(
        2026, (date(2026, 10, 1), date(2026, 10, 2)), (date(2026, 10, 10),)
    )


@pytest.mark.parametrize(
    ("text", "row", "column", "rule"),
    [
        ("", 0, "", "file_empty"),
        ("日期,类型\n", 2, "日期", "file_empty"),
        ("日期,休\n2026-10-01,休\n", 1, "", "header_not_found"),
        ("日期,类型\n2026-10-01\n", 2, "", "row_ragged"),
        ("日期,类型\n2026-10-01,休\n十月二日,休\n", 3, "日期", "date_unreadable"),
        ("日期,类型\n2026-10-01,半天\n", 2, "类型", "off_or_work"),
        ("日期,类型\n2026-10-01,休\n2026-10-01,休\n", 3, "日期", "duplicate_row"),
        ("日期,类型\n2026-10-01,休\n2027-01-01,休\n", 3, "日期", "other_year"),
        ("日期,类型\n2026-10-01,休\n2026-10-09,班\n", 3, "类型", "works_anyway"),
    ],
)
def test_what_is_wrong_is_named(text: str, row: int, column: str, rule: str) -> None:
    with pytest.raises(CalendarMalformed) as refused:
        read_calendar(text.encode())

    assert refused.value.facts == {"row": row, "column": column, "rule": rule}


def test_a_calendar_may_come_as_a_workbook_or_in_another_encoding() -> None:
    rows: list[list[object]] = [["2026年放假安排"], ["日期", "类型"], [date(2026, 10, 1), "休"]]
    expected = DaysOfYear(2026, (date(2026, 10, 1),), ())

    assert read_calendar(workbook(rows)) == expected
    assert read_calendar("日期,类型\n2026-10-01,休\n".encode("gb18030")) == expected


def test_a_file_that_is_too_large_or_no_table_is_named() -> None:
    for content, rule in ((b"," * (LARGEST + 1), "file_too_large"), (b"%PDF", "format_unknown")):
        with pytest.raises(CalendarMalformed) as refused:
            read_calendar(content)
        assert refused.value.facts["rule"] == rule
