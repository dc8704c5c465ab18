"""A thread of the worker that does its rounds until it is stopped."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod

import structlog

from projections.database import GONE

log = structlog.get_logger(__name__)


class Rounds(ABC):
    """What goes wrong in a round is logged, and the next one looks again."""

    def __init__(self, name: str, seconds_between: float) -> None:
        self._seconds_between = seconds_between
        self._stop = threading.Event()
        self.is_stopped = self._stop.is_set
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    @abstractmethod
    def round(self) -> bool:
        """Do what there is to do; whether there may be more at once."""

    def _run(self) -> None:
        while not self._stop.is_set():
            if not self._rounded():
                self._stop.wait(self._seconds_between)

    def _rounded(self) -> bool:
        try:
            return self.round()
        except GONE as error:
            log.warning("database gone", error=str(error))
        except Exception:  # the next round looks again; the log says what was wrong
            log.exception("round_failed", round=self._thread.name)
        return False
