"""What a workbook's reader passes over: hidden rows, merged cells, formulas that have no value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Final

from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries

from api.files.elements import elements_of
from api.files.rejection import unreadable

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
MOST_CELLS: Final = 600_000
MOST_OTHERS: Final = 50_000
MOST_ELEMENTS: Final = 3_000_000  # of a cell that says its words itself: c, is, t
PARTS_OF_CELLS: Final = frozenset({"row", "c", "v", "f", "is", "t", "r", "rPr"})
LAST_ROW: Final = 1_048_576


@dataclass(slots=True)
class Marks:
    """Of one sheet. `merged`: column -> first and last row of cells that are one downwards."""

    last_row: int = 0
    last_column: int = 0
    hidden: set[int] = field(default_factory=set[int])
    merged: dict[int, list[tuple[int, int]]] = field(
        default_factory=dict[int, list[tuple[int, int]]]
    )
    without_value: set[tuple[int, int]] = field(default_factory=set[tuple[int, int]])


def marks_of(source: IO[bytes]) -> Marks:
    """Read once through a sheet, with nothing kept. Raises UnreadableFile, and XML's own errors."""
    marks = Marks()
    row = column = rows = cells = others = count = 0
    for event, element in elements_of(source):
        name = element.tag.removeprefix(MAIN)
        if event == "start":
            count += 1
            others += name not in PARTS_OF_CELLS
        match event, name:
            case "start", "row":
                rows += 1
                row, column = int(element.get("r") or row + 1), 0
                if element.get("hidden") in {"1", "true"}:
                    marks.hidden.add(row)
            case "end", "c":
                cells += 1
                row, column = place_of(element, row, column + 1)
                look_at(element, row, column, marks)
            case "end", "mergeCell":
                merge(element.get("ref") or "", marks)
            case _:
                pass
        if count > MOST_ELEMENTS or cells > MOST_CELLS or others > MOST_OTHERS:
            raise unreadable("workbook_bursts")
        if not 0 <= max(row, rows) <= LAST_ROW:
            raise unreadable("workbook_bursts")
    return marks


def place_of(cell: Element, row: int, column: int) -> tuple[int, int]:
    """Where a cell says it stands; one that does not say stands where it comes."""
    return coordinate_to_tuple(said) if (said := cell.get("r")) else (row, column)


def look_at(cell: Element, row: int, column: int, marks: Marks) -> None:
    value = cell.find(f"{MAIN}v")
    words = "" if value is None else value.text or ""
    is_worked_out = words or (value is not None and cell.get("t") == "str")
    if cell.find(f"{MAIN}f") is not None and not is_worked_out:
        marks.without_value.add((row, column))
    elif not words and cell.find(f"{MAIN}is") is None:
        return
    marks.last_row = max(marks.last_row, row)
    marks.last_column = max(marks.last_column, column)


def merge(ref: str, marks: Marks) -> None:
    left, top, _, bottom = range_boundaries(ref)
    if left and top and bottom and top < bottom <= LAST_ROW:
        marks.merged.setdefault(left, []).append((top, bottom))
