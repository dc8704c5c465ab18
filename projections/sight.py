"""What whoever asks may see of the read models: a second net behind the queries' own conditions.

PostgreSQL itself leaves out the rows of other schools and other learners (`mesh`). A request begins
with nothing in sight; who is asking brings in the schools of their grants, or their own records.
What runs outside requests, the worker and the command line, sees everything.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

Settings = tuple[str, str, str]


@dataclass(slots=True)
class Sight:
    """Grows while it is found out who asks; kept apart for every request."""

    everything: bool = False
    of_staff: bool = False
    _schools: set[str] = field(default_factory=set[str])
    _learners: set[UUID] = field(default_factory=set[UUID])
    _later: list[Callable[[], None]] = field(default_factory=list[Callable[[], None]])
    _settings: Settings | None = None

    def add(
        self, *, schools: Iterable[str] = (), learners: Iterable[UUID] = (), of_staff: bool = False
    ) -> None:
        """Bring in schools by their codes and learners by their records."""
        if self.everything:
            return
        self._schools.update(schools)
        self._learners.update(learners)
        self.of_staff |= of_staff
        self._settings = None

    def see_everything(self) -> None:
        self.everything, self._settings = True, None
        self._later.clear()  # nothing more is to be looked up

    def add_later(self, add: Callable[[], None]) -> None:
        """What has to be looked up first is, if anything is read at all."""
        if not self.everything:
            self._later.append(add)

    @property
    def settings(self) -> Settings:
        """As the policies of the tables read it: who asks, schools, learners."""
        while self._later:
            add = self._later.pop()  # taken off first: it reads, too
            try:
                add()
            except BaseException:
                self._later.append(add)
                raise
        if self._settings is None:
            who = "all" if self.everything else "staff" if self.of_staff else "own"
            schools, learners = sorted(self._schools), sorted(map(str, self._learners))
            self._settings = who, _array(schools), _array(learners)
        return self._settings


EVERYTHING: Final = Sight(everything=True)
_sight: ContextVar[Sight] = ContextVar("sight", default=EVERYTHING)


def begin_sight() -> None:
    """Nothing is in sight, for whoever runs in this context or in a copy of it."""
    _sight.set(Sight())


def sight() -> Sight:
    return _sight.get()


@contextmanager
def everything_in_sight() -> Generator[None]:
    """For what the house looks up itself, whoever asks: what it finds is not simply shown."""
    before = _sight.set(EVERYTHING)
    try:
        yield
    finally:
        _sight.reset(before)


def _array(values: Iterable[str]) -> str:
    """Codes and ids as PostgreSQL reads an array: none of them holds a comma or a quote."""
    return "{" + ",".join(values) + "}"
