"""The shelf of a rulebook: which editions there are, so that the one in force can be found."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from eventsourcing.domain import event

from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.envelope import Envelope
from domain.identity import derived


class RulebookShelf(LedgerAggregate):
    TOPIC: ClassVar[str] = "rulebook_shelf"

    class Opened(LedgerCreated):
        TOPIC = "rulebook_shelf.opened"

        rulebook_id: str

    class EditionAdded(LedgerEvent):
        TOPIC = "rulebook_shelf.edition_added"

        edition_version: str

    @staticmethod
    def create_id(rulebook_id: str) -> UUID:
        return derived("rulebook_shelf", rulebook_id)

    @event(Opened)
    def __init__(self, rulebook_id: str, envelope: Envelope) -> None:
        self.rulebook_id = rulebook_id
        self.versions: list[str] = []

    def add(self, edition_version: str, envelope: Envelope) -> None:
        """Put an edition on the shelf; one that stands there is no news."""
        if edition_version not in self.versions:
            self._edition_added(edition_version=edition_version, envelope=envelope)

    @event(EditionAdded)
    def _edition_added(self, edition_version: str, envelope: Envelope) -> None:
        self.versions.append(edition_version)
