"""Rules: drafted, tried out, published, withdrawn; and which of them hold on a day, in a place."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from importlib.resources import files
from typing import ClassVar
from uuid import UUID

from domain.calendar import CITY_ZONE, local_day
from domain.envelope import Envelope
from domain.refusals import Refused
from domain.rehearsal import Totals
from domain.rulebook import Rulebook, fingerprint
from domain.rulebook_choice import edition_in_force
from domain.rulebook_edition import RulebookEdition
from domain.rulebook_refusals import NoRulebookInForce, RulebookNotTheFirst, UnknownRulebook
from domain.rulebook_shelf import RulebookShelf
from domain.supplement import Supplement
from ledger.ledger import Ledger
from ledger.rulebooks_shelves import CITY, Shelves

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
        self.rulebook_id = rulebook_id
        self.shelves = Shelves(ledger, rulebook_id)

    def publish_at_set_up(self, rulebook: Rulebook, by: Envelope) -> int:
        """The first edition of an installation.

        Raises RulebookNotTheFirst, RulebookContradicts, RulebookVersionTaken.
        """

        def decide() -> list[RulebookEdition | RulebookShelf]:
            others = self.shelves.read()
            if any(edition.is_published for edition in others):
                raise RulebookNotTheFirst(version=rulebook.version)
            edition = drafted(rulebook, others, by)
            edition.publish_at_set_up(others, by)
            return [edition, self._shelved(CITY, rulebook.version, by)]

        return self._ledger.commit(by.command_id, decide)

    def draft(self, rulebook: Rulebook, by: Envelope) -> int:
        """Put an edition of the city on the table; the same one again is no news.

        Raises RulebookContradicts, RulebookVersionTaken.
        """

        def decide() -> list[RulebookEdition | RulebookShelf]:
            edition = drafted(rulebook, self.shelves.read(), by)
            return [edition, self._shelved(CITY, rulebook.version, by)]

        return self._ledger.commit(by.command_id, decide)

    def draft_supplement(self, supplement: Supplement, by: Envelope) -> int:
        """Put what a district or school sets on the table; the same one again is no news.

        It is judged by the rules of its first day. Raises RulebookOutsideMargins,
        RulebookContradicts, RulebookVersionTaken, NoRulebookInForce.
        """
        place = supplement.organisation

        def decide() -> list[RulebookEdition | RulebookShelf]:
            there = edition_of(self.shelves.read(place), supplement.version)
            if there is None:
                above = self.shelves.places(place)[:-1]
                rules = self.shelves.above(supplement.effective_from, above)
                there = RulebookEdition.draft_supplement(supplement, rules, by)
            elif there.sha256 != fingerprint(supplement.as_data()):
                raise RulebookVersionTaken(version=supplement.version)
            return [there, self._shelved(place, supplement.version, by)]

        return self._ledger.commit(by.command_id, decide)

    def finish_dry_run(
        self,
        edition: RulebookEdition,
        run_id: UUID,
        effects_sha256: str,
        since: date | None,
        totals: Totals,
        by: Envelope,
    ) -> int:
        """Record what an edition would have changed. Raises UnknownRulebook."""
        return self._change(
            edition.rulebook_version,
            edition.organisation,
            by,
            lambda each: each.finish_dry_run(
                run_id, edition.sha256, effects_sha256, since, totals, by
            ),
        )

    def publish(self, version: str, by: Envelope, place: str = CITY) -> int:
        """By a second person, in time (see RulebookEdition.publish). Raises UnknownRulebook."""
        return self._change(
            version, place, by, lambda each: each.publish(by, self._notice(each, by))
        )

    def withdraw(self, version: str, by: Envelope, place: str = CITY) -> int:
        """Raises UnknownRulebook, RulebookInForce, RulebookWithdrawn."""
        return self._change(version, place, by, lambda each: each.withdraw(by))

    def on(self, day: date, school_code: str | None = None) -> Rulebook:
        """The rules in force on a day, of a school where one is named. Raises NoRulebookInForce."""
        return self.shelves.on(day, school_code)

    def hold_on(self, day: date) -> bool:
        """Whether any rules were in force on a day."""
        try:
            self.on(day)
        except NoRulebookInForce:
            return False
        return True

    def version(self, name: str) -> Rulebook:
        """The rules of one edition, or of a composed name, for ever. Raises UnknownRulebook."""
        return self.shelves.named(name)

    def editions(self, place: str = CITY) -> list[RulebookEdition]:
        """Every edition of the city, or of a district or school, drafts included."""
        return self.shelves.current(place)

    def edition(self, version: str, place: str = CITY) -> RulebookEdition:
        """One edition, published or not. Raises UnknownRulebook."""
        edition = edition_of(self.shelves.read(place), version)
        if edition is None:
            raise UnknownRulebook(version=version)
        return edition

    def binding(self) -> list[Rulebook]:
        """The city's editions that bind, in the order in which they take effect."""
        found = [edition for edition in self.editions() if edition.binds]
        found.sort(key=lambda edition: (edition.effective_from, edition.announced_at))
        return [edition.rulebook for edition in found]

    def is_set_up(self) -> bool:
        return any(edition.is_published for edition in self.shelves.current())

    def _notice(self, edition: RulebookEdition, by: Envelope) -> int:
        """The days ahead that the rules in force ask for, now and on the edition's first day."""
        days = (local_day(by.at, CITY_ZONE), edition.effective_from)
        found = [edition_in_force(self.editions(), day) for day in days]
        return max((e.rulebook.retroactivity.notice_days for e in found if e), default=0)

    def _change(
        self, version: str, place: str, by: Envelope, change: Callable[[RulebookEdition], None]
    ) -> int:
        def decide() -> list[RulebookEdition]:
            edition = self.edition(version, place)
            change(edition)
            return [edition]

        return self._ledger.commit(by.command_id, decide)

    def _shelved(self, place: str, version: str, by: Envelope) -> RulebookShelf:
        shelf = self.shelves.shelf(place) or RulebookShelf(
            rulebook_id=self.shelves.shelf_name(place), envelope=by
        )
        shelf.add(version, by)
        return shelf


class RulesOn:
    """The rules that one decision asks for, each read once: of a day in a school, or by name."""

    def __init__(self, rulebooks: Rulebooks) -> None:
        self._on = cache(rulebooks.on)
        self.named = rulebooks.version

    def __call__(self, day: date, school_code: str) -> Rulebook:
        return self._on(day, school_code)


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
