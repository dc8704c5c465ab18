"""Rebuilding: what a runner does about tables of another version, beside those that run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from projections.projection import Projection
from projections.projector import Projector
from projections.rebuild import Rebuild


class Interrupted(Exception):
    """We may no longer work: whoever runs next goes on where the rebuild was."""


class Rebuilding:
    """Brings outdated projections up to date, one after the other, as long as it may work."""

    def __init__(self, projector: Projector, may_work: Callable[[], bool]) -> None:
        self._projector = projector
        self._may_work = may_work
        self._at: Projection | None = None
        self._failures = Counter[str]()
        self._taken_back = frozenset[str]()

    def start(self) -> None:
        """Whoever starts where a later release has been means to go back to this one."""
        self._taken_back = self._projector.overtaken()

    def step(self) -> bool:
        """Rebuild one; False where none is outdated or we may not finish it.

        Raises what `Rebuild.run` raises.
        """
        # Asked anew each time: whoever stood by for weeks finds rebuilt what was outdated then,
        # and takes nothing from a release that came meanwhile.
        outdated = self._projector.outdated()
        left = self._projector.overtaken() - self._taken_back if outdated else ()
        outdated = [each for each in outdated if each.name not in left]
        # Who failed comes later: what can be rebuilt waits for nobody's mending.
        self._at = min(outdated, key=lambda each: self._failures[each.name], default=None)
        if self._at is None:
            return False
        try:
            Rebuild(self._projector.views, self._at).run(self._go_on)
        except Interrupted:
            return False
        return True

    def complain(self, error: Exception) -> None:
        """Show in the status why the one at hand still waits; it is tried again."""
        if self._at is not None:
            self._failures[self._at.name] += 1
            self._projector.complain(self._at, error)

    def _go_on(self, _done: int, _total: int) -> None:
        if not self._may_work():
            raise Interrupted
