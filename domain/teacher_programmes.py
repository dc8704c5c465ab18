"""Which cycle of the teachers' programme holds a day, and by which edition it is judged.

A cycle opens by rule when the one before it is over. The edition in force on its first day says how
long it is, the one in force on its last day what it asks. Days before any edition with a programme
are under the first that has one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from domain.refusals import Refused
from domain.rulebook import Rulebook
from domain.teacher_cycle import MONTHS, Cycle, CycleRules

LAST_YEAR = 2200  # nobody asks about later days; a typing error ends here


class NoTeacherCycle(Refused):
    """No cycle of the teachers' programme has that name or holds that day, or there is none."""

    code = "teacher_cycle_unknown"


class TeacherProgrammes:
    """The programmes of the editions that bind."""

    def __init__(self, editions: Iterable[Rulebook]) -> None:
        """`editions` in the order in which they take effect."""
        self._editions = [each for each in editions if each.teacher_programme.cycle_years]

    def holding(self, day: date) -> CycleRules:
        """The cycle that holds a day. Raises NoTeacherCycle."""
        for cycle in self._cycles():
            if day <= cycle.ends:
                if day < cycle.begins:
                    break
                return self._judged(cycle)
        raise NoTeacherCycle(day=day)

    def called(self, code: str) -> CycleRules:
        """The cycle of a name like 2024-2026. Raises NoTeacherCycle."""
        for cycle in self._cycles():
            if cycle.code == code:
                return self._judged(cycle)
        raise NoTeacherCycle(cycle=code)

    def begun(self, today: date) -> list[CycleRules]:
        """The cycles that have begun, the first one first; none without a programme."""
        found: list[CycleRules] = []
        for cycle in self._cycles():
            if today < cycle.begins:
                break
            found.append(self._judged(cycle))
        return found

    def _cycles(self) -> Iterator[Cycle]:
        """One after another, as far as the calendar goes."""
        if not self._editions:
            return
        year = date.fromisoformat(self._editions[0].teacher_programme.cycle_begins).year
        while year < LAST_YEAR:
            begins = date(year, 1, 1)
            year += self._on(begins).teacher_programme.cycle_years
            yield Cycle(begins, date(year - 1, MONTHS, 31))

    def _judged(self, cycle: Cycle) -> CycleRules:
        edition = self._on(cycle.ends)
        return CycleRules(cycle, edition.teacher_programme, edition.version)

    def _on(self, day: date) -> Rulebook:
        begun = [each for each in self._editions if each.effective_from <= day]
        return (begun or self._editions[:1])[-1]
