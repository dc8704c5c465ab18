"""Which row of a plan is which session: by title and grades, and for repeats by their time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
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
    """A row with the key the plan remembers it by, and its session where there is one.

    Where there is none, `was_called_off` says that one was, on that very day.
    """

    row: PlannedSession
    key: str
    session: Session | None
    was_called_off: bool = False


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

    What was called off keeps its key. A row of a day for which it was ever planned is most likely
    an old file's: it moves nothing, and is a session of its own only for whoever means it so. No
    file that announced it names another day: a row of one is ordinary, planned since.
    """
    name = rows[0].name
    found = known(name, sessions)
    free = {key: session for key, session in found if not session.standing.is_off}
    off_at = {at for _, each in found if each.standing.is_off for at in each.once_planned_for}
    waiting = sorted(rows, key=lambda row: row.begins_at)
    for fits in (same_time, same_day) if supplement else (same_time, same_day, may_move):
        for row in tuple(waiting):
            if moves_nothing(row, fits, off_at):
                continue
            key = next((key for key, session in free.items() if fits(row, session)), None)
            if key is not None:
                waiting.remove(row)
                yield RowOfPlan(row, key, free.pop(key))
    fresh = (key for key in keys(name) if key not in sessions)
    added = (row for row in waiting if row.row in wanted)
    for row, key in zip(added, fresh, strict=False):
        yield RowOfPlan(row, key, None, day_of(row) in days_of(off_at))


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
    return day_of(row) == local_day(session.plan.begins_at, CITY_ZONE)


def may_move(_row: PlannedSession, session: Session) -> bool:
    return session.standing is Standing.SCHEDULED


def day_of(row: PlannedSession) -> date:
    return local_day(row.begins_at, CITY_ZONE)


def days_of(times: Iterable[datetime]) -> set[date]:
    return {local_day(at, CITY_ZONE) for at in times}


def moves_nothing(row: PlannedSession, fits: Fits, off_at: Collection[datetime]) -> bool:
    """Whether a row that names what was called off leaves the sessions that fit it where they are.

    Its hour moves none of that day, its day none of another.
    """
    if fits is same_day:
        return row.begins_at in off_at
    return fits is may_move and day_of(row) in days_of(off_at)


def nothing(_: object) -> None:
    """Where no words go into the vault before the events."""
