"""Which row of a plan is which session: by title and grades, and for repeats by their time."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from domain.calendar import CITY_ZONE, local_day
from domain.identity import derived
from domain.plan import SessionPlan
from domain.session import Session
from domain.standing import Standing


@dataclass(frozen=True)
class PlannedSession:
    """One row of a plan, read and checked."""

    row: int
    title: str
    family: str
    mode: str
    carrier: str
    grades: tuple[str, ...]
    stage: str
    class_hours: int  # hundredths
    begins_at: datetime
    ends_at: datetime
    place: str

    @property
    def name(self) -> str:
        return name_of(self.title, self.grades)


@dataclass(frozen=True)
class RowOfPlan:
    """A row with the key the plan remembers it by, and its session where there is one."""

    row: PlannedSession
    key: str
    session: Session | None


Fits = Callable[[PlannedSession, Session], bool]


def rows_of_plan(
    rows: Sequence[PlannedSession],
    sessions: Mapping[str, Session],
    supplement: bool,
    only: Container[int] | None,
) -> list[RowOfPlan]:
    """Lay the rows over the plan's sessions, in the order of the file.

    A supplement brings only rows that failed before: its rows move no other day's session.
    Where `only` some rows are wanted, the others still keep the sessions that are theirs.
    """
    wanted = {row.row for row in rows if only is None or row.row in only}
    names = dict.fromkeys(row.name for row in rows)
    laid = [
        each
        for name in names
        for each in repeats([row for row in rows if row.name == name], sessions, supplement, wanted)
    ]
    return sorted((each for each in laid if each.row.row in wanted), key=lambda each: each.row.row)


def repeats(
    rows: Sequence[PlannedSession],
    sessions: Mapping[str, Session],
    supplement: bool,
    wanted: Container[int],
) -> Iterable[RowOfPlan]:
    """The rows of one name: the same time first, then the same day, then what was moved.

    What was called off stays so, and keeps its key: its row announces a session of its own.
    """
    name = rows[0].name
    free = {key: found for key, found in known(name, sessions) if not found.standing.is_off}
    waiting = sorted(rows, key=lambda row: row.begins_at)
    for fits in (same_time, same_day) if supplement else (same_time, same_day, may_move):
        for row in tuple(waiting):
            key = next((key for key, session in free.items() if fits(row, session)), None)
            if key is not None:
                waiting.remove(row)
                yield RowOfPlan(row, key, free.pop(key))
    fresh = (key for key in keys(name) if key not in sessions)
    added = (row for row in waiting if row.row in wanted)
    yield from (RowOfPlan(row, key, None) for row, key in zip(added, fresh, strict=False))


def name_of(title: str, grades: Sequence[str]) -> str:
    """What repeats share: the title and whom it is for."""
    return f"{title}|{'、'.join(grades)}"


def next_key(plan: SessionPlan, taken: Container[str]) -> str:
    """What a session that is added by itself is remembered by: the same row of a file finds it."""
    return next(key for key in keys(name_of(plan.title, plan.grades)) if key not in taken)


def keys(name: str) -> Iterable[str]:
    """What the first, the second, the third row of a name is remembered by."""
    return (str(derived("plan_row", name, number)) for number in count(1))


def known(name: str, sessions: Mapping[str, Session]) -> list[tuple[str, Session]]:
    found: list[tuple[str, Session]] = []
    for key in keys(name):
        if key not in sessions:
            return sorted(found, key=lambda pair: pair[1].plan.begins_at)
        found.append((key, sessions[key]))
    raise AssertionError  # pragma: no cover - keys never end


def same_time(row: PlannedSession, session: Session) -> bool:
    return row.begins_at == session.plan.begins_at


def same_day(row: PlannedSession, session: Session) -> bool:
    day = local_day(session.plan.begins_at, CITY_ZONE)
    return local_day(row.begins_at, CITY_ZONE) == day


def may_move(_row: PlannedSession, session: Session) -> bool:
    return session.standing is Standing.SCHEDULED


def nothing(_: object) -> None:
    """Where no words go into the vault before the events."""
