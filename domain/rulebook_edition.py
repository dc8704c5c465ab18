"""An edition of rules: drafted by one person, tried out, published by another, binding from a day.

The city's editions hold all rules; those of a district or school are supplements.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import ClassVar
from uuid import UUID

from eventsourcing.domain import event
from pydantic import JsonValue

from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.calendar import CITY_ZONE, local_day
from domain.contradictions import VERSION, Contradiction, contradictions
from domain.envelope import Envelope, Role
from domain.identity import derived
from domain.rehearsal import Totals
from domain.rulebook import Rulebook, fingerprint
from domain.rulebook_refusals import (
    RulebookAlreadyPublished,
    RulebookContradicts,
    RulebookInForce,
    RulebookNeedsSecondPerson,
    RulebookNoticeTooShort,
    RulebookNotRehearsed,
    RulebookNotTheFirst,
    RulebookWithdrawn,
)
from domain.supplement import Composed, RuleLevel, Supplement


class RulebookEdition(LedgerAggregate):
    TOPIC: ClassVar[str] = "rulebook"

    class Drafted(LedgerCreated):
        TOPIC = "rulebook.drafted"

        rulebook_id: str
        version: str
        effective_from: date
        sha256: str
        rules: dict[str, JsonValue]
        level: RuleLevel = RuleLevel.CITY
        organisation: str = ""  # a district or school; the city's editions name none

    class Published(LedgerEvent):
        TOPIC = "rulebook.published"

        rulebook_id: str
        version: str
        effective_from: date
        sha256: str
        rules: dict[str, JsonValue]
        level: RuleLevel = RuleLevel.CITY
        organisation: str = ""  # a district or school; the city's editions name none

    class DryRunFinished(LedgerEvent):
        TOPIC = "rulebook.dry_run_finished"

        run_id: UUID
        sha256: str  # of the rules that were tried
        effects_sha256: str
        totals: Totals
        since: date | None = None  # everything since the beginning, where no day is named

    class Withdrawn(LedgerEvent):
        TOPIC = "rulebook.withdrawn"

        rulebook_id: str
        version: str

    @staticmethod
    def create_id(rulebook_id: str, version: str, organisation: str = "") -> UUID:
        place = (organisation,) if organisation else ()
        return derived("rulebook", rulebook_id, *place, version)

    @classmethod
    def draft(cls, rulebook: Rulebook, envelope: Envelope) -> RulebookEdition:
        """Put a new edition of the city on the table. Raises RulebookContradicts."""
        if reasons := (*_malformed(rulebook.version), *contradictions(rulebook)):
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

    @classmethod
    def draft_supplement(
        cls, supplement: Supplement, above: Composed, envelope: Envelope
    ) -> RulebookEdition:
        """Put a supplement on the table, judged by the rules above it on its first day.

        Raises RulebookOutsideMargins, RulebookContradicts.
        """
        if reasons := tuple(_malformed(supplement.version)):
            raise RulebookContradicts(reasons=reasons)
        above.add(supplement)
        rules = supplement.as_data()
        return cls(
            rulebook_id=supplement.rulebook_id,
            version=supplement.version,
            effective_from=supplement.effective_from,
            sha256=fingerprint(rules),
            rules=rules,
            level=supplement.level,
            organisation=supplement.organisation,
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
        level: RuleLevel = RuleLevel.CITY,
        organisation: str = "",
    ) -> None:
        self.rulebook_id = rulebook_id
        self.rulebook_version = version
        self.effective_from = effective_from
        self.sha256 = sha256
        self.rules = rules
        self.level = level
        self.organisation = organisation
        self.drafted_by = envelope.actor.id
        self.drafted_as = envelope.actor.role
        self.announced_at = envelope.at  # as a draft, until it is published
        self.is_published = False
        self.is_withdrawn = False
        self.dry_runs: dict[UUID, Totals] = {}

    @property
    def rulebook(self) -> Rulebook:
        """The city's rules, whole."""
        return Rulebook.model_validate(self.rules)

    @property
    def supplement(self) -> Supplement:
        """What a district or school sets."""
        return Supplement.model_validate(self.rules)

    @property
    def binds(self) -> bool:
        """Published and not withdrawn: from its day on it is the law, until a later one follows."""
        return self.is_published and not self.is_withdrawn

    def finish_dry_run(
        self,
        run_id: UUID,
        sha256: str,
        effects_sha256: str,
        since: date | None,
        totals: Totals,
        envelope: Envelope,
    ) -> None:
        """Say what these rules would have changed; the same run again is no news.

        Raises RulebookNotRehearsed where other rules were tried.
        """
        if sha256 != self.sha256:
            raise RulebookNotRehearsed(version=self.rulebook_version)
        if run_id not in self.dry_runs:
            self._dry_run_finished(
                run_id=run_id,
                sha256=sha256,
                effects_sha256=effects_sha256,
                since=since,
                totals=totals,
                envelope=envelope,
            )

    def publish(self, envelope: Envelope, notice_days: int = 0) -> None:
        """Announce the edition: tried out, as a second person, and in time.

        The notice is that of the rules in force (`notice_days`), or the edition's own if longer.
        Raises RulebookNeedsSecondPerson, RulebookNotRehearsed, RulebookNoticeTooShort,
        RulebookAlreadyPublished and RulebookWithdrawn.
        """
        self._require_draft()
        self._require_second_person(envelope)
        if not self.dry_runs:
            raise RulebookNotRehearsed(version=self.rulebook_version)
        if self.level is RuleLevel.CITY:
            notice_days = max(notice_days, self.rulebook.retroactivity.notice_days)
        earliest = self._day_of(envelope) + timedelta(days=notice_days)
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
        if self.is_published and self.effective_from <= self._day_of(envelope):
            raise RulebookInForce(effective_from=self.effective_from)
        self._withdrawn(
            rulebook_id=self.rulebook_id, version=self.rulebook_version, envelope=envelope
        )

    def _day_of(self, envelope: Envelope) -> date:
        return local_day(envelope.at, str(self.rules.get("time_zone", CITY_ZONE)))

    def _require_second_person(self, envelope: Envelope) -> None:
        """Two persons; in a school they are its coordinator and its head."""
        actor = envelope.actor
        alone = actor.id == self.drafted_by
        if self.level is RuleLevel.SCHOOL:
            alone = alone or {actor.role, self.drafted_as} != {Role.COORDINATOR, Role.HEAD}
        if alone:
            raise RulebookNeedsSecondPerson(version=self.rulebook_version)

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
            level=self.level,
            organisation=self.organisation,
            envelope=envelope,
        )

    @event(DryRunFinished)
    def _dry_run_finished(
        self,
        run_id: UUID,
        sha256: str,
        effects_sha256: str,
        since: date | None,
        totals: Totals,
        envelope: Envelope,
    ) -> None:
        self.dry_runs[run_id] = totals

    @event(Published)
    def _published(
        self,
        rulebook_id: str,
        version: str,
        effective_from: date,
        sha256: str,
        rules: dict[str, JsonValue],
        level: RuleLevel,
        organisation: str,
        envelope: Envelope,
    ) -> None:
        self.announced_at = envelope.at
        self.is_published = True

    @event(Withdrawn)
    def _withdrawn(self, rulebook_id: str, version: str, envelope: Envelope) -> None:
        self.is_withdrawn = True


def _malformed(version: str) -> Iterator[Contradiction]:
    """A version is a part of the name of composed rules, and of addresses."""
    if not VERSION.fullmatch(version):
        yield Contradiction("version_malformed", "version")
