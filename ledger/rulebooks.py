"""Which rules hold on a day: the editions on the shelf, read from the feed's own streams."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import cache, partial
from importlib.resources import files
from typing import ClassVar, cast

from domain.envelope import Envelope
from domain.refusals import Refused
from domain.rulebook import Rulebook, fingerprint
from domain.rulebook_edition import (
    RulebookEdition,
    RulebookNotTheFirst,
    UnknownRulebook,
    in_force,
    of_version,
)
from domain.rulebook_shelf import RulebookShelf
from ledger.ledger import Ledger

DEFAULT_RULEBOOK = "gz-parent-school"
DEFAULT_FILE = "gz-parent-school-2026.1.json"


class RulebookVersionTaken(Refused):
    """An edition of that version says something else: give the new one a version of its own."""

    code: ClassVar[str] = "rulebook_version_taken"


def default_rulebook() -> Rulebook:
    """The rulebook that ships with the program (clauses of GZ and MOE, local defaults)."""
    data = (files("ledger") / "rulebooks" / DEFAULT_FILE).read_bytes()
    return Rulebook.model_validate_json(data)


class Rulebooks:
    def __init__(self, ledger: Ledger, rulebook_id: str = DEFAULT_RULEBOOK) -> None:
        self._ledger = ledger
        self._rulebook_id = rulebook_id
        # One value, set at once: threads of one process share it.
        self._seen: tuple[int, list[RulebookEdition]] = (0, [])
        self._by_version: dict[str, Rulebook] = {}

    def publish_at_set_up(self, rulebook: Rulebook, by: Envelope) -> int:
        """The first edition of an installation.

        Raises RulebookNotTheFirst, RulebookContradicts, RulebookVersionTaken.
        """

        def decide() -> list[RulebookEdition | RulebookShelf]:
            others = self._read()
            if any(edition.is_published for edition in others):
                raise RulebookNotTheFirst(version=rulebook.version)
            edition = drafted(rulebook, others, by)
            edition.publish_at_set_up(others, by)
            return [edition, self._shelved(rulebook, by)]

        return self._ledger.commit(by.command_id, decide)

    def draft(self, rulebook: Rulebook, by: Envelope) -> int:
        """Put an edition on the table; the same one again is no news.

        Raises RulebookContradicts, RulebookVersionTaken.
        """

        def decide() -> list[RulebookEdition | RulebookShelf]:
            return [drafted(rulebook, self._read(), by), self._shelved(rulebook, by)]

        return self._ledger.commit(by.command_id, decide)

    def publish(self, version: str, by: Envelope) -> int:
        """By a second person, in time (see RulebookEdition.publish). Raises UnknownRulebook."""

        def decide() -> list[RulebookEdition]:
            edition = edition_of(self._read(), version)
            if edition is None:
                raise UnknownRulebook(version=version)
            edition.publish(by)
            return [edition]

        return self._ledger.commit(by.command_id, decide)

    def on(self, day: date) -> Rulebook:
        """The rules in force on a day. Raises NoRulebookInForce."""
        return in_force(self._current(), day)

    def as_now(self) -> Callable[[date], Rulebook]:
        """The rules of any day by the editions of this moment: one look at the feed for all."""
        return cache(partial(in_force, self._current()))

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
        seen_at, editions = self._seen
        if position != seen_at:
            editions = self._read()
            self._seen = (position, editions)
        return editions


def edition_of(editions: Iterable[RulebookEdition], version: str) -> RulebookEdition | None:
    return next((e for e in editions if e.rulebook_version == version), None)


def drafted(rulebook: Rulebook, others: Iterable[RulebookEdition], by: Envelope) -> RulebookEdition:
    """The draft of a rulebook, found or made. Raises RulebookContradicts, RulebookVersionTaken."""
    there = edition_of(others, rulebook.version)
    if there is None:
        return RulebookEdition.draft(rulebook, by)
    if there.sha256 != fingerprint(rulebook.as_data()):
        raise RulebookVersionTaken(version=rulebook.version)
    return there
