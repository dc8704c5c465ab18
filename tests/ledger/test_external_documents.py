"""Documents of hours from elsewhere: what an attempt that was cut leaves binds nobody."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import psycopg
import pytest

from domain.external_refusals import DocumentUsed
from ledger.external_hours import ExternalHoursCommands
from ledger.vault import Entry
from tests.acting import Pilot, envelope
from tests.database import TestDatabase
from tests.ledger.interrupting import interrupted
from tests.ledger.studies import elsewhere, enter


def cut_short(pilot: Pilot, database: TestDatabase, reason: str) -> None:
    """The words lie in the vault, and nothing was entered."""

    def cut() -> None:
        raise ConnectionError

    with interrupted(database, cut) as ledger:
        commands = ExternalHoursCommands(ledger, pilot.book.registry, pilot.book.vault)
        with pytest.raises(ConnectionError):
            commands.enter(elsewhere(pilot, reason=reason), envelope())


def words(pilot: Pilot) -> dict[str, str]:
    key = "community_station\n社2026-001"
    [document] = pilot.book.vault.identify("external_document", [key]).values()
    return pilot.book.external_hours.document(document)


def erase(database: TestDatabase, person: UUID) -> None:
    with psycopg.connect(database.vault) as vault:
        vault.execute("DELETE FROM ledger_vault.subject WHERE subject_id = %s", (person,))


def test_a_document_is_entered_with_other_words_after_an_attempt_that_was_cut(
    pilot: Pilot, database: TestDatabase
) -> None:
    cut_short(pilot, database, "（示例）写错")

    enter(pilot, reason="（示例）写对")

    assert words(pilot)["reason"] == "（示例）写对"


def test_words_of_an_attempt_that_was_cut_are_not_kept_with_the_wrong_person(
    pilot: Pilot, database: TestDatabase
) -> None:
    wrong, right, _ = pilot.learners
    cut_short(pilot, database, "（示例）写错")

    external = enter(pilot, learner_id=right)

    assert pilot.book.external_hours.get(external).learner_id == right
    erase(database, wrong)
    assert words(pilot)
    erase(database, right)
    assert words(pilot) == {}


def test_of_two_who_enter_a_document_at_once_one_is_told(pilot: Pilot) -> None:
    """The words are those of the one who entered it."""

    def entered(learner: UUID) -> UUID | None:
        try:
            enter(pilot, learner_id=learner, reason=f"（示例）{learner}")
        except DocumentUsed:
            return None
        return learner

    with ThreadPoolExecutor(3) as workers:
        [who] = filter(None, workers.map(entered, pilot.learners))

    assert words(pilot)["reason"] == f"（示例）{who}"


@pytest.mark.parametrize("number", ["社２０２６－００１号", "社 2026——001号", "社2026−001号"])
def test_one_paper_counts_once_however_its_number_is_typed(pilot: Pilot, number: str) -> None:
    enter(pilot, document_number="社2026-001号")
    with pytest.raises(DocumentUsed):
        enter(pilot, document_number=number, learner_id=pilot.learners[1])


@pytest.mark.parametrize("kept", ["社（２０２６）００１号", "社（2026）001号", "社〔2026〕001号"])
def test_a_paper_that_was_kept_as_it_was_typed_is_still_known(pilot: Pilot, kept: str) -> None:
    """As numbers were kept before they had one spelling."""
    key = ("external_document", f"community_station\n{kept}")
    pilot.book.vault.admit([Entry(filed := uuid4(), "external_document", {}, [key])])
    known = enter(pilot, document_number="社(2026)001号")
    assert pilot.book.external_hours.get(known).document_id == filed
    with pytest.raises(DocumentUsed):
        enter(pilot, document_number=kept, learner_id=pilot.learners[1])
