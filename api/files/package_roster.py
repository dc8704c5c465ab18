"""The rows of a roster from a package, each cell with the file, row and column it came from."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Final

from api.files.cells import WrongCell, day, student_no
from api.files.oneroster import (
    ADULTS,
    Link,
    Package,
    class_cells,
    is_package,
    org_of,
    package_of,
    school_in,
)
from api.files.rejection import Rejection, shortened
from api.files.template import TEMPLATES, Kind
from api.files.zipped import Line

COLUMNS: Final = TEMPLATES[Kind.ROSTER].columns
LARGEST: Final = 20 * 1024 * 1024
NAME: Final = "familyName"


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row cannot stand: what is written where, and the code."""

    line: Line
    column: str
    code: str


@dataclass(slots=True)
class Row:
    """A row in the making."""

    cells: dict[str, str] = field(default_factory=dict[str, str])
    origins: dict[str, str] = field(default_factory=dict[str, str])
    fault: Fault | None = None

    def put(self, column: str, value: str, line: Line, origin: str) -> None:
        self.cells[column], self.origins[column] = value, line.at(origin)


@dataclass(frozen=True, slots=True)
class FromPackage:
    """The roster as a CSV file, what of it cannot stand by row, and where the cells came from."""

    content: bytes
    faults: Mapping[int, Rejection]
    origins: Mapping[int, Mapping[str, str]]

    def placed(self, rejections: tuple[Rejection, ...]) -> tuple[Rejection, ...]:
        """What a reader of the roster rejects, told by file, row and column of the package."""
        others = (
            replace(each, column=self.origins.get(each.row, {}).get(each.column, each.column))
            for each in rejections
            if each.row not in self.faults
        )
        return tuple(sorted((*others, *self.faults.values())))


def from_package(source: object, school_code: str | None, today: date) -> FromPackage | None:
    """The roster in a package as of a day; None for any other file. Raises UnreadableFile."""
    content = content_in(source)
    if content is None or not is_package(content):
        return None
    package = package_of(content)
    school_id, code = school_in(package, school_code)
    file, faults = io.StringIO(newline=""), dict[int, Rejection]()
    origins: dict[int, Mapping[str, str]] = {}
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for number, row in enumerate(rows_of(package, school_id, today), start=2):
        cells = {**row.cells, "学校标识码": code}
        writer.writerow([cells.get(column, "") for column in COLUMNS])
        origins[number] = row.origins
        if row.fault is not None:
            line, column = row.fault.line, row.fault.column
            value = shortened(line.get(column))
            faults[number] = Rejection(number, line.at(column), value, row.fault.code)
    return FromPackage(file.getvalue().encode(), faults, origins)


def content_in(source: object) -> bytes | None:
    if isinstance(source, bytes):
        return source
    if isinstance(source, Path) and source.is_file() and source.stat().st_size <= LARGEST:
        return source.read_bytes()
    return None


def rows_of(package: Package, school_id: str, today: date) -> Iterator[Row]:
    """A row for each adult of each pupil of the school; what hangs in the air is a faulty row."""
    of_school = {key for key, line in package.classes.items() if org_of(line) == school_id}
    at_school = {
        p.get("userSourcedId"): p for p in package.pupils if p.get("orgSourcedId") == school_id
    }
    for child, lines in package.enrolled.items():
        if child not in at_school and any(e.get("classSourcedId") in of_school for e in lines):
            at_school[child] = lines[0]
    for said in at_school.values():
        yield from rows_of_pupil(package, said, of_school, today)
    for line in package.twice:
        yield Row(fault=Fault(line, "sourcedId", "record_twice"))


