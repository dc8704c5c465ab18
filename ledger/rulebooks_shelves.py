"""The shelves of rules: the city's editions, the supplements of districts and schools, composed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import cast

from domain.rulebook import Rulebook
from domain.rulebook_choice import edition_in_force, in_force, published
from domain.rulebook_edition import RulebookEdition
from domain.rulebook_shelf import RulebookShelf
from domain.rulebook_versions import Versions
from domain.school import School
from domain.supplement import Composed, Supplement
from ledger.ledger import Ledger

CITY = ""  # the place of the city's own editions


class Shelves:
    """What every process reads of rules; one place is the city (empty), a district or a school."""

    def __init__(self, ledger: Ledger, rulebook_id: str) -> None:
        self._ledger = ledger
        self._rulebook_id = rulebook_id
        # Each one value, set at once: threads of one process share them.
        self._seen: dict[str, tuple[int, list[RulebookEdition]]] = {}
        self._districts: dict[str, str] = {}
        self._read: dict[str, Rulebook] = {}
        self._named: dict[str, Rulebook] = {}
        self._laid: dict[tuple[str, ...], Composed] = {}

    def shelf(self, place: str) -> RulebookShelf | None:
        return self._ledger.find(RulebookShelf, RulebookShelf.create_id(self.shelf_name(place)))

    def shelf_name(self, place: str) -> str:
        return f"{self._rulebook_id}/{place}" if place else self._rulebook_id

    def read(self, place: str = CITY) -> list[RulebookEdition]:
        """Every edition of a place, fresh from the ledger, in the order of their drafting."""
        shelf = self.shelf(place)
        ids = [
            RulebookEdition.create_id(self._rulebook_id, version, place)
            for version in (shelf.versions if shelf else ())
        ]
        found = self._ledger.load(ids)
        return [cast("RulebookEdition", found[key]) for key in ids if key in found]

    def current(self, place: str = CITY) -> list[RulebookEdition]:
        """The same, read again only when the feed has moved on: editions are few and long-lived."""
        position = self._ledger.position()
        seen_at, editions = self._seen.get(place, (-1, []))
        if position != seen_at:
            editions = self.read(place)
            self._seen[place] = (position, editions)
        return editions

    def on(self, day: date, school_code: str | None = None) -> Rulebook:
        """The rules in force on a day, in a school or for the whole city.

        Raises NoRulebookInForce.
        """
        return self.above(day, self.places(school_code)).rulebook

    def above(self, day: date, places: Iterable[str]) -> Composed:
        """The city's rules of a day, with what these places have laid over them, in order."""
        city = self._rulebook(in_force(self.current(), day))
        found = [edition_in_force(self.current(place), day) for place in places]
        return self._compose(city, [edition.supplement for edition in found if edition])

    def places(self, school_code: str | None) -> tuple[str, ...]:
        """The places whose supplements a school follows: its district, then itself."""
        if not school_code:
            return ()
        district = self.district_of(school_code)
        return (district, school_code) if district else (school_code,)

    def district_of(self, school_code: str) -> str:
        """Where a school lies; empty for one that is not registered."""
        if school_code not in self._districts:
            school = self._ledger.find(School, School.create_id(school_code))
            if school is None:
                return ""
            self._districts[school_code] = school.district_code
        return self._districts[school_code]

    def named(self, name: str) -> Rulebook:
        """The rules that a credit line or certificate names, for ever. Raises UnknownRulebook."""
        if name not in self._named:
            versions = Versions.named(name)
            rules = Composed(self._rulebook(published(self.current(), versions.city)))
            for place, version in versions.supplements:
                rules = rules.recall(published(self.current(place), version).supplement)
            self._named[name] = rules.rulebook
        return self._named[name]

    def replaced(self, name: str, edition: RulebookEdition) -> Rulebook:
        """Named rules with an edition, published or not, in place of that of its own level."""
        versions = Versions.named(name)
        supplements = {
            place: published(self.current(place), version).supplement
            for place, version in versions.supplements
        }
        city = edition
        if edition.organisation:
            supplements[edition.organisation] = edition.supplement
            city = published(self.current(), versions.city)
        # A district's code is shorter than a school's: the district comes first.
        laid = [supplements[place] for place in sorted(supplements, key=len)]
        return self._compose(self._rulebook(city), laid).rulebook

    def _rulebook(self, edition: RulebookEdition) -> Rulebook:
        # What an edition says never changes, and reading it takes a millisecond.
        if edition.sha256 not in self._read:
            self._read[edition.sha256] = edition.rulebook
        return self._read[edition.sha256]

    def _compose(self, city: Rulebook, supplements: list[Supplement]) -> Composed:
        key = (city.version, *(each.label for each in supplements))
        if key not in self._laid:
            rules = Composed(city)
            for supplement in supplements:
                rules = rules.lay(supplement)
            self._laid[key] = rules
        return self._laid[key]
