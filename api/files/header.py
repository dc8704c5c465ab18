"""The row of a sheet that names its columns: below titles and notes, under names schools use."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from openpyxl.utils import get_column_letter

from api.files.records import Record
from api.files.rejection import Rejection, UnreadableFile, shortened, unreadable
from api.files.template import REASON_COLUMNS, Template
from api.files.tidying import tidy

LOOKED_AT: Final = 30  # rows that are not blank
_NAMES_ENOUGH: Final = 2

Columns = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file: its letter, its name as written, the template's name for it.

    `read_as` is empty where the column is passed over.
    """

    letter: str
    written: str
    read_as: str


@dataclass(frozen=True, slots=True)
class Header:
    """The template's name of each column: None without a name, empty where it is passed over."""

    record: Record
    columns: Columns

    @property
    def described(self) -> tuple[Column, ...]:
        return tuple(
            Column(get_column_letter(place), tidy(written), name or "")
            for place, (written, name) in enumerate(
                zip(self.record.cells, self.columns, strict=True), 1
            )
        )


def header_of(records: Sequence[Record], template: Template) -> Header | None:
    """The first of the rows that name the most columns; None where no row names two."""
    best = max(records, key=lambda record: len(named(record, template)), default=None)
    if best is None or len(named(best, template)) < _NAMES_ENOUGH:
        return None
    names = [tidy(cell) for cell in best.cells]
    chosen = named(best, template)
    columns = tuple(
        (template.column_called(name) if place in chosen.values() else "") if name else None
        for place, name in enumerate(names)
    )
    return Header(best, columns)


def named(record: Record, template: Template) -> dict[str, int]:
    """The template's columns and the place of each; of several names for one the better counts."""
    found: dict[str, tuple[int, int]] = {}
    for place, cell in enumerate(record.cells):
        word = tidy(cell)
        if word and (column := template.column_called(word)):
            rank = template.rank(column, word)
            if column not in found or rank < found[column][0]:
                found[column] = (rank, place)
    return {column: place for column, (_, place) in found.items()}


def check_header(header: Header, template: Template) -> None:
    """Raises UnreadableFile that names every column that is missing, twice there, or unknown."""
    record = header.record
    if record.fault:
        raise unreadable(record.fault, ",".join(record.cells), row=record.row)
    wrong = [*twice(header, template)]
    if missing := missing_in(header, template):
        wrong += unknown(header, template)
        wrong += [Rejection(record.row, name, "", "column_missing") for name in missing]
    if wrong:
        raise UnreadableFile(*wrong[:100])


def missing_in(header: Header, template: Template) -> list[str]:
    """The columns that the file must have and has not."""
    there = {*header.columns, *template.may_be_absent}
    return [name for name in template.columns if name not in there]


def twice(header: Header, template: Template) -> Iterable[Rejection]:
    """Columns that are there twice under names of the same rank: nobody knows which is meant."""
    seen: dict[str, str] = {
        column: tidy(header.record.cells[place])
        for column, place in named(header.record, template).items()
    }
    for name, column in zip(map(tidy, header.record.cells), header.columns, strict=True):
        meant = template.column_called(name) if column == "" else None
        if meant and template.rank(meant, name) == template.rank(meant, seen[meant]):
            yield Rejection(header.record.row, shortened(name), "", "column_twice")


def unknown(header: Header, template: Template) -> Iterable[Rejection]:
    for name in map(tidy, header.record.cells):
        if name and name not in REASON_COLUMNS and not template.column_called(name):
            yield Rejection(header.record.row, shortened(name), "", "column_unknown")
