"""Earning: credit for what is earned outside attendance; asked twice, done once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from domain.account import Account, entry_id_of
from domain.aggregate import LedgerAggregate
from domain.calendar import CITY_ZONE, local_day
from domain.crediting import CreditClaim, Room, least_room
from domain.earned import external_claim, micro_class_claim, service_claim
from domain.envelope import Envelope
from domain.external import ExternalHours
from domain.external_refusals import UnknownExternalHours
from domain.identity import derived
from domain.learner import Learner
from domain.make_up import MakeUps
from domain.making_up import as_made_up
from domain.merging import readdressed
from domain.micro_class import MicroClass, UnknownMicroClass
from domain.push import PushRecord
from domain.rulebook import Rulebook
from domain.service import Service, ServiceNotNamed
from domain.standing import Standing
from domain.studying import MicroClassCompletion
from ledger.evaluating import evaluated_after, system_envelope
from ledger.ledger import Ledger
from ledger.parent_services import Services
from ledger.records import survivors
from ledger.reviews import reviews_after
from ledger.right_answers import RightAnswers
from ledger.rulebooks import Rulebooks, RulesOn
from ledger.session_credits import credit_of, noted
from ledger.sessions import Sessions
from ledger.streams import Streams


class Earning:
    """One method for each source. What is not settled yet is no award."""

    def __init__(
        self, ledger: Ledger, sessions: Sessions, services: Services, rulebooks: Rulebooks
    ) -> None:
        self._ledger = ledger
        self._sessions = sessions
        self._services = services
        self._rulebooks = rulebooks

    def of_session(self, session_id: UUID, at: datetime, cause: UUID) -> None:
        """Credit who spoke and who helped, once the session is attested."""
        session = self._sessions.get(session_id)
        if session.standing is not Standing.ATTESTED:
            return
        for service in self._services.of_session(session_id):
            school, parts = session.plan.school_code, ("earned", "service", service.id)
            self._credit_service(service, system_envelope(at, school, cause, *parts))

    def _credit_service(self, asked: Service, command: Envelope) -> None:
        """The session may have been corrected or voided since it was asked about.

        Or the name was taken off, by somebody who had read the session before it was attested.
        """

        def decide() -> list[LedgerAggregate]:
            credit = credit_of(self._ledger, asked.session_id, command)
            session = self._sessions.get(asked.session_id)
            service = self._ledger.get(Service, asked.id, ServiceNotNamed)
            if session.standing is not Standing.ATTESTED or not service.stands:
                return []
            rulebook = self._sessions.rulebook_of(session)
            claim = service_claim(session, service, Account.create_id(service.learner_id), rulebook)
            if not claim.hours:
                return []
            decided = self._credited(service.learner_id, [claim], rulebook, command)
            return noted(credit, decided, 1, command)

        self._ledger.commit(command.command_id, decide)

    def of_micro_class(self, completion_id: UUID, at: datetime, cause: UUID) -> None:
        """Credit a micro-class that was completed, or the session that it makes up for."""
        completion = self._ledger.find(MicroClassCompletion, completion_id)
        if completion is None:
            return
        found = self._ledger.get(MicroClass, completion.micro_class_id, UnknownMicroClass)
        assert found.rulebook_version is not None
        rulebook = self._rulebooks.version(found.rulebook_version)
        claim = micro_class_claim(found.plan, completion, rulebook)
        self._credit(completion.learner_id, [claim], rulebook, at, cause, made_up_by=found.id)

    def of_pushes(self, record_id: UUID, at: datetime, cause: UUID) -> None:
        """Credit the right answers of a person in a term, as many together as make an award step.

        Whichever of their records these are under; what is in a line stays in it.
        """
        record = self._ledger.find(PushRecord, record_id)
        if record is None:
            return

        def decide() -> list[LedgerAggregate]:
            streams = Streams.of_learners(self._ledger.load, [record.learner_id])
            learner = streams.get(Learner, streams.speaker(record.learner_id))
            if learner is None:
                return []
            answers = RightAnswers(self._ledger, self._rulebooks, [record.term])
            known = streams.get(Account, Account.create_id(learner.id))
            found = answers.unclaimed(streams.records_of(learner.id), known.claims if known else {})
            if not found:
                return []
            last = found[-1].claim
            command = system_envelope(at, last.school_code, cause, "earned", "push", record_id)
            account = account_of(streams, learner.id, command)
            for claim, version in (readdressed(each, account.id) for each in found):
                account.award(claim, self._rulebooks.version(version), command)
            return self._judged(streams, learner, [account], last, command)

        self._ledger.commit(derived("system", cause, "earned", "push", record_id), decide)

    def room(self, learner_id: UUID, mode: str, when: tuple[str, date], rulebook: Rulebook) -> Room:
        """How much more of a mode would count for a person on a day of a term, by which cap."""
        speaker = survivors(self._ledger, [learner_id])[learner_id]
        account = self._ledger.find(Account, Account.create_id(speaker))
        return least_room(rulebook, mode, when, account.standing if account else ())

    def of_external(self, external_id: UUID, at: datetime, cause: UUID) -> None:
        """Credit hours from elsewhere that the district has confirmed, and not taken back."""
        found = self._ledger.find(ExternalHours, external_id)
        if found is None:
            return
        command = system_envelope(at, found.school_code, cause, "earned", "external", external_id)

        def decide() -> list[LedgerAggregate]:
            external = self._ledger.get(ExternalHours, external_id, UnknownExternalHours)
            if not external.counts:
                return []
            rulebook = rules_of_external(self._rulebooks, external)
            claim = external_claim(external, rulebook)
            if not claim.hours:
                return []
            decided = self._credited(external.learner_id, [claim], rulebook, command)
            if any(each.pending_events for each in decided if isinstance(each, Account)):
                external.credit(command)
            return [external, *decided]

        self._ledger.commit(command.command_id, decide)

    def _credit(
        self,
        learner_id: UUID,
        claims: Sequence[CreditClaim],
        rulebook: Rulebook,
        at: datetime,
        cause: UUID,
        made_up_by: UUID | None = None,
    ) -> None:
        wanted = [claim for claim in claims if claim.hours]
        if not wanted:
            return
        parts = (wanted[-1].source_kind, wanted[-1].source_id)
        command = system_envelope(at, wanted[-1].school_code, cause, "earned", *parts)

        def decide() -> list[LedgerAggregate]:
            return self._credited(learner_id, wanted, rulebook, command, made_up_by)

        self._ledger.commit(command.command_id, decide)

    def _credited(
        self,
        learner_id: UUID,
        claims: Sequence[CreditClaim],
        rulebook: Rulebook,
        command: Envelope,
        made_up_by: UUID | None = None,
    ) -> list[LedgerAggregate]:
        streams = Streams.of_learners(self._ledger.load, [learner_id])
        speaker = streams.speaker(learner_id)
        learner = streams.get(Learner, speaker)
        if learner is None:
            return []
        make_ups = streams.making_up(learner_id, made_up_by) if made_up_by else None
        account = account_of(streams, speaker, command)
        for claim in made_up(claims, make_ups, made_up_by, rulebook, command):
            account.award(addressed(claim, learner_id, speaker), rulebook, command)
        changed = [account, *([make_ups] if make_ups else [])]
        return self._judged(streams, learner, changed, claims[-1], command)

    def _judged(
        self,
        streams: Streams,
        learner: Learner,
        credited: Sequence[LedgerAggregate],
        last: CreditClaim,
        command: Envelope,
    ) -> list[LedgerAggregate]:
        """What was credited, with what it makes of the learner and of certificates."""
        rules_on = RulesOn(self._rulebooks)
        judged = evaluated_after(streams, learner, last.stage, last.school_year, rules_on, command)
        changed = [*credited, *judged]
        return [*changed, *reviews_after(self._ledger, changed, streams.records_of, command)]


def rules_of_external(rulebooks: Rulebooks, external: ExternalHours) -> Rulebook:
    """The rules of the day on which hours from elsewhere were recognised."""
    return rulebooks.on(local_day(external.decided_at, CITY_ZONE))


def account_of(streams: Streams, learner_id: UUID, by: Envelope) -> Account:
    """A learner's account, found or opened."""
    account = streams.get(Account, Account.create_id(learner_id)) or Account(
        learner_id=learner_id, envelope=by
    )
    streams.put(account)
    return account


def addressed(claim: CreditClaim, learner_id: UUID, speaker: UUID) -> CreditClaim:
    """The claim, asked of the record that speaks for the person now."""
    if speaker == learner_id:
        return claim
    entry_id = entry_id_of(Account.create_id(speaker), claim.source_id)
    return claim.model_copy(update={"entry_id": entry_id})


def made_up(
    claims: Sequence[CreditClaim],
    make_ups: MakeUps | None,
    by_id: UUID | None,
    rulebook: Rulebook,
    by: Envelope,
) -> list[CreditClaim]:
    """The claims, as those of a make-up where this is one; it is completed with them."""
    if make_ups is None or by_id is None:
        return list(claims)
    for claim in claims:
        make_ups.complete(by_id, claim.day, by)
    return [as_made_up(claim, make_ups.assigned[by_id], rulebook) for claim in claims]
