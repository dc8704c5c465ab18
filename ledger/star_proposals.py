"""Commands of stars by proposal: propose, object, answer an objection, grant or refuse."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from domain.aggregate import LedgerAggregate
from domain.calendar import CITY_ZONE, local_day, school_year_of
from domain.envelope import Envelope, Role
from domain.evaluation import StarNotDue
from domain.learner import Learner, UnknownLearner
from domain.star_proposal import (
    ObjectionReason,
    ProposalDecided,
    ProposalState,
    RefusalReason,
    StarProposal,
    UnknownStarProposal,
)
from ledger.calendars import Calendars
from ledger.evaluating import Case, case_of
from ledger.ledger import Ledger
from ledger.own_case import own_records
from ledger.records import records_of
from ledger.rulebooks import Rulebooks, RulesOn
from ledger.streams import Streams
from ledger.vault import DocumentDiffers, Vault

OBJECTION = "star_objection"

Act = Callable[[StarProposal], object]


class StarProposals:
    def __init__(self, ledger: Ledger, rulebooks: Rulebooks, vault: Vault) -> None:
        self._ledger = ledger
        self._rulebooks = rulebooks
        self._vault = vault

    def get(self, proposal_id: UUID) -> StarProposal:
        """Raises UnknownStarProposal."""
        return self._ledger.get(StarProposal, proposal_id, UnknownStarProposal)

    def propose(self, learner_id: UUID, stage: str, school_code: str, by: Envelope) -> UUID:
        """Propose the star whose conditions are met; again, under any record, it is no news.

        Raises UnknownLearner (also of another school's), OwnCase, StarNotDue, ProposalDecided.
        """
        made: list[UUID] = []

        def decide() -> list[LedgerAggregate]:
            proposal = self._proposed(learner_id, stage, school_code, by)
            proposal.refuse_own_case(self._own_records(by))
            there = self._proposed_before(proposal)
            made[:] = [(there or proposal).id]
            if there is not None and there.state is not ProposalState.PUBLISHED:
                raise ProposalDecided(state=there.state.value)
            return [] if there else [proposal]

        self._must_be_enrolled(learner_id, stage, school_code)
        self._ledger.commit(by.command_id, decide)
        return made[0]

    def object_to(
        self, proposal_id: UUID, reason: ObjectionReason, words: str, by: Envelope
    ) -> UUID:
        """Object to a star, in a code; the words lie in the vault.

        Raises UnknownStarProposal, OwnCase, ProposalDecided, PublicityOver, UnknownLearner.
        """
        proposal, today = self.get(proposal_id), local_day(by.at, CITY_ZONE)
        proposal.refuse_own_case(self._own_records(by))
        objection_id = proposal.object(reason, today, by, self._selves(proposal, by))
        # An entry without its event is waste; an event without its words would be a loss.
        if words.strip() and proposal.pending_events:
            self._file(objection_id, proposal, words.strip(), by)

        def objected(found: StarProposal) -> None:
            found.object(reason, today, by, self._selves(found, by))

        self._change(proposal_id, by, objected)
        return objection_id

    def answer(self, proposal_id: UUID, objection_id: UUID, by: Envelope, *, upheld: bool) -> int:
        """Dismiss an objection, or uphold it: then the star is refused.

        Raises UnknownStarProposal, OwnCase, ProposalDecided, UnknownObjection, TookPart.
        """

        def answered(proposal: StarProposal) -> None:
            proposal.refuse_who_took_part(self._own_records(by))
            (proposal.uphold if upheld else proposal.dismiss)(objection_id, by)

        return self._change(proposal_id, by, answered)

    def refuse(self, proposal_id: UUID, reason: RefusalReason, by: Envelope) -> int:
        """Raises UnknownStarProposal, OwnCase, and what `StarProposal.refuse` raises."""
        today = local_day(by.at, CITY_ZONE)

        def refused(proposal: StarProposal) -> None:
            proposal.refuse_who_took_part(self._own_records(by))
            proposal.refuse(reason, today, by)

        return self._change(proposal_id, by, refused)

    def grant(self, proposal_id: UUID, by: Envelope) -> int:
        """Grant the star: the evaluation awards it, with every condition looked at again.

        Raises UnknownStarProposal, OwnCase, StarNotDue, and what `StarProposal.grant` raises.
        """
        today = local_day(by.at, CITY_ZONE)

        def decide() -> list[LedgerAggregate]:
            proposal = self.get(proposal_id)
            own = self._own_records(by)
            proposal.refuse_own_case(own)
            proposal.refuse_who_took_part(own)
            proposal.grant(today, by)
            case = self._case(proposal.learner_id, proposal.stage, by)
            case.evaluation.grant_star(proposal.level, case.record, case.rules, case.by)
            return [proposal, case.evaluation]

        return self._ledger.commit(by.command_id, decide)

    def words_of(self, proposal_id: UUID, by: Envelope) -> dict[UUID, str]:
        """What was written beside the reasons of objections; the reading is logged."""
        proposal = self.get(proposal_id)
        if proposal.objections:
            self._vault.show([proposal.learner_id], to=by.actor, purpose=OBJECTION, at=by.at)
        found = {key: self._vault.document(key, OBJECTION) for key in proposal.objections}
        return {key: words.decode() for key, words in found.items() if words is not None}

    def _file(self, objection_id: UUID, proposal: StarProposal, words: str, by: Envelope) -> None:
        """Seal words under the key of the parent who wrote them; staff's, of whom they are about.

        Raises UnknownLearner for one who is erased.
        """
        owner = by.actor.id if by.actor.role is Role.PARENT else proposal.learner_id
        try:
            self._vault.file(objection_id, OBJECTION, owner, words.encode())
        except DocumentDiffers:
            return  # written in an attempt that was cut: one objection a person, the first words
        except LookupError as gone:
            raise UnknownLearner(id=owner) from gone

    def _proposed(
        self, learner_id: UUID, stage: str, school_code: str, by: Envelope
    ) -> StarProposal:
        case = self._case(learner_id, stage, by)
        today, rulebook = case.rules.day, case.rules.rulebook
        days = rulebook.calendar.evaluation_publicity_working_days
        return StarProposal(
            learner_id=learner_id,
            school_code=school_code,
            stage=stage,
            level=case.evaluation.proposable(case.record, rulebook),
            school_year=school_year_of(today, rulebook.calendar.school_year_begins),
            published_until=Calendars(self._ledger).around(today).after(today, days),
            envelope=by.under(rulebook.version),
        )

    def _proposed_before(self, same: StarProposal) -> StarProposal | None:
        """The same star of the same year, under any record of the person; first what is open."""
        keys = [
            StarProposal.create_id(each, same.stage, same.level, same.school_year)
            for each in records_of(self._ledger, same.learner_id)
        ]
        loaded = self._ledger.load(keys).values()
        found = [each for each in loaded if isinstance(each, StarProposal)]
        return min(found, key=lambda each: each.state is not ProposalState.PUBLISHED, default=None)

    def _change(self, proposal_id: UUID, by: Envelope, act: Act) -> int:
        def decide() -> list[LedgerAggregate]:
            proposal = self.get(proposal_id)
            proposal.refuse_own_case(self._own_records(by))
            act(proposal)
            return [proposal]

        return self._ledger.commit(by.command_id, decide)

    def _case(self, learner_id: UUID, stage: str, by: Envelope) -> Case:
        """Raises StarNotDue where there is nobody to evaluate."""
        streams = Streams.of_learners(self._ledger.load, [learner_id])
        learner = streams.get(Learner, streams.speaker(learner_id))
        if learner is None:
            raise StarNotDue
        return case_of(streams, learner, stage, (), RulesOn(self._rulebooks), by)

    def _must_be_enrolled(self, learner_id: UUID, stage: str, school_code: str) -> None:
        """At the school now: in the newest year of the stage, and not gone since."""
        learner = self._ledger.get(Learner, learner_id, UnknownLearner)
        newest = max(learner.years_enrolled(stage), default=0)
        places = learner.enrolments_at(school_code, newest)
        if all(place.stage != stage for place in places):
            raise UnknownLearner(id=learner_id)

    def _selves(self, proposal: StarProposal, by: Envelope) -> list[UUID]:
        """Under which ids the same person may have objected: as a parent, and at work."""
        own = self._own_records(by)
        if by.actor.role is not Role.PARENT:
            return own
        took_part = sorted(proposal.took_part)
        return [
            *own,
            *(k for k in took_part if not {*own}.isdisjoint(own_records(self._ledger, k))),
        ]

    def _own_records(self, by: Envelope) -> list[UUID]:
        if by.actor.role is Role.PARENT:
            return records_of(self._ledger, by.actor.id)
        return own_records(self._ledger, by.actor.id)
