"""The serial numbers of a district and year: counted out once, for ever."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from eventsourcing.domain import event

from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.envelope import Envelope
from domain.identity import derived


class NumberSeries(LedgerAggregate):
    """The serial numbers of one district and year, and the entries of one status list.

    Drawn in the transaction that issues: two issuers cannot hold the same number.
    """

    TOPIC: ClassVar[str] = "number_series"

    class Opened(LedgerCreated):
        TOPIC = "number_series.opened"

        series: str

    class Drawn(LedgerEvent):
        TOPIC = "number_series.drawn"

        first: int
        count: int

    @staticmethod
    def create_id(series: str) -> UUID:
        return derived("number_series", series)

    @event(Opened)
    def __init__(self, series: str, envelope: Envelope) -> None:
        self.series = series
        self.next = 1

    def draw(self, count: int, envelope: Envelope) -> range:
        """Take the next `count` numbers, for ever."""
        first = self.next
        self._drawn(first=first, count=count, envelope=envelope)
        return range(first, first + count)

    @event(Drawn)
    def _drawn(self, first: int, count: int, envelope: Envelope) -> None:
        self.next = first + count
