"""A year that was decided once, written again for other institutions of its kind.

Decisions, days and chances are the original's. Every id that hangs on the institution is derived
anew from its own parts, so that the copies hold every natural key of the program.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from unittest.mock import patch
from uuid import UUID

from eventsourcing.persistence import StoredEvent

from bench.district import Institution, Size
from bench.in_memory import Unit
from bench.people import families
from domain import identity
from domain.attendance import Attendance
from domain.session_credit import SessionCredit
from ledger.vault import commitment

AN_ID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
A_DIGEST = r"[0-9a-f]{64}"


class UnknownOrigin(Exception):
    """Nobody knows what an id or a digest was made of: a copy would share it with its original."""


@contextmanager
def names_kept() -> Generator[dict[str, str]]:
    """What every id that is derived meanwhile is made of: id -> the name it was derived from."""
    kept: dict[str, str] = {}
    derive = identity.named

    def keeping(name: str) -> UUID:
        key = derive(name)
        kept[str(key)] = name
        return key

    identity.derived.cache_clear()  # what is remembered would not pass here
    identity.derived.cache_clear()  # what it remembers is not derived again
    with patch.object(identity, "named", keeping):
        yield kept


@dataclass(frozen=True, slots=True)
class Text:
    """A text with gaps, and which values of a copy go into them."""

    form: str
    gaps: tuple[int, ...]

    def filled(self, values: Sequence[str]) -> str:
        return self.form % tuple([values[gap] for gap in self.gaps])


@dataclass(frozen=True, slots=True)
class Line:
    stream: int
    version: int
    topic: str
    state: Text


@dataclass
class Copy:
    """What one copy has in the place of each value of the original, in the order of the stamp."""

    place: Institution
    commitments: list[str]
    values: list[str]


Formula = Callable[[Copy], str]


class Stamp:
    """An institution's year, cut at everything that is its own."""

    def __init__(
        self, place: Institution, size: Size, steps: Sequence[list[Unit]], names: dict[str, str]
    ) -> None:
        self._size = size
        self._names = names
        self._formulas: list[Formula] = []
        self._places: dict[str, int | None] = {}
        self._commitments = {c: n for n, c in enumerate(commitments(place, size))}
        self._made = made_of([event for units in steps for unit in units for event in unit])
        self._own(place.school_code, lambda copy: copy.place.school_code)
        self._own(place.district, lambda copy: copy.place.district)
        self._own(place.name, lambda copy: copy.place.name)
        words = (AN_ID, A_DIGEST, place.school_code, rf"(?<=\"){place.district}(?=\")", place.name)
        self._cutting = re.compile("|".join(words))
        self._steps = [[[self._line(event) for event in unit] for unit in units] for units in steps]
        self._streams = {line.stream for units in self._steps for unit in units for line in unit}

    def copied(self, place: Institution) -> Iterator[list[Unit]]:
        """The same steps for another institution."""
        copy = Copy(place, commitments(place, self._size), [])
        for formula in self._formulas:
            copy.values.append(formula(copy))
        ids = {stream: UUID(copy.values[stream]) for stream in self._streams}
        for units in self._steps:
            yield [[stored(line, ids, copy.values) for line in unit] for unit in units]

    def _line(self, event: StoredEvent) -> Line:
        stream = self._place(str(event.originator_id))
        if stream is None:
            raise UnknownOrigin(event.topic)
        state = self._cut(event.state.decode())
        return Line(stream, event.originator_version, event.topic, state)

    def _cut(self, text: str) -> Text:
        gaps: list[int] = []

        def cut(found: re.Match[str]) -> str:
            place = self._place(found[0])
            if place is None:
                return found[0]
            gaps.append(place)
            return "%s"

        return Text(self._cutting.sub(cut, text.replace("%", "%%")), tuple(gaps))

    def _place(self, word: str) -> int | None:
        """Where the value stands; None for what every institution shares."""
        if word not in self._places:
            formula = self._digest(word) if len(word) == 64 else self._id(word)
            self._own(word, formula) if formula else self._places.update({word: None})
        return self._places[word]

    def _own(self, word: str, formula: Formula) -> None:
        self._places[word] = len(self._formulas)
        self._formulas.append(formula)

    def _id(self, word: str) -> Formula | None:
        if word in self._made:
            return self._explained(self._made[word])
        if word not in self._names:
            raise UnknownOrigin(word)
        name = self._cut(self._names[word])
        return (lambda copy: str(identity.named(name.filled(copy.values)))) if name.gaps else None

    def _explained(self, made: Made) -> Formula:
        """An id of ids: they stand before it."""
        parts = [self._place(part) for part in made.parts]
        assert None not in parts
        return lambda copy: str(made.by(*(copy.values[part] for part in parts if part is not None)))

    def _digest(self, word: str) -> Formula:
        """The name's commitment, or a device: in a copy that of the other learner."""
        if (number := self._commitments.get(word)) is not None:
            return lambda copy: copy.commitments[number]
        learner = self._place(str(UUID(word[:32]))) if word[:32] == word[32:] else None
        if learner is None:
            raise UnknownOrigin(word)
        return lambda copy: copy.values[learner].replace("-", "") * 2


@dataclass(frozen=True)
class Made:
    """An id that is not derived from a name alone: from which values, and how."""

    parts: tuple[str, ...]
    by: Callable[..., UUID]


def made_of(events: Sequence[StoredEvent]) -> dict[str, Made]:
    """Attendances and credits hang on their session, sessions on their hour, school and row."""
    found: dict[str, Made] = {}
    rows: dict[str, str] = {}
    for event in events:
        if event.topic == "term_plan.session_added":
            added = read(event)
            rows[added["session_id"]] = added["row_key"]
    for event in events:
        if event.topic not in MAKING:
            continue
        told, key = read(event), str(event.originator_id)
        match event.topic:
            case "attendance.checked_in":
                found[key] = Made((told["session_id"], told["learner_id"]), attendance_of)
            case "session_credit.opened":
                found[key] = Made((told["session_id"],), credit_of)
            case _:
                plan = told["plan"]
                begins_at = datetime.fromisoformat(plan["begins_at"])
                found[key] = Made((plan["school_code"],), session_at(begins_at, rows[key]))
    return found


MAKING = {"attendance.checked_in", "session_credit.opened", "session.scheduled"}


def read(event: StoredEvent) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(event.state)
    return told


def attendance_of(session_id: str, learner_id: str) -> UUID:
    return Attendance.create_id(UUID(session_id), UUID(learner_id))


def credit_of(session_id: str) -> UUID:
    return SessionCredit.create_id(UUID(session_id))


def session_at(begins_at: datetime, row_key: str) -> Callable[[str], UUID]:
    return lambda school_code: identity.timed_id(begins_at, school_code, row_key)


def commitments(place: Institution, size: Size) -> list[str]:
    known = families(size.seed, place, size.families)
    return [commitment(family.salt, family.name) for family in known]


def stored(line: Line, ids: dict[int, UUID], values: Sequence[str]) -> StoredEvent:
    state = line.state.filled(values).encode()
    return StoredEvent(ids[line.stream], line.version, line.topic, state)
