"""Right answers to pushes as claims: over all records of a person, each answer in one line."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Self
from uuid import UUID

from domain.closing import TERMS_OF_A_YEAR
from domain.earned import push_claim
from domain.learner import Learner
from domain.push import PushItem, PushRecord
from domain.right_answers import AnsweredLine, is_joint, lines_beside
from domain.settling import Claimed, Claims
from ledger.ledger import Ledger
from ledger.rulebooks import Rulebooks
from ledger.streams import Streams


class RightAnswers:
    """What persons answered right in some terms, for whoever asks for hours for it."""

    def __init__(self, ledger: Ledger, rulebooks: Rulebooks, terms: Iterable[str]) -> None:
        self._ledger = ledger
        self._rulebooks = rulebooks
        self._terms = tuple(terms)

    @classmethod
    def of_all_terms(cls, ledger: Ledger, rulebooks: Rulebooks, *learners: Learner) -> Self:
        """Those of the years in which somebody had a place: nobody else is sent a push."""
        years = sorted(
            {place.school_year for each in learners for place in each.enrolments.values()}
        )
        return cls(ledger, rulebooks, (f"{year}-{n}" for year in years for n in TERMS_OF_A_YEAR))

    def unclaimed(self, learner_ids: Collection[UUID], claims: Claims) -> list[Claimed]:
        """The lines of one person's records that are not claimed yet."""
        records = self._records(learner_ids)
        lines = [
            line
            for term in self._terms
            for line in lines_beside(
                [each for each in records if each.term == term], claims, self._rulebooks.version
            )
        ]
        return claims_of(self._ledger, lines)

    def joint_no_more(self, learner_ids: Collection[UUID], claims: Claims) -> dict[UUID, None]:
        """The lines with answers that are under none of these records, now that some are parted."""
        items = {item for each in self._records(learner_ids) for item in each.items}
        return {
            source: None
            for source, known in claims.items()
            if known and is_joint(known.claim) and not items.issuperset(known.claim.item_ids)
        }

    def _records(self, learner_ids: Collection[UUID]) -> list[PushRecord]:
        keys = [PushRecord.create_id(each, term) for term in self._terms for each in learner_ids]
        found = Streams(self._ledger.load(keys))
        records = (each for key in keys if (each := found.get(PushRecord, key)))
        return [each for each in records if each.rulebook_version is not None]


def claims_of(ledger: Ledger, lines: Sequence[AnsweredLine]) -> list[Claimed]:
    """The lines as they are asked of the account of the record that answered last."""
    items = Streams(ledger.load(item for each in lines for item in each.line.item_ids))
    plans = {item.id: item.plan for item in items.all(PushItem)}
    return [
        Claimed(
            push_claim(answers, line, [plans[key] for key in line.item_ids], rulebook),
            rulebook.version,
        )
        for answers, line, rulebook in lines
    ]
