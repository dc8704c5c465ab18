"""An edition of the rulebook: drafted by one person, published by another, binding from its day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import ClassVar
from uuid import UUID

from eventsourcing.domain import event
from pydantic import JsonValue

from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.calendar import local_day
from domain.contradictions import contradictions
from domain.envelope import Envelope
from domain.identity import derived
from domain.refusals import Refused
from domain.rulebook import Rulebook, fingerprint


class RulebookContradicts(Refused):
    """The rules contradict each other; `reasons` names each code and figure."""

    code = "rulebook_contradicts"


class RulebookAlreadyPublished(Refused):
    """The edition is published: what it says stays as it is."""

    code = "rulebook_already_published"


class RulebookWithdrawn(Refused):
    """The edition was withdrawn and does not come back."""

    code = "rulebook_withdrawn"


class RulebookNeedsSecondPerson(Refused):
    """Whoever drafted an edition does not publish it."""

    code = "rulebook_needs_second_person"


class RulebookNoticeTooShort(Refused):
    """Rules are announced before they bind (retroactivity.notice_days)."""

    code = "rulebook_notice_too_short"


class RulebookNotTheFirst(Refused):
    """Only an installation's first edition is published at set-up."""

    code = "rulebook_not_the_first"


class RulebookInForce(Refused):
    """An edition is withdrawn only before it takes effect."""

    code = "rulebook_in_force"


class NoRulebookInForce(Refused):
    """No published edition covers that day."""

    code = "rulebook_none_in_force"


class UnknownRulebook(Refused):
    """No published edition has that version."""

    code = "rulebook_unknown"


class RulebookEdition(LedgerAggregate):
    TOPIC: ClassVar[str] = "rulebook"

    class Drafted(LedgerCreated):
        TOPIC = "rulebook.drafted"

        rulebook_id: str
        version: str
        effective_from: date
        sha256: str
        rules: dict[str, JsonValue]

    class Published(LedgerEvent):
        TOPIC = "rulebook.published"

        rulebook_id: str
        version: str
        effective_from: date
        sha256: str
        rules: dict[str, JsonValue]

    class Withdrawn(LedgerEvent):
        TOPIC = "rulebook.withdrawn"

        rulebook_id: str
        version: str

    @staticmethod
    def create_id(rulebook_id: str, version: str) -> UUID:
        return derived("rulebook", rulebook_id, version)

    @classmethod
    def draft(cls, rulebook: Rulebook, envelope: Envelope) -> RulebookEdition:
        """Put a new edition on the table. Raises RulebookContradicts."""
        if reasons := contradictions(rulebook):
            raise RulebookContradicts(reasons=reasons)
        rules = rulebook.as_data()
        return cls(
            rulebook_id=rulebook.rulebook_id,
            version=rulebook.version,
            effective_from=rulebook.effective_from,
            sha256=fingerprint(rules),
            rules=rules,
            envelope=envelope,
        )

    @event(Drafted)
    def __init__(
        self,
        rulebook_id: str,
        version: str,
        effective_from: date,
        sha256: str,
        rules: dict[str, JsonValue],
        envelope: Envelope,
    ) -> None:
        self.rulebook_id = rulebook_id
        self.rulebook_version = version
        self.effective_from = effective_from
        self.sha256 = sha256
        self.rules = rules
        self.drafted_by = envelope.actor.id
        self.announced_at = envelope.at  # as a draft, until it is published
        self.is_published = False
        self.is_withdrawn = False

    @property
    def rulebook(self) -> Rulebook:
        return Rulebook.model_validate(self.rules)

    @property
    def binds(self) -> bool:
        """Published and not withdrawn: from its day on it is the law, until a later one follows."""
        return self.is_published and not self.is_withdrawn

    def publish(self, envelope: Envelope) -> None:
        """Announce the edition, as a second person and in time.

        Raises RulebookNeedsSecondPerson, RulebookNoticeTooShort, RulebookAlreadyPublished and
        RulebookWithdrawn.
        """
        self._require_draft()
        if envelope.actor.id == self.drafted_by:
            raise RulebookNeedsSecondPerson(version=self.rulebook_version)
        rulebook = self.rulebook
        notice = timedelta(days=rulebook.retroactivity.notice_days)
        earliest = local_day(envelope.at, rulebook.time_zone) + notice
        if self.effective_from < earliest:
            raise RulebookNoticeTooShort(effective_from=self.effective_from, earliest=earliest)
        self._announce(envelope)

    def publish_at_set_up(self, others: Iterable[RulebookEdition], envelope: Envelope) -> None:
        """Begin an installation: the first edition binds from its own first day, unannounced.

        Raises RulebookNotTheFirst, RulebookAlreadyPublished and RulebookWithdrawn.
        """
        self._require_draft()
        if any(other.is_published for other in others):
            raise RulebookNotTheFirst(version=self.rulebook_version)
        self._announce(envelope)

    def withdraw(self, envelope: Envelope) -> None:
        """Take the edition back before it binds. Raises RulebookInForce and RulebookWithdrawn."""
        if self.is_withdrawn:
            raise RulebookWithdrawn(version=self.rulebook_version)
        if self.is_published and self._in_effect_at(envelope):
            raise RulebookInForce(effective_from=self.effective_from)
        self._withdrawn(
            rulebook_id=self.rulebook_id, version=self.rulebook_version, envelope=envelope
        )

    def _in_effect_at(self, envelope: Envelope) -> bool:
        return self.effective_from <= local_day(envelope.at, self.rulebook.time_zone)

    def _require_draft(self) -> None:
        if self.is_withdrawn:
            raise RulebookWithdrawn(version=self.rulebook_version)
        if self.is_published:
            raise RulebookAlreadyPublished(version=self.rulebook_version)

    def _announce(self, envelope: Envelope) -> None:
        self._published(
            rulebook_id=self.rulebook_id,
            version=self.rulebook_version,
            effective_from=self.effective_from,
            sha256=self.sha256,
            rules=self.rules,
            envelope=envelope,
        )

    @event(Published)
    def _published(
        self,
        rulebook_id: str,
        version: str,
        effective_from: date,
        sha256: str,
        rules: dict[str, JsonValue],
        envelope: Envelope,
    ) -> None:
        self.announced_at = envelope.at
        self.is_published = True

    @event(Withdrawn)
    def _withdrawn(self, rulebook_id: str, version: str, envelope: Envelope) -> None:
        self.is_withdrawn = True


def in_force(editions: Iterable[RulebookEdition], on: date) -> Rulebook:
    """The rules of a day: of the editions that bind, the last to take effect by then.

    Of two that take effect on one day the one announced later binds.
    Raises NoRulebookInForce.
    """
    begun = [edition for edition in editions if edition.binds and edition.effective_from <= on]
    if not begun:
        raise NoRulebookInForce(on=on)
    return max(begun, key=lambda edition: (edition.effective_from, edition.announced_at)).rulebook


def of_version(editions: Iterable[RulebookEdition], version: str) -> Rulebook:
    """The rules that a credit line or certificate names. Raises UnknownRulebook."""
    for edition in editions:
        if edition.is_published and edition.rulebook_version == version:
            return edition.rulebook
    raise UnknownRulebook(version=version)
