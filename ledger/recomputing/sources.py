"""Sources: what each thing that somebody earned by claims, by the rules that hold for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from domain.account import Account
from domain.assessing import Assessment, assess
from domain.attendance import Attendance
from domain.crediting import CreditClaim
from domain.earned import at_rates_of, external_claim, micro_class_claim, service_claim
from domain.external import ExternalHours
from domain.making_up import as_made_up
from domain.micro_class import MicroClass, UnknownMicroClass
from domain.push import PushItem, PushRecord, UnknownPush
from domain.right_answers import lines_beside, lines_claimed
from domain.rulebook import Rulebook
from domain.service import Service
from domain.session import Session
from domain.session_refusals import UnknownSession
from domain.settling import Claimed, Claims
from domain.standing import Standing
from domain.studying import MicroClassCompletion
from ledger.earning import rules_of_external
from ledger.judging import Run, claim_for
from ledger.recomputing.given import GivenLedger
from ledger.right_answers import claims_of
from ledger.rulebooks import Rulebooks
from ledger.sessions import rules_of_session
from ledger.streams import Streams

Source = Attendance | Service | MicroClassCompletion | PushRecord | ExternalHours
BEGINNINGS = frozenset(
    {
        Attendance.CheckedIn.TOPIC,
        Service.Named.TOPIC,
        MicroClassCompletion.Completed.TOPIC,
        PushRecord.Opened.TOPIC,
        ExternalHours.Entered.TOPIC,
    }
)


class Assessed(NamedTuple):
    """An attendance judged again, at the moment and by the rules of the last judgement."""

    recorded: Attendance.Assessed
    derived: Assessment


class Sources:
    """The sources of one person, claimed anew; `known` are an account's claims, by source."""

    def __init__(
        self, ledger: GivenLedger, rulebooks: Rulebooks, streams: Streams, as_of: datetime
    ) -> None:
        self._ledger = ledger
        self._rulebooks = rulebooks
        self._streams = streams
        self._as_of = as_of

    def claims(self, source: Source, account: Account) -> Claims:
        """What a source claims of an account, under the rules by which it was claimed last.

        Raises UnknownSession, UnknownMicroClass, UnknownPush, UnknownRulebook, NoRulebookInForce.
        """
        match source:
            case Attendance():
                return {source.id: self._attended(source, account)}
            case Service():
                return {source.id: self._served(source, account)}
            case MicroClassCompletion():
                return {source.id: self._studied(source, account.claims)}
            case ExternalHours():
                return {source.id: self._recognised(source, account.claims)}
            case PushRecord():
                return dict(self._answered(source, account.claims))

    def rules_of(self, source: Source) -> Rulebook:
        """The rules that hold for a source, if nobody applied better ones backwards."""
        match source:
            case Attendance(session_id=session_id) | Service(session_id=session_id):
                return rules_of_session(self._rulebooks, self._session(session_id))
            case MicroClassCompletion():
                return self._version(self._micro_class(source).rulebook_version)
            case PushRecord():
                return self._version(source.rulebook_version)
            case ExternalHours():
                return rules_of_external(self._rulebooks, source)

    def assessed(self, attendance: Attendance) -> Assessed | None:
        """The last judgement of an attendance, made again; None where there was none.

        Raises UnknownSession, UnknownRulebook.
        """
        told = self._ledger.told(attendance.id, Attendance.Assessed)
        if not told:
            return None
        session, last = self._session(attendance.session_id), told[-1]
        rulebook = self._rulebooks.version(last.envelope.rulebook_version or "")
        run = Run(session, rulebook, last.envelope.at, attendance.id)
        derived = assess(rulebook.attendance, run.times, attendance.presence, run.at)
        return Assessed(last, derived)

    def _attended(self, attendance: Attendance, account: Account) -> Claimed | None:
        session = self._session(attendance.session_id)
        if session.standing is not Standing.ATTESTED:
            return None
        known = account.claims.get(attendance.id)
        rulebook = self._claimed_by(known) or rules_of_session(self._rulebooks, session)
        told = self._ledger.told(attendance.id, Attendance.Assessed)
        at = told[-1].envelope.at if told else self._as_of
        run = Run(session, rulebook, at, attendance.id)
        judged = assess(rulebook.attendance, run.times, attendance.presence, at)
        make_ups = self._streams.making_up(attendance.learner_id, session.id)
        return Claimed(claim_for(run, attendance, account.id, judged, make_ups), rulebook.version)

    def _served(self, service: Service, account: Account) -> Claimed | None:
        session = self._session(service.session_id)
        if session.standing is not Standing.ATTESTED or not service.stands:
            return None
        rulebook = rules_of_session(self._rulebooks, session)
        claim = service_claim(session, service, account.id, rulebook)
        return self._as_claimed(claim, rulebook, account.claims)

    def _studied(self, completion: MicroClassCompletion, known: Claims) -> Claimed:
        found = self._micro_class(completion)
        rulebook = self._version(found.rulebook_version)
        claim = micro_class_claim(found.plan, completion, rulebook)
        make_ups = self._streams.making_up(completion.learner_id, found.id)
        if make_ups is not None:
            claim = as_made_up(claim, make_ups.assigned.get(found.id), rulebook)
        return self._as_claimed(claim, rulebook, known)

    def _answered(self, record: PushRecord, known: Claims) -> Iterator[tuple[UUID, Claimed | None]]:
        """The person's lines, claimed or not, whose last answer is under this record."""
        if len(Streams(self._ledger.load(record.items)).all(PushItem)) < len(record.items):
            raise UnknownPush
        speaker = self._streams.speaker(record.learner_id)
        keys = (PushRecord.create_id(e, record.term) for e in self._streams.records_of(speaker))
        records = Streams(self._ledger.load(keys)).all(PushRecord)
        there = dict(lines_claimed(records, known, self._rulebooks.version))
        yield from ((source_id, None) for source_id, line in there.items() if line is None)
        lines = [*filter(None, there.values())]
        lines += lines_beside(records, known, self._rulebooks.version)
        own = [line for line in lines if line.answers.learner_id == record.learner_id]
        for claim, version in claims_of(self._ledger, own):
            claimed = self._as_claimed(claim, self._version(version), known)
            yield claim.source_id, claimed

    def _recognised(self, external: ExternalHours, known: Claims) -> Claimed | None:
        if not external.counts:
            return None
        rulebook = rules_of_external(self._rulebooks, external)
        return self._as_claimed(external_claim(external, rulebook), rulebook, known)

    def _as_claimed(self, claim: CreditClaim, own: Rulebook, known: Claims) -> Claimed:
        """At the rates of the rules that were applied backwards, where some were."""
        rulebook = self._claimed_by(known.get(claim.source_id))
        if rulebook is None or rulebook.version == own.version:
            return Claimed(claim, own.version)
        return Claimed(at_rates_of(rulebook, claim), rulebook.version)

    def _claimed_by(self, known: Claimed | None) -> Rulebook | None:
        return self._rulebooks.version(known.rulebook_version) if known else None

    def _version(self, name: str | None) -> Rulebook:
        return self._rulebooks.version(name or "")

    def _session(self, session_id: UUID) -> Session:
        return self._ledger.get(Session, session_id, UnknownSession)

    def _micro_class(self, completion: MicroClassCompletion) -> MicroClass:
        return self._ledger.get(MicroClass, completion.micro_class_id, UnknownMicroClass)
