"""A clock for tests: it stands still, and moves when told."""

from __future__ import annotations

from datetime import datetime, timedelta


class TestClock:
    __test__ = False

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def move_to(self, at: datetime) -> None:
        self.at = at

    def move(self, by: timedelta) -> None:
        self.at += by

    def move_seconds(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)
