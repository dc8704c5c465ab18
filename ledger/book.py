"""The book: every family of commands over one ledger and one vault. The only door for writing."""

from __future__ import annotations

from types import TracebackType
from typing import Self, cast

from psycopg_pool import ConnectionPool

from domain.calendar import CITY_ZONE, local_day
from domain.envelope import Envelope
from ledger.attendances import Attendances
from ledger.awards import Awards
from ledger.certificates import Certificates
from ledger.corrections import Corrections
from ledger.exams import Exams
from ledger.learners import Learners
from ledger.ledger import Ledger
from ledger.migrations import Names
from ledger.plans import Plans
from ledger.registry import Registry
from ledger.roster import Rosters
from ledger.rulebooks import Rulebooks
from ledger.scans import Scans
from ledger.sessions import Sessions
from ledger.star_proposals import StarProposals
from ledger.vault import Pool, Vault, VaultKeys

VAULT_CONNECTIONS = 6


class Book:
    def __init__(self, app: str, vault: str, names: Names, keys: VaultKeys) -> None:
        self.ledger = Ledger(app, names.ledger)
        self._pool = cast(
            "Pool",
            ConnectionPool(
                vault,
                min_size=1,
                max_size=VAULT_CONNECTIONS,
                open=True,
                check=ConnectionPool.check_connection,
            ),
        )
        self.vault = Vault(self._pool, names.vault, keys)
        self.rulebooks = Rulebooks(self.ledger)
        self.registry = Registry(self.ledger)
        self.learners = Learners(self.ledger)
        self.sessions = Sessions(self.ledger, self.rulebooks)
        self.attendances = Attendances(self.ledger, self.sessions)
        self.rosters = Rosters(self.ledger, self.vault)
        self.plans = Plans(self.ledger, self.registry, self.sessions)
        self.exams = Exams(self.ledger, self.rulebooks)
        self.awards = Awards(self.ledger, self.sessions, self.rulebooks)
        self.corrections = Corrections(self.ledger, self.sessions, self.rulebooks)
        self.certificates = Certificates(self.ledger, city_year)
        self.star_proposals = StarProposals(self.ledger, self.rulebooks, self.vault)
        self.scans = Scans(self.ledger)

    def close(self) -> None:
        self._pool.close()
        self.ledger.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def city_year(by: Envelope) -> int:
    """The calendar year of an issue, in the city's zone: it stands in the number."""
    return local_day(by.at, CITY_ZONE).year
