"""Two nodes: nothing acknowledged is lost where the standby is waited for, and only there."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest

from api.migrations import steps as web_steps
from domain.attendance import Attendance
from ledger.book import Book
from ledger.intake import Intake
from ledger.ledger import OutcomeUnknown
from ledger.migrations import migrate
from ledger.vault import VaultKeys
from tests.acting import STARTS, Pilot, envelope
from tests.database import NAMES, PASSWORDS, login
from tests.failover.cycling import failing_over
from tests.failover.desk import CONSENT, recorded
from tests.failover.nodes import Pair, pair
from tests.faults.standby import Standby
from tests.ledger.evenings import open_session, wish
from tests.receipts import receipt_of


@dataclass
class Site:
    """A school over two nodes. Each test takes families of its own, and leaves both nodes up."""

    nodes: Pair
    learners: list[UUID]
    session_id: UUID

    def come(self, learners: list[UUID]) -> set[UUID]:
        """Through the intake; the scans that were acknowledged."""
        with opened(self.nodes) as book:
            pilot = Pilot(book, learners, self.session_id)
            wishes = [wish(pilot, each) for each in learners]

            async def run() -> None:
                app = login(self.nodes.conninfo(), NAMES.app_role)
                intake = Intake(book.ledger, app, book.sessions.door_of, receipt_of)
                await intake.start()
                await asyncio.gather(*(intake.check_in(each) for each in wishes))
                await intake.close()

            asyncio.run(run())
        return {each.scan_id for each in wishes}

    def lost(self, acknowledged: set[UUID], topic: str) -> set[UUID]:
        with opened(self.nodes) as book:
            return acknowledged - recorded(book, [topic]).keys()


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with pair() as nodes:
        migrate(nodes.conninfo(), NAMES, PASSWORDS, web_steps())
        with opened(nodes) as book:
            pilot = Pilot(book).set_up(families=20)
            open_session(pilot)
        yield Site(nodes, pilot.learners, pilot.session_id)


@contextmanager
def opened(nodes: Pair) -> Iterator[Book]:
    app, vault = (login(nodes.conninfo(), role) for role in (NAMES.app_role, NAMES.vault_role))
    with Book(app, vault, NAMES, VaultKeys(encryption=b"e" * 32, index=b"i" * 32)) as book:
        yield book


def test_what_was_acknowledged_while_the_standby_was_waited_for_is_on_it(site: Site) -> None:
    site.nodes.wait_for_standby()
    scans = site.come(site.learners[:8])
    site.nodes.kill_and_promote()

    assert len(scans) == 8
    assert site.lost(scans, Attendance.CheckedIn.TOPIC) == set()
    site.nodes.rejoin()


def test_without_waiting_the_same_failover_loses_what_was_acknowledged(site: Site) -> None:
    """The negative control: this counting can find a loss."""
    site.nodes.wait_for_standby(is_wanted=False)
    site.nodes.hold_back()
    scans = site.come(site.learners[8:16])
    site.nodes.kill_and_promote()

    assert site.lost(scans, Attendance.CheckedIn.TOPIC) == scans
    site.nodes.rejoin()


def test_a_cancelled_wait_was_no_lie_and_asking_again_records_it_once(site: Site) -> None:
    nodes, by, learner = site.nodes, envelope(STARTS), site.learners[0]
    nodes.wait_for_standby()
    nodes.hold_back()
    standby = Standby(nodes.primary.superuser)
    with opened(nodes) as book:
        with standby.impatient(), pytest.raises(OutcomeUnknown):
            book.learners.consent(learner, "records", "1", by)
        assert book.learners.get(learner).consents == {"records": "1"}  # here, for all to read
        nodes.kill_and_promote()
        assert site.lost({by.command_id}, CONSENT) == {by.command_id}

        position = book.learners.consent(learner, "records", "1", by)

        assert position == book.ledger.position()
        assert recorded(book, [CONSENT])[by.command_id] == 1
    nodes.rejoin()


@pytest.mark.slow
def test_the_whole_program_goes_on_after_a_failover(tmp_path: Path) -> None:
    """Web process, workers and log: each fact once, judged once, under one history."""
    with failing_over(tmp_path, families=24, webs=1) as failovers:
        outcome = failovers.run(cycles=1)

    assert outcome.faults == []
    assert (outcome.lost, outcome.doubled, outcome.unlike) == (0, 0, 0)
    [cycle] = outcome.cycles
    assert cycle.commands > 20
    assert cycle.check_ins > 0
    assert outcome.signed > cycle.commands
