"""The calendar's file: a year of days, and what is wrong with one by row and column."""

from __future__ import annotations

from datetime import date

import pytest

from api.files.calendar import LARGEST, read_calendar
from domain.working_days import CalendarMalformed, DaysOfYear


def test_a_file_of_a_year_is_read_whole() -> None:
    text = "\n名称,日期,类型\n国庆,2026-10-01,休\n,2026年10月2日,放假\n\n,2026/10/10,班\n"

    assert read_calendar(text.encode("utf-8-sig")) == DaysOfYear(
        2026, (date(2026, 10, 1), date(2026, 10, 2)), (date(2026, 10, 10),)
    )


@pytest.mark.parametrize(
    ("text", "row", "column", "rule"),
    [
        ("", 1, "日期", "file_empty"),
        ("日期,类型\n", 2, "日期", "file_empty"),
        ("日期,休\n2026-10-01,休\n", 1, "类型", "column_missing"),
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


def test_another_encoding_and_a_file_too_large_are_named() -> None:
    with pytest.raises(CalendarMalformed) as refused:
        read_calendar("日期,类型\n".encode("gb18030"))
    assert refused.value.facts["rule"] == "encoding_not_utf8"
    with pytest.raises(CalendarMalformed) as refused:
        read_calendar(b"," * (LARGEST + 1))
    assert refused.value.facts["rule"] == "file_too_large"
