"""Which rules hold on a day: the editions on the shelf, read from the feed's own streams."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from typing import cast

from domain.envelope import Envelope
from domain.rulebook import Rulebook
from domain.rulebook_edition import RulebookEdition, in_force, of_version
from domain.rulebook_shelf import RulebookShelf
from ledger.ledger import Ledger

DEFAULT_RULEBOOK = "gz-parent-school"
DEFAULT_FILE = "gz-parent-school-2026.1.json"


def default_rulebook() -> Rulebook:
    """The rulebook that ships with the program (clauses of GZ and MOE, local defaults)."""
    data = (files("ledger") / "rulebooks" / DEFAULT_FILE).read_bytes()
    return Rulebook.model_validate_json(data)


class Rulebooks:
    def __init__(self, ledger: Ledger, rulebook_id: str = DEFAULT_RULEBOOK) -> None:
        self._ledger = ledger
        self._rulebook_id = rulebook_id
        self._seen = 0
        self._editions: list[RulebookEdition] = []
        self._by_version: dict[str, Rulebook] = {}

    def publish_at_set_up(self, rulebook: Rulebook, by: Envelope) -> int:
        """The first edition of an installation. Raises RulebookNotTheFirst, RulebookContradicts."""

        def decide() -> list[RulebookEdition | RulebookShelf]:
            edition = RulebookEdition.draft(rulebook, by)
            edition.publish_at_set_up(self._read(), by)
            return [edition, self._shelved(rulebook, by)]

        return self._ledger.commit(by.command_id, decide)

    def draft(self, rulebook: Rulebook, by: Envelope) -> int:
        """Put an edition on the table. Raises RulebookContradicts."""

        def decide() -> list[RulebookEdition | RulebookShelf]:
            return [RulebookEdition.draft(rulebook, by), self._shelved(rulebook, by)]

        return self._ledger.commit(by.command_id, decide)

    def publish(self, version: str, by: Envelope) -> int:
        """By a second person, in time (see RulebookEdition.publish)."""

        def decide() -> list[RulebookEdition]:
            [edition] = [e for e in self._read() if e.rulebook_version == version]
            edition.publish(by)
            return [edition]

        return self._ledger.commit(by.command_id, decide)

    def on(self, day: date) -> Rulebook:
        """The rules in force on a day. Raises NoRulebookInForce."""
        return in_force(self._current(), day)

    def version(self, version: str) -> Rulebook:
        """The rules of one edition. Raises UnknownRulebook."""
        # A published edition never changes, and the check-in path asks for it every time.
        if version not in self._by_version:
            self._by_version[version] = of_version(self._current(), version)
        return self._by_version[version]

    def is_set_up(self) -> bool:
        return any(edition.is_published for edition in self._current())

    def _shelved(self, rulebook: Rulebook, by: Envelope) -> RulebookShelf:
        shelf = self._shelf() or RulebookShelf(rulebook_id=self._rulebook_id, envelope=by)
        shelf.add(rulebook.version, by)
        return shelf

    def _shelf(self) -> RulebookShelf | None:
        return self._ledger.find(RulebookShelf, RulebookShelf.create_id(self._rulebook_id))

    def _read(self) -> list[RulebookEdition]:
        shelf = self._shelf()
        ids = [
            RulebookEdition.create_id(self._rulebook_id, version)
            for version in (shelf.versions if shelf else ())
        ]
        return [cast("RulebookEdition", found) for found in self._ledger.load(ids).values()]

    def _current(self) -> list[RulebookEdition]:
        # Editions are few and long-lived: they are read again only when the feed has moved on.
        position = self._ledger.position()
        if position != self._seen:
            self._editions = self._read()
            self._seen = position
        return self._editions
