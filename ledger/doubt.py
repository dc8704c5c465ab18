"""Whether the standby has what the server says that it recorded."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from eventsourcing.persistence import OperationalError
from psycopg import Connection
from psycopg.errors import Diagnostic


class InDoubt(OperationalError):
    """The wait for the synchronous standby was cut short: nobody may say "recorded"."""


class Warnings:
    """What the server warned of: a cancelled wait for the standby answers success, and warns.

    The words are in the server's language; the append itself never warns of anything. A notice
    can be read only while its handler runs.
    """

    def __init__(self) -> None:
        self._last: str | None = None

    def heed(self, notice: Diagnostic) -> None:
        if notice.severity_nonlocalized == "WARNING":
            self._last = notice.message_primary or notice.sqlstate or ""

    def refuse(self) -> None:
        """Raises InDoubt where there was a warning, and forgets it."""
        last, self._last = self._last, None
        if last is not None:
            raise InDoubt(last)


@contextmanager
def heeding(connection: Connection[Any]) -> Generator[Warnings]:
    """What the server warns of on a connection meanwhile."""
    warnings = Warnings()
    connection.add_notice_handler(warnings.heed)
    try:
        yield warnings
    finally:
        connection.remove_notice_handler(warnings.heed)
