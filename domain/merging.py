"""Merging two records of one person, and parting them again: nothing is overwritten by either."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import StrEnum
from uuid import UUID

from domain.account import Account, entry_id_of
from domain.aggregate import LedgerAggregate
from domain.earned import line_id
from domain.enrolment import HandedOn
from domain.envelope import Envelope
from domain.evaluation import Evaluation
from domain.guardianship import FormerTie
from domain.learner import Learner
from domain.push import PushRecord
from domain.refusals import Refused
from domain.settling import Claimed, Claims


class MergeWithOneself(Refused):
    """Two records are merged, not one with itself."""

    code = "merge_with_oneself"


class MergedAlready(Refused):
    """One of the two is merged into another record already: that one is meant."""

    code = "merged_already"


class MergeWhileHeld(Refused):
    """Hours of the record are under verification: the case is decided first."""

    code = "merge_while_held"


class NotMerged(Refused):
    """The one record was not merged into the other: there is nothing to part."""

    code = "not_merged"


class Evidence(StrEnum):
    """Why two records are taken to be one person's: a person says so, never the program."""

    SAME_NAME_AND_CHILD = "same_name_and_child"
    SAME_PHONE = "same_phone"
    ROSTER_DOUBT = "roster_doubt"
    PAPERS_SHOWN = "papers_shown"
    SAME_DEVICE = "same_device"
    LINK_CONFIRMED = "link_confirmed"


def merge(
    survivor: Learner,
    other: Learner,
    evidence: Evidence,
    doubles: tuple[UUID, ...],
    envelope: Envelope,
    parted: Collection[UUID] = (),
) -> None:
    """Let one record speak for both. Raises MergeWithOneself, MergedAlready.

    `doubles` are the sessions that both were at, `parted` the children from whom two persons
    parted the survivor. The same merge again is no news.
    """
    if survivor.id == other.id:
        raise MergeWithOneself
    if other.merged_into == survivor.id:
        return
    if survivor.merged_into or other.merged_into:
        raise MergedAlready
    survivor.take_in(other, evidence, doubles, envelope, parted)
    other.give_way(survivor.id, envelope)


def unmerge(
    survivor: Learner, other: Learner, envelope: Envelope, others: Iterable[Learner] = ()
) -> None:
    """Part two records that were merged, the last merge first. Raises NotMerged, MergedAlready.

    What came through the merge goes back; what the person gained since, stays with the survivor,
    and so does every star: none is ever taken back. A child of both has its places with both.
    A tie that two persons ended meanwhile has ended for both: nobody asked whose it was.
    A child that one of the `others`, who stay merged, had as well stays with them.
    """
    if other.merged_into != survivor.id:
        raise NotMerged
    if survivor.merged_into:
        raise MergedAlready
    ended = ended_since(survivor, other)
    places = survivor.let_go(other, envelope, tuple(handed_on(survivor, other, others)))
    other.stand_alone(survivor.id, places, ended, envelope)


def ended_since(survivor: Learner, other: Learner) -> dict[UUID, FormerTie]:
    """The ties of a merged record that two persons ended while the other one spoke for it."""
    ties = survivor.guardianships
    gone = ties.gone() - survivor.gone_before[other.id]
    return {c: ties.former[c][-1] for c in gone.intersection(other.set_aside)}


def handed_on(survivor: Learner, other: Learner, others: Iterable[Learner]) -> Iterator[HandedOn]:
    """What a record brought that stands, and that others had before they were merged."""
    left = [c for c in survivor.merges[other.id].children if c in survivor.guardianships]
    for each in others:
        had = tuple(c for c in left if c in each.set_aside)
        left = [c for c in left if c not in had]
        if had:
            yield HandedOn(to=each.id, children=had)


def take_over_star(mine: Evaluation, theirs: Evaluation, envelope: Envelope) -> None:
    """Hold the star that another record of the person was awarded, where it is the higher one.

    One that was not renewed comes as that, unless a later year is known of mine: no star mends
    what a year lacked, its hours do.
    """
    if theirs.star_level <= mine.star_level:
        return
    own = {"learner_id": mine.learner_id, "stage": mine.stage, "envelope": envelope}
    mine.trigger_event(
        Evaluation.StarAwarded,
        level=theirs.star_level,
        from_day=theirs.star_since,
        taken_over_from=theirs.learner_id,
        **own,
    )
    lacked = theirs.upkeep.lacked
    if lacked is not None and lacked.school_year > mine.upkeep.school_year:
        mine.trigger_event(Evaluation.StarNotRenewed, upkeep=lacked, **own)


def handed_over(claims: Claims, sources: Iterable[UUID], to: UUID) -> dict[UUID, Claimed]:
    """What is claimed for these sources, asked of another account, in the order it was claimed."""
    wanted = frozenset(sources)
    return {
        source: readdressed(claimed, to)
        for source, claimed in claims.items()
        if claimed is not None and source in wanted
    }


def hand_over(
    giver: Account, taker: Account, sources: Collection[UUID], envelope: Envelope
) -> None:
    """Have both accounts say that these sources are the taker's: confirmed fraud goes along."""
    frauds = giver.frauds.among(sources)
    for account in (giver, taker):
        account.trigger_event(
            Account.HandedOver,
            learner_id=account.learner_id,
            from_learner_id=giver.learner_id,
            to_learner_id=taker.learner_id,
            frauds=frauds,
            envelope=envelope,
        )


def readdressed(claimed: Claimed, to: UUID) -> Claimed:
    bare = claimed.claim.bare
    entry_id = entry_id_of(to, bare.source_id)
    return claimed._replace(claim=bare.model_copy(update={"entry_id": entry_id}))


def earned_under(
    records: Collection[UUID], claims: Claims, found: Mapping[UUID, LedgerAggregate]
) -> set[UUID]:
    """The sources that are these records' own, whoever's account answers for them now.

    Each source that was found says whose it is. A line of pushes is no aggregate: its id does.
    """
    own = {key for key, each in found.items() if getattr(each, "learner_id", None) in records}
    lines = [known.claim for known in claims.values() if known and known.claim.item_ids]
    pushes = {PushRecord.create_id(each, line.term) for each in records for line in lines}
    return own.union(line_id(each, number) for each in pushes for number in range(len(claims)))


def sources_of(account: Account) -> frozenset[UUID]:
    """Every source that an account ever answered for, or that fraud was confirmed of."""
    return frozenset(account.claims.keys() | account.frauds.known.keys())


def nothing(sources: Iterable[UUID]) -> Mapping[UUID, None]:
    """The wish that nothing be claimed for these sources any more."""
    return dict.fromkeys(sources)


def doubles_of(one: Account, other: Account) -> tuple[UUID, ...]:
    """The sessions that both accounts claim hours for: one person was recorded there twice."""
    both = sessions_of(one) & sessions_of(other)
    return tuple(sorted(both))


def sessions_of(account: Account) -> frozenset[UUID]:
    claims = account.claims.values()
    return frozenset(c.claim.session_id for c in claims if c and c.claim.session_id)
