"""What somebody typed from a sheet, row by row: whom each row means, and from when to when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field

from api.asking import Asking
from api.files.cells import WrongCell, clock, person_name
from api.sheets import ReachedSheet, called, places_by_class, shown, usual_stay
from domain.calendar import CITY_ZONE
from domain.sheet import PaperRow
from projections.roster import Place

MOST_ROWS: Final = 30
CITY: Final = ZoneInfo(CITY_ZONE)


class Typed(BaseModel):
    """The form as it came: ticks by row number, times and guests by place.

    A time is only typed where it is not the usual one; a guest stands on a blank row.
    """

    came: list[int] = Field(default=[], max_length=MOST_ROWS)
    left: list[int] = Field(default=[], max_length=MOST_ROWS)
    came_at: list[str] = Field(default=[], max_length=MOST_ROWS)
    left_at: list[str] = Field(default=[], max_length=MOST_ROWS)
    guest_class: list[str] = Field(default=[], max_length=MOST_ROWS)
    guest_child: list[str] = Field(default=[], max_length=MOST_ROWS)
    guest_name: list[str] = Field(default=[], max_length=MOST_ROWS)


@dataclass
class Reading:
    """The rows that could be read, and by row number why another could not."""

    rows: list[PaperRow] = field(default_factory=list[PaperRow])
    faults: dict[int, str] = field(default_factory=dict[int, str])


class Fault(Exception):
    """Why a row cannot be read, as a code. Stays in this file."""


def read(asking: Asking, reached: ReachedSheet, typed: Typed) -> Reading:
    """Every row that says something."""
    reading, guests = Reading(), Guests(asking, reached)
    for row in range(1, reached.sheet.last_row + 1):
        try:
            reading.rows += row_of(reached, typed, row, guests)
        except Fault as fault:
            reading.faults[row] = str(fault)
    return reading


def row_of(reached: ReachedSheet, typed: Typed, row: int, guests: Guests) -> Iterator[PaperRow]:
    learner_id = reached.sheet.learner_of(row) or guests.on(row, typed)
    came, came_at = row in typed.came, time_in(typed.came_at, row, reached)
    left, left_at = row in typed.left, time_in(typed.left_at, row, reached)
    if not (came or came_at):
        if left or left_at:
            raise Fault("left_only")
        if learner_id and not reached.sheet.learner_of(row):
            raise Fault("guest_without_tick")
        return
    if learner_id is None:
        raise Fault("guest_missing")
    begins, ends = usual_stay(reached.session)
    leaves = left_at or (ends if left else None)
    found = PaperRow(row=row, learner_id=learner_id, came_at=came_at or begins, left_at=leaves)
    assert reached.session.closed_at is not None
    if found.came_at >= reached.session.closed_at or (leaves and leaves <= found.came_at):
        raise Fault("times_wrong")
    yield found


def time_in(cells: list[str], row: int, reached: ReachedSheet) -> datetime | None:
    """A time of the session's day, 1912 as well as 19:12; None where nothing was typed."""
    text = at(cells, row).replace("：", ":").strip()
    if text.isdigit() and len(text) in {3, 4}:
        text = f"{text[:-2]}:{text[-2:]}"
    try:
        found = clock(text)
    except WrongCell as wrong:
        raise Fault(wrong.code) from wrong
    if found is None:
        return None
    day = reached.session.begins_at.astimezone(CITY).date()
    return datetime.combine(day, found, tzinfo=CITY)


class Guests:
    """Who wrote themselves on a blank row, found by class, child and name among the invited."""

    def __init__(self, asking: Asking, reached: ReachedSheet) -> None:
        self._asking = asking
        self._reached = reached

    def on(self, row: int, typed: Typed) -> UUID | None:
        """Raises Fault where it is not certain who is meant."""
        place = row - len(self._reached.sheet.listed)
        name, child = (at(each, place) for each in (typed.guest_name, typed.guest_child))
        if not name.strip() and not child.strip():
            return None
        grade, _, group = at(typed.guest_class, place).partition("|")
        classes = places_by_class(self._asking.runtime, self._reached.session)
        found = self._called(classes.get((grade, group), []), name, child)
        if len(found) != 1:
            raise Fault("guest_ambiguous" if found else "guest_unknown")
        return found.pop()

    def _called(self, places: list[Place], name: str, child: str) -> set[UUID]:
        """Who of a class is called so; a child's name is compared where it was typed."""
        ids = {each for place in places for each in (place.learner_id, place.child_id)}
        names = shown(self._asking, ids, self._reached.by)
        return {
            place.learner_id
            for place in places
            if alike(called(names, place.learner_id), name)
            and (not child.strip() or alike(called(names, place.child_id), child))
        }


def alike(known: str, typed: str) -> bool:
    """Whether that is the name, as it stands or in the one spelling of imports."""
    try:
        return known in {typed.strip(), person_name(typed)}
    except WrongCell:
        return known == typed.strip()


def at(cells: list[str], number: int) -> str:
    """The n-th field of a column, counted from 1."""
    return cells[number - 1] if 1 <= number <= len(cells) else ""
