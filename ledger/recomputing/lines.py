"""Lines: the hours of an account, each derived from its source and from every limit again."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from uuid import UUID

from domain.account import Account
from domain.aggregate import LedgerAggregate, LedgerEvent
from domain.attendance import Attendance
from domain.attesting import must_be_another
from domain.calendar import CITY_ZONE, local_day
from domain.crediting import Credit
from domain.envelope import Envelope, Role
from domain.re_evaluation import ReEvaluation
from domain.refusals import Refused
from domain.rulebook_versions import Versions
from domain.rules import ReversalReason
from domain.service import Service
from domain.session import Session
from domain.settling import Claimed
from ledger.recomputing.figures import Because, Figure, What, compared, due, underived, why
from ledger.recomputing.given import GivenLedger
from ledger.recomputing.sources import Source, Sources
from ledger.rulebooks import Rulebooks
from ledger.streams import Streams


class Lines:
    """The lines of one person's accounts, under every record that they were ever known by."""

    def __init__(
        self, ledger: GivenLedger, rulebooks: Rulebooks, records: Collection[UUID], by: Envelope
    ) -> None:
        self._ledger = ledger
        self._rulebooks = rulebooks
        self._records = records
        self._streams = Streams.of_learners(ledger.load, records)
        self._sources = Sources(ledger, rulebooks, self._streams, by.at)
        self._by = by
        self._seen: set[UUID] = set()

    def figures(self, found: Collection[LedgerAggregate]) -> Iterator[Figure]:
        """Every attendance judged again, and every line that stands, is missing or is too much."""
        own = [each for each in found if isinstance(each, Source)]
        own = [each for each in own if each.learner_id in self._records]
        self._seen |= {each.id for each in own}
        held = {each.session_id for each in own if isinstance(each, Attendance | Service)}
        for session_id in sorted(held):
            yield from self._attested(session_id)
        for each in own:
            if isinstance(each, Attendance):
                yield from self._judged(each)
        for record in self._records:
            account = self._streams.get(Account, Account.create_id(record))
            account = account or Account(learner_id=record, envelope=self._by)
            mine = [each for each in own if self._streams.speaker(each.learner_id) == record]
            yield from self._settled(account, mine)

    def _attested(self, session_id: UUID) -> Iterator[Figure]:
        """Nobody attests alone: each attestation is admitted again beside those before it."""
        by: dict[Role, UUID] = {}
        because, told = Because.NOTHING, self._ledger.told(session_id, Session.Attested)
        for event in told:
            try:
                must_be_another(event.attested_as, event.envelope.actor.id, by)
            except Refused:
                because = Because.ATTESTED_ALONE
            by[event.attested_as] = event.envelope.actor.id
        complete = sum(event.complete for event in told)
        if told:
            of = self._called(session_id, session_id)
            yield compared(What.SESSION, of, complete, int(len(by) > 1), because)

    def _judged(self, attendance: Attendance) -> Iterator[Figure]:
        what, of = What.ATTENDANCE, self._called(attendance.session_id, attendance.id)
        try:
            found = self._sources.assessed(attendance)
            if found is not None:
                said, judged = found
                version = said.envelope.rulebook_version
                yield compared(
                    what,
                    of,
                    f"{said.result} {said.minutes}/{said.planned_minutes}",
                    f"{judged.result} {judged.minutes}/{judged.planned_minutes}",
                    self._other_rules(attendance, version),
                )
        except Refused as missing:
            told = attendance.assessment
            yield underived(what, of, f"{told[0]} {told[1]}" if told else None, why(missing))

    def _settled(self, account: Account, sources: Collection[Source]) -> Iterator[Figure]:
        """What an account would have if all that was earned were claimed of it anew."""
        asked, because = self._asked(account, sources)
        told, before = dict(account.claims), lines_of(account)
        entries = {c.source_id: self._named(c) for c in account.standing}
        try:
            account.settle(asked, self._rulebooks.version, ReversalReason.RE_EVALUATED, self._by)
        except Refused as missing:
            because, asked = dict.fromkeys(told, why(missing)), {}
        after, moved, gave = lines_of(account), moved_in(account), self._gave(account)
        for key in dict.fromkeys((*told, *after)):
            of, hours, derived = entries.get(key, str(key)), before.get(key), after.get(key)
            if told.get(key) is None and derived is None and (gave or key in self._seen):
                continue  # taken back, and nothing is claimed any more
            if key not in asked:
                reason = because.get(key, Because.SOURCE_MISSING)
                yield underived(What.LINE, of, hours, reason)
            elif key not in told:
                yield due(What.LINE, of, derived)
            else:
                other = key in moved and hours == derived
                reason = because[key] or (Because.OTHER_CLAIM if other else Because.NOTHING)
                yield compared(What.LINE, of, hours, derived, reason)

    def _asked(
        self, account: Account, sources: Collection[Source]
    ) -> tuple[dict[UUID, Claimed | None], dict[UUID, Because]]:
        """What each source claims now, and what is wrong with the rules that it was claimed by."""
        asked: dict[UUID, Claimed | None] = {}
        because: dict[UUID, Because] = {}
        for source in sources:
            try:
                claims = self._sources.claims(source, account)
                for key in claims:
                    known = account.claims.get(key)
                    because[key] = self._other_rules(source, known and known.rulebook_version)
                asked.update(claims)
                self._seen |= claims.keys()
            except Refused as missing:
                because[source.id] = why(missing)
        return asked, because

    def _called(self, session_id: UUID, key: UUID) -> str:
        """Day and title of a session, as people know it, and the id of what is meant there."""
        session = self._ledger.find(Session, session_id)
        plan = session.plan if session else None
        return f"{local_day(plan.begins_at, CITY_ZONE)} {plan.title} {key}" if plan else str(key)

    def _named(self, line: Credit) -> str:
        if line.session_id is not None:
            return self._called(line.session_id, line.entry_id)
        return f"{line.day} {line.source_kind} {line.entry_id}"

    def _gave(self, account: Account) -> bool:
        """Whether sources of an account were given to another one, which may be another person's.

        Two records that were merged may have been parted again.
        """
        told = self._ledger.told(account.id, Account.HandedOver)
        return any(event.from_learner_id == account.learner_id for event in told)

    def _other_rules(self, source: Source, version: str | None) -> Because:
        """Whether rules were applied that neither hold for a source nor were applied backwards."""
        if version is None or version == self._sources.rules_of(source).version:
            return Because.NOTHING
        return Because.NOTHING if self._put_right(version) else Because.OTHER_RULES

    def _put_right(self, version: str) -> bool:
        """Whether a re-evaluation that two persons started gave this person these rules."""
        accounts = (Account.create_id(record) for record in self._records)
        events = (e for key in accounts for e in self._ledger.told(key, LedgerEvent))
        causes = {cause for e in events if (cause := e.envelope.causation_id)}
        runs = Streams(self._ledger.load(causes)).all(ReEvaluation)
        versions = Versions.named(version)
        return any(
            run.is_started and versions.of(run.plan.organisation) == run.plan.to_version
            for run in runs
        )


def lines_of(account: Account) -> dict[UUID, int]:
    """The hours of each source that stand in an account."""
    return {credit.source_id: credit.hours for credit in account.standing}


def moved_in(account: Account) -> set[UUID]:
    """The sources that are answered otherwise than it is recorded."""
    moved: set[UUID] = set()
    for event in account.pending_events:
        match event:
            case Account.CreditAwarded(credit=claim) | Account.CreditLimited(claim=claim):
                moved.add(claim.source_id)
            case Account.ClaimWithdrawn(source_id=source_id):
                moved.add(source_id)
            case _:
                pass
    return moved
