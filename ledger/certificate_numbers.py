"""The numbers of certificates and their places in the status lists, drawn as they are issued."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from domain.envelope import Envelope
from domain.number_series import NumberSeries
from ledger.ledger import Ledger

STATUS_LIST_ENTRIES = 1 << 20
STATUS = "status"  # the series of status list entries, one for all districts


@dataclass(frozen=True)
class Draw:
    """What a new certificate is given in the transaction that issues it."""

    certificate_id: UUID
    year: int
    serial: int
    status_list: int
    status_counter: int


class Series:
    """The number series touched by one command: numbers are counted out, then drawn at once.

    A number whose certificate was refused goes to the next one: no series has a gap.
    """

    def __init__(self, ledger: Ledger, by: Envelope, year: int) -> None:
        self._ledger = ledger
        self._by = by
        self._year = year
        self._open: dict[str, NumberSeries] = {}
        self._given: dict[str, int] = {}

    @property
    def drawn(self) -> list[NumberSeries]:
        """The series with what was given out of them, to be saved with the certificates."""
        for name, count in self._given.items():
            if count:
                self._series(name).draw(count, self._by)
        return [self._open[name] for name, count in self._given.items() if count]

    def draw(self, district_code: str, certificate_id: UUID) -> Draw:
        """The next serial of the district's year and the next entry of the status list."""
        serial, counter = self._next(self._of(district_code)), self._next(STATUS)
        return Draw(
            certificate_id=certificate_id,
            year=self._year,
            serial=serial,
            status_list=counter // STATUS_LIST_ENTRIES + 1,
            status_counter=counter % STATUS_LIST_ENTRIES,
        )

    def give_back(self, district_code: str) -> None:
        """Take back what was given last: its certificate is not issued."""
        for name in (self._of(district_code), STATUS):
            self._given[name] -= 1

    def _of(self, district_code: str) -> str:
        return f"{district_code}-{self._year}"

    def _next(self, name: str) -> int:
        given = self._given.get(name, 0)
        self._given[name] = given + 1
        return self._series(name).next + given

    def _series(self, name: str) -> NumberSeries:
        if name not in self._open:
            key = NumberSeries.create_id(name)
            self._open[name] = self._ledger.find(NumberSeries, key) or NumberSeries(
                series=name, envelope=self._by
            )
        return self._open[name]
