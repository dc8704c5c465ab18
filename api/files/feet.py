"""Rows below a table that belong to no entry: totals, signatures, notes, numbers without a row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from api.files.header import Columns
from api.files.records import Record

_NUMBER: Final = "序号"
_MOST_CELLS: Final = 4
_FOOT: Final = re.compile(
    r"(?:总|合|小|共)\s*计|总人数|共\s*\d|(?:制表|填表|填报|审核|登记|统计|录入|考勤|联系)(?:人|员)"
    r"|(?:负责人|班主任|校长|经办人|主任)\s*[(（:：]|(?:备\s*注|附\s*注|注|说\s*明|日期|盖章)\s*[:：(（]"
)


def is_numbered_only(record: Record, columns: Columns) -> bool:
    """A row of a prepared form that nobody filled in."""
    number = {place for place, name in enumerate(columns) if name == _NUMBER}
    if record.fault or record.wrong or record.said(besides=number):
        return False
    return all(record.cells[place].strip().isdecimal() for place in record.said())


def feet_of(records: Sequence[Record]) -> frozenset[int]:
    """The numbers of the last rows, as long as they read like the foot of a form."""
    feet: set[int] = set()
    for record in reversed(records):
        said = record.said()
        if record.fault or len(said) > _MOST_CELLS or not said:
            break
        if not _FOOT.match(record.cells[said[0]].strip()):
            break
        feet.add(record.row)
    return frozenset(feet)
