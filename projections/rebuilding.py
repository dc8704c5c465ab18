"""Rebuilding: what a runner does about tables of another version, beside those that run."""

from __future__ import annotations

from projections.projection import Projection
from projections.projector import Projector
from projections.rebuild import Rebuild


class Rebuilding:
    """Brings outdated projections up to date, one after the other."""

    def __init__(self, projector: Projector) -> None:
        self._projector = projector
        self._at: Projection | None = None

    def step(self) -> bool:
        """Rebuild one; False where none is outdated. Raises what `Rebuild.run` raises."""
        # Asked anew each time: whoever stood by for weeks finds rebuilt what was outdated then.
        self._at = next(iter(self._projector.outdated()), None)
        if self._at is None:
            return False
        Rebuild(self._projector.views, self._at).run()
        return True

    def complain(self, error: Exception) -> None:
        """Show in the status why the one at hand still waits; it is tried again."""
        if self._at is not None:
            self._projector.complain(self._at, error)
