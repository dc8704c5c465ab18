"""Three records of perhaps one person: what each earns, and whose account answers for it now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from domain.account import Account, entry_id_of
from domain.aggregate import LedgerAggregate
from domain.attendance import Attendance
from domain.crediting import CreditClaim
from domain.earned import micro_class_claim, push_claim
from domain.merging import earned_under, hand_over, handed_over, nothing, readdressed, sources_of
from domain.push import PushRecord, push_lines
from domain.rulebook import Rulebook
from domain.rules import ReversalReason
from domain.settling import Claimed
from domain.studying import Achieved, MicroClassCompletion
from tests.domain.given import EVENING, RULES, by, claim
from tests.domain.studies import micro_class, push, somebody

RECORDS = tuple(uuid5(NAMESPACE_OID, name) for name in ("一", "二", "三"))
TERM = "2026-1"
FIGURES = Achieved(watched_percent=100, checks_asked=6, checks_answered=6, quiz_percent=100)


def rules(_: str) -> Rulebook:
    return RULES


def attendance(learner_id: UUID, number: int) -> Attendance:
    session_id = claim(number).session_id
    assert session_id
    return Attendance(
        session_id=session_id, learner_id=learner_id, school_code="4401040001", child_ids=(),
        scan_id=somebody(number), envelope=by(),
    )  # fmt: skip


def attended(learner_id: UUID, number: int, **different: Any) -> CreditClaim:
    """The evening with that number, as this record was there: a source of its own."""
    source_id = attendance(learner_id, number).id
    entry_id = entry_id_of(Account.create_id(learner_id), source_id)
    asked = claim(number, source_id=source_id, **different)
    return asked.model_copy(update={"entry_id": entry_id})


def account_of(learner_id: UUID, *evenings: int) -> Account:
    opened = Account(learner_id=learner_id, envelope=by())
    for number in evenings:
        opened.award(attended(learner_id, number), RULES, by())
    return opened


def move(giver: Account, taker: Account, reason: ReversalReason, sources: Iterable[UUID]) -> None:
    """Every claim of these sources leaves one account and is asked of the other."""
    sources = frozenset(sources)
    hand_over(giver, taker, sources, by())
    moved = handed_over(giver.claims, sources, taker.id)
    giver.settle(nothing(moved), rules, reason, by())
    taker.settle(moved, rules, reason, by())


def merged(survivor: Account, other: Account) -> None:
    move(other, survivor, ReversalReason.MERGED, sources_of(other))


def parted(survivor: Account, other: Account, sources: Iterable[UUID]) -> None:
    move(survivor, other, ReversalReason.UNMERGED, sources)


class Family:
    """Which record speaks for which; and beside it, what each had if nobody had been merged."""

    def __init__(self) -> None:
        self.accounts = [account_of(record) for record in RECORDS]
        self.alone = [account_of(record) for record in RECORDS]
        self.answers = [PushRecord(learner_id=each, term=TERM, envelope=by()) for each in RECORDS]
        self.into: dict[int, int] = {}
        self.sources: dict[UUID, LedgerAggregate] = {}

    def speaker(self, record: int) -> int:
        return self.speaker(self.into[record]) if record in self.into else record

    def spoken_for(self, record: int) -> set[int]:
        """The record, and all that were merged into it."""
        return {each for each in range(len(RECORDS)) if record in self._line(each)}

    def attend(self, record: int, evening: int, course: int) -> None:
        """Two evenings overlap, the second one being longer; a make-up is of another course."""
        begins_at = EVENING + timedelta(days=evening // 2)
        found = attendance(RECORDS[record], evening)
        asked = attended(
            RECORDS[record], evening, begins_at=begins_at, hours=50 * (1 + evening % 8),
            ends_at=begins_at + timedelta(minutes=80 + evening % 2),
            course_id=claim(course).course_id,
        )  # fmt: skip
        if found.id not in self.sources:
            self.sources[found.id] = found
            self._award(record, asked)

    def study(self, record: int, number: int) -> None:
        """A micro-class, of the course of some evening."""
        made = micro_class(title=f"微课{number}", course_id=claim(number).course_id)
        done = MicroClassCompletion.record(made, RECORDS[record], (2026, TERM), FIGURES, by())
        if done.id not in self.sources:
            self.sources[done.id] = done
            self._award(record, micro_class_claim(made.plan, done, RULES))

    def answer(self, record: int, first: int) -> None:
        """Five pushes; some of them may have been answered before, here or elsewhere."""
        own, items = self.answers[record], {each.id: each for each in map(push, range(20))}
        for item in list(items.values())[first : first + 5]:
            own.answer(item, 0, TERM, by())
        for line in push_lines(list(own.items), 10, RULES.units.award_step):
            plans = [items[key].plan for key in line.item_ids]
            self._award(record, push_claim(own, line, plans, RULES))

    def correct(self, record: int, evening: int, hours: int) -> None:
        """An attendance that was awarded is worth something else, or nothing."""
        source = attendance(RECORDS[record], evening).id
        for account in (self.accounts[self.speaker(record)], self.alone[record]):
            if known := account.claims.get(source):
                bare = known.claim.bare.model_copy(update={"hours": hours})
                asked = readdressed(Claimed(bare, RULES.version), account.id)
                account.settle({source: asked}, rules, ReversalReason.ENTRY_ERROR, by())

    def merge(self, one: int, other: int) -> None:
        merged(self.accounts[one], self.accounts[other])
        self.into[other] = one

    def unmerge(self, one: int, other: int) -> None:
        records = [RECORDS[each] for each in self.spoken_for(other)]
        known = self.accounts[one].claims
        found = {key: each for key, each in self.sources.items() if key in known}
        parted(self.accounts[one], self.accounts[other], earned_under(records, known, found))
        del self.into[other]

    def unmerge_all(self) -> None:
        """The last merge of a chain first."""
        while self.into:
            for other, one in list(self.into.items()):
                if one not in self.into:
                    self.unmerge(one, other)

    def _line(self, record: int) -> list[int]:
        """The record, and those that speak for it."""
        above = self._line(self.into[record]) if record in self.into else []
        return [record, *above]

    def _award(self, record: int, asked: CreditClaim) -> None:
        for account in (self.accounts[self.speaker(record)], self.alone[record]):
            claimed = readdressed(Claimed(asked, RULES.version), account.id)
            if asked.source_id not in account.claims:
                account.award(claimed.claim, RULES, by())
