"""What a merge of two records says, and the parting of them: facts, and whose claims move."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from domain.account import Account
from domain.correction import MergeOrder, NothingToCorrect, Second, UnmergeOrder
from domain.envelope import Envelope
from domain.learner import Learner, UnknownLearner
from domain.links import Links
from domain.merging import (
    MergeWhileHeld,
    MergeWithOneself,
    doubles_of,
    earned_under,
    hand_over,
    handed_over,
    merge,
    nothing,
    readdressed,
    sources_of,
    unmerge,
)
from domain.settling import Claims
from ledger.correction_orders import Said
from ledger.custody import ended_ties, newest_year
from ledger.earning import account_of
from ledger.erased import refuse_erased
from ledger.ledger import Ledger
from ledger.own_case import refuse_own_case
from ledger.right_answers import RightAnswers
from ledger.rulebooks import Rulebooks
from ledger.streams import Streams

NO_TERM = ""  # a merge is of no term: each line keeps its own


class MergeOrders:
    def __init__(self, ledger: Ledger, rulebooks: Rulebooks) -> None:
        self._ledger = ledger
        self._rulebooks = rulebooks

    def say(self, order: MergeOrder, correction_id: UUID, by: Envelope) -> Said:
        """Work out a merge. Raises OwnCase, PersonErased, UnknownLearner, NothingToCorrect, more.

        The others are MergeWhileHeld and what merging itself refuses.
        Across schools the district signs, as nobody at either school knows both.
        """
        del correction_id
        ids = (order.survivor_id, order.merged_id)
        if order.survivor_id == order.merged_id:
            raise MergeWithOneself
        refuse_own_case(self._ledger, by.actor.id, *ids)
        refuse_erased(self._ledger, *ids)
        streams = Streams(self._ledger.load([*ids, *map(Account.create_id, ids)]))
        survivor, other = (learner_in(streams, each) for each in ids)
        if other.merged_into == survivor.id:
            raise NothingToCorrect
        here = [is_at(order.school_code, learner) for learner in (survivor, other)]
        if not any(here):
            raise UnknownLearner
        mine, theirs = (account_of(streams, each, by) for each in ids)
        refuse_held(theirs)
        ties = [(survivor.id, child) for child in other.guardianships]
        parted = {child for _, child in ended_ties(self._ledger, ties)}
        merge(survivor, other, order.evidence, doubles_of(mine, theirs), by, parted)
        claims = moved(theirs, mine, sources_of(theirs), by)
        answers = RightAnswers.of_all_terms(self._ledger, self._rulebooks, survivor, other)
        claims[survivor.id] = with_answers(answers, survivor, mine, claims[survivor.id])
        second = Second.COLLEAGUE if all(here) else Second.DISTRICT
        return Said(order.school_code, NO_TERM, second, [survivor, other, mine, theirs], claims)


class UnmergeOrders:
    def __init__(self, ledger: Ledger, rulebooks: Rulebooks) -> None:
        self._ledger = ledger
        self._rulebooks = rulebooks

    def say(self, order: UnmergeOrder, correction_id: UUID, by: Envelope) -> Said:
        """Work out a parting; links answered with the other record wait again.

        Raises OwnCase, PersonErased, UnknownLearner, NotMerged, MergedAlready, MergeWhileHeld.
        """
        del correction_id
        ids = (order.survivor_id, order.merged_id)
        refuse_own_case(self._ledger, by.actor.id, *ids)
        refuse_erased(self._ledger, *ids)
        streams = Streams(self._ledger.load([*ids, *map(Account.create_id, ids)]))
        survivor, other = (learner_in(streams, each) for each in ids)
        if not any(is_at(order.school_code, learner) for learner in (survivor, other)):
            raise UnknownLearner
        mine, theirs = (account_of(streams, each, by) for each in ids)
        others = sorted(survivor.merges.keys() - {other.id})
        unmerge(survivor, other, by, Streams(self._ledger.load(others)).all(Learner))
        refuse_held(mine)
        claims = self._parted(survivor, other, mine, theirs, by)
        links = self._reopened(survivor, other, by)
        school, second = order.school_code, Second.DISTRICT
        return Said(school, NO_TERM, second, [survivor, other, mine, theirs, *links], claims)

    def _parted(
        self, survivor: Learner, other: Learner, mine: Account, theirs: Account, by: Envelope
    ) -> dict[UUID, Claims]:
        """To each what their own records earned; right answers are cut into lines anew."""
        earned = self._ledger.load(sources_of(mine))
        sources = earned_under(records_with(other), mine.claims, earned)
        claims = moved(mine, theirs, sources, by)
        answers = RightAnswers.of_all_terms(self._ledger, self._rulebooks, survivor, other)
        joint = answers.joint_no_more(records_with(survivor), mine.claims)
        claims[survivor.id] = {**claims[survivor.id], **joint}
        for learner, account in ((survivor, mine), (other, theirs)):
            claims[learner.id] = with_answers(answers, learner, account, claims[learner.id])
        return claims

    def _reopened(self, survivor: Learner, other: Learner, by: Envelope) -> list[Links]:
        """What the parted records asked for and the school answered with the survivor's name."""
        keys = map(Links.create_id, (other.id, *other.merged_ids))
        found = Streams(self._ledger.load(keys)).all(Links)
        for links in found:
            links.reopen(survivor.id, {*other.guardianships, *other.guardianships.former}, by)
        return found


def learner_in(streams: Streams, learner_id: UUID) -> Learner:
    """Raises UnknownLearner."""
    found = streams.get(Learner, learner_id)
    if found is None:
        raise UnknownLearner(id=learner_id)
    return found


def is_at(school_code: str, learner: Learner) -> bool:
    """Whether a place there stands or, of whoever is gone, was of the last year (ADR 0019)."""
    places = learner.enrolments
    standing = [place for place in places.values() if places.has(place)]
    last = (p for p in places.values() if p.school_year == newest_year(places))
    return any(place.school_code == school_code for place in standing or last)


def refuse_held(account: Account) -> None:
    """Raises MergeWhileHeld."""
    if account.held:
        raise MergeWhileHeld


def moved(
    giver: Account, taker: Account, sources: Collection[UUID], by: Envelope
) -> dict[UUID, Claims]:
    """Every claim of these sources leaves one account and is asked of the other."""
    hand_over(giver, taker, sources, by)
    asked = handed_over(giver.claims, sources, taker.id)
    return {giver.learner_id: nothing(asked), taker.learner_id: asked}


def with_answers(
    answers: RightAnswers, learner: Learner, account: Account, asked: Claims
) -> Claims:
    """The same, and what right answers of all these records make beside what is claimed."""
    found = answers.unclaimed(records_with(learner), {**account.claims, **asked})
    lines = (readdressed(each, account.id) for each in found)
    return {**asked, **{each.claim.source_id: each for each in lines}}


def records_with(learner: Learner) -> list[UUID]:
    return [learner.id, *sorted(learner.merged_ids)]
