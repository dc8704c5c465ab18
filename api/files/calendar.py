"""The file of a year's holidays: a day and 休 or 班 in each row, read whole or not at all."""

from __future__ import annotations

from datetime import date
from typing import Final

from api.files.cells import WrongCell, day
from api.files.header import check_header
from api.files.records import Record
from api.files.rejection import UnreadableFile
from api.files.sheets import Sheet, sheet_of
from api.files.template import Template
from domain.working_days import CalendarMalformed, DaysOfYear

DAY, KIND = "日期", "类型"
KINDS: Final = {
    "休": "days_off", "放假": "days_off", "off": "days_off",
    "班": "extra_working_days", "上班": "extra_working_days", "work": "extra_working_days",
}  # fmt: skip
TEMPLATE: Final = Template((DAY, KIND), also={KIND: ("休或班", "安排")})
LARGEST: Final = 100_000
MOST_ROWS: Final = 1_000

Rows = dict[date, tuple[int, str]]


def read_calendar(content: bytes) -> DaysOfYear:
    """The days of one year. Raises CalendarMalformed, which names row and column."""
    if len(content) > LARGEST:
        raise CalendarMalformed(row=0, column="", rule="file_too_large")
    try:
        sheet = sheet_of(content, TEMPLATE, MOST_ROWS)
        check_header(sheet.header, TEMPLATE)
        return days_in(sheet)
    except UnreadableFile as error:
        first = error.rejections[0]
        raise CalendarMalformed(row=first.row, column=first.column, rule=first.code) from error


def days_in(sheet: Sheet) -> DaysOfYear:
    places = {name: place for place, name in enumerate(sheet.header.columns) if name}
    rows: Rows = {}
    for record in sheet.rows:
        read_row(record, places, rows)
    if not rows:
        row = sheet.header.record.row + 1
        raise CalendarMalformed(row=row, column=DAY, rule="file_empty")
    return whole(rows)


def read_row(record: Record, places: dict[str, int], rows: Rows) -> None:
    if record.fault or len(record.cells) <= max(places.values()):
        raise CalendarMalformed(row=record.row, column="", rule=record.fault or "row_ragged")
    try:
        found = day(record.cells[places[DAY]].strip())
    except WrongCell as wrong:
        raise CalendarMalformed(row=record.row, column=DAY, rule=wrong.code) from wrong
    kind = KINDS.get(record.cells[places[KIND]].strip().lower())
    if kind is None:
        raise CalendarMalformed(row=record.row, column=KIND, rule="off_or_work")
    if found in rows:
        raise CalendarMalformed(row=record.row, column=DAY, rule="duplicate_row")
    rows[found] = (record.row, kind)


def whole(rows: Rows) -> DaysOfYear:
    """The year is that of the first day; what cannot stand is named by its row of the file."""
    year = next(iter(rows)).year
    of_kind = {
        kind: [each for each, (_, k) in rows.items() if k == kind] for kind in KINDS.values()
    }
    try:
        return DaysOfYear.of(year, of_kind["days_off"], of_kind["extra_working_days"])
    except CalendarMalformed as wrong:
        found = wrong.facts["day"]
        assert isinstance(found, date)
        row, _ = rows[found]
        column = DAY if wrong.facts["rule"] == "other_year" else KIND
        raise CalendarMalformed(row=row, column=column, rule=wrong.facts["rule"]) from wrong