def rows_of_pupil(package: Package, said: Line, of_school: set[str], today: date) -> Iterator[Row]:
    child = said.get("userSourcedId")
    pupil = package.users.get(child)
    if pupil is None:
        yield Row(fault=Fault(said, "userSourcedId", "reference_missing"))
        return
    start = Row()
    put_person(start, "学生姓名", pupil)
    put_number(start, pupil)
    start.fault = put_class(start, package, said, of_school, today)
    if pupil.is_deleted:
        start.fault = Fault(pupil, "status", "record_deleted")
    links = package.links.get(child, [])
    if not links:
        fault = start.fault or Fault(pupil, "sourcedId", "adult_missing")
        yield Row(start.cells, start.origins, fault)
    for link in links:
        row = Row(dict(start.cells), dict(start.origins))
        row.fault = put_adult(row, package, link) or start.fault
        yield row


def put_class(
    row: Row, package: Package, said: Line, of_school: set[str], today: date
) -> Fault | None:
    """The one class of the school: the homeroom, or the one whose title is that of a class."""
    enrolled = package.enrolled.get(said.get("userSourcedId"), [])
    going_on = going_on_at([each for each in enrolled if not each.is_deleted], today)
    if isinstance(going_on, Fault):
        return going_on
    if dangling := next(
        (e for e in going_on if e.get("classSourcedId") not in package.classes), None
    ):
        return Fault(dangling, "classSourcedId", "reference_missing")
    lines = [package.classes[e.get("classSourcedId")] for e in going_on]
    own = [c for c in lines if c.get("sourcedId") in of_school and not c.is_deleted]
    homerooms = [c for c in own if c.get("classType").lower() == "homeroom"] or own
    found = {class_cells(each, said.get("grade")): each for each in homerooms}
    places = [(cells, line) for cells, line in found.items() if cells is not None]
    if len(places) != 1:
        where = going_on[0] if going_on else said
        return Fault(where, "userSourcedId", "class_ambiguous" if places else "class_missing")
    [(cells, line)] = places
    for column, value in zip(("年级", "班级"), cells, strict=True):
        row.put(column, value, line, "title")
    return None


def going_on_at(enrolled: list[Line], today: date) -> list[Line] | Fault:
    """The enrolments of a day, or those that begin later; not those that have ended."""
    begun, later = list[Line](), list[Line]()
    for each in enrolled:
        column = "beginDate"
        try:
            begins = day_in(each, column) or today
            column = "endDate"
            ends = day_in(each, column) or today
        except WrongCell as wrong:
            return Fault(each, column, wrong.code)
        if ends >= today:
            (begun if begins <= today else later).append(each)
    if enrolled and not begun and not later:
        return Fault(enrolled[0], "endDate", "class_ended")
    return begun or later


def day_in(line: Line, column: str) -> date | None:
    """A day, also where its time is written. Raises WrongCell."""
    value = line.get(column).partition("T")[0]
    return day(value) if value else None


def put_adult(row: Row, package: Package, link: Link) -> Fault | None:
    adult = package.users.get(link.adult)
    if adult is None:
        return Fault(link.line, link.column, "reference_missing")
    put_person(row, "家长姓名", adult)
    phone = "sms" if adult.get("sms") else "phone"
    row.put("手机号码", adult.get(phone), adult, phone)
    if link.line.is_deleted or adult.is_deleted:
        return Fault(adult if adult.is_deleted else link.line, "status", "record_deleted")
    if link.role not in ADULTS:
        return Fault(link.line, link.column, "role_is_no_family")
    relation, is_guardian = ADULTS[link.role]
    row.put("与学生关系", relation, link.line, link.column)
    row.put("是否监护人", is_guardian, link.line, link.column)
    return None


def put_person(row: Row, column: str, line: Line) -> None:
    family, given = line.get("familyName"), line.get("givenName")
    name = f"{given} {family}".strip() if f"{family}{given}".isascii() else f"{family}{given}"
    row.put(column, name, line, NAME)


def put_number(row: Row, pupil: Line) -> None:
    """OneRoster's identifier; of SDS, which has none, the id if it can be a number."""
    column = "identifier" if "identifier" in pupil.cells else "sourcedId"
    value = pupil.get(column)
    try:
        student_no(value)
    except WrongCell:
        value = value if column == "identifier" else ""
    row.put("校内学号", value, pupil, column)
