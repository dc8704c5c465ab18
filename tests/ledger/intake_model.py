"""What must be true of the intake's answers, whatever happened meanwhile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count
from uuid import UUID

from domain.attendance import AlreadyCheckedIn, ScanIdReused
from domain.identity import attendance_id
from domain.learner import UnknownLearner
from domain.refusals import Refused
from domain.session_refusals import CheckInClosed, SessionNotOpen
from ledger.check_in import CheckedIn, CheckIn
from ledger.ledger import Contended, OutcomeUnknown
from ledger.wishes import Overloaded
from tests.acting import STARTS

# Nobody knows: asking again tells.
UNKNOWN = (OutcomeUnknown, Contended, Overloaded)


@dataclass(frozen=True)
class Row:
    """A check-in as it is recorded."""

    position: int
    key: UUID
    scan_id: UUID
    at: datetime


@dataclass
class Span:
    """When something was done, by the story's own count; without end while it is not over."""

    began: int
    ended: int | None = None


@dataclass
class Asked:
    """A question, and its answer once there is one; `head` is the store's last position then.

    `is_heard`: it came to the door; it may have gone away before.
    """

    wish: CheckIn
    span: Span
    at_desk: bool = False
    poison: bool = False
    is_heard: bool = False
    answer: CheckedIn | BaseException | None = None
    head: int = 0

    @property
    def is_known(self) -> bool:
        return self.answer is not None and not isinstance(self.answer, UNKNOWN)


@dataclass
class Told:
    """All that happened: who asked what, when sessions turned, when records were merged."""

    survivor: UUID
    merged: UUID
    nobody: UUID
    asked: list[Asked] = field(default_factory=list)
    opened: dict[UUID, Span] = field(default_factory=dict)
    closed: dict[UUID, Span] = field(default_factory=dict)
    merging: Span | None = None
    faults: bool = False
    _ticks: count[int] = field(default_factory=lambda: count(1))

    def now(self) -> int:
        return next(self._ticks)

    def keys(self, wish: CheckIn) -> set[UUID]:
        """The attendances that may answer a wish: of the record, or of one of the same person."""
        one = {self.survivor, self.merged}
        learners = one if self.merging and wish.learner_id in one else {wish.learner_id}
        return {attendance_id(wish.session_id, each) for each in learners}

    def may_be_open(self, asked: Asked) -> bool:
        """Whether the session was open at some moment between question and answer."""
        opened, closed = (each.get(asked.wish.session_id) for each in (self.opened, self.closed))
        if opened is None or (asked.span.ended or opened.began) < opened.began:
            return False
        return closed is None or closed.ended is None or asked.span.began < closed.ended

    def may_be_shut(self, asked: Asked) -> bool:
        """Whether it was not open at some moment between question and answer."""
        opened, closed = (each.get(asked.wish.session_id) for each in (self.opened, self.closed))
        if opened is None or opened.ended is None or asked.span.began < opened.ended:
            return True
        return closed is not None and (asked.span.ended or closed.began) >= closed.began

    def shares_its_scan(self, asked: Asked) -> bool:
        """Whether the scan id was used for something else by the time of the answer."""
        return any(
            other.wish.scan_id == asked.wish.scan_id
            and other.span.began < (asked.span.ended or self.now())
            and not self.are_the_same(asked, other)
            for other in self.asked
        )

    def are_the_same(self, asked: Asked, other: Asked) -> bool:
        """Whether both are about one person and one session, when the one asked."""
        if asked.wish.session_id != other.wish.session_id:
            return False
        persons = {asked.wish.learner_id, other.wish.learner_id}
        merged = self.merging.ended if self.merging else None
        is_merged = merged is not None and merged < asked.span.began
        return len(persons) == 1 or (is_merged and persons == {self.survivor, self.merged})

    def is_owed(self, asked: Asked) -> bool:
        """Whether nothing could refuse it, nor hinder it: heard or not, the person is in."""
        shut = self.may_be_shut(replace(asked, span=Span(asked.span.began, self.now())))
        odd = asked.wish.learner_id == self.nobody or asked.wish.at != STARTS or asked.poison
        hindered = self.faults or odd or shut or self.shares_its_scan(asked)
        return asked.is_heard and not hindered


def judge(told: Told, rows: Sequence[Row]) -> None:
    """Raises AssertionError where an answer was not true."""
    recorded = [a.answer for a in told.asked if isinstance(a.answer, CheckedIn) and not a.at_desk]
    positions = Counter(answer.position for answer in recorded if answer.position is not None)
    assert set(positions.values()) <= {1}, "one fact was recorded for two"
    assert len({row.key for row in rows}) == len(rows)
    assert len({row.scan_id for row in rows}) == len(rows), "one scan id was used for two"
    uses = {(each.wish.scan_id, key) for each in told.asked for key in told.keys(each.wish)}
    assert {(row.scan_id, row.key) for row in rows} <= uses, "nobody asked for that"
    for asked in told.asked:
        if asked.answer is not None:
            judge_one(told, asked, rows)
        elif told.is_owed(asked):
            assert told.keys(asked.wish) & {row.key for row in rows}, "who went away is not in"


def judge_one(told: Told, asked: Asked, rows: Sequence[Row]) -> None:
    there = [row for row in rows if row.key in told.keys(asked.wish) and row.position <= asked.head]
    mine = [row for row in there if row.scan_id == asked.wish.scan_id]
    answer = asked.answer
    if isinstance(answer, CheckedIn):
        found = {(row.at, row.position) for row in mine}
        exact = answer.position is not None and not asked.at_desk
        assert (
            (answer.checked_in_at, answer.position) in found
            if exact
            else (answer.checked_in_at in {at for at, _ in found})
        ), f"{answer} is not in the store"
        assert not exact or told.may_be_open(asked)
    elif isinstance(answer, AlreadyCheckedIn):
        others = {row.at for row in there if row.scan_id != asked.wish.scan_id}
        assert answer.facts["checked_in_at"] in others, "nobody was in"
    else:
        assert answer is not None
        assert is_true(told, asked, answer), f"{answer!r} to {asked}"


def is_true(told: Told, asked: Asked, answer: BaseException) -> bool:
    """Whether a refusal was so at some moment between question and answer."""
    match answer:
        case ScanIdReused():
            so = told.shares_its_scan(asked)
        case SessionNotOpen():
            so = told.may_be_shut(asked)
        case CheckInClosed():
            so = told.may_be_open(asked) and asked.wish.at != STARTS
        case UnknownLearner():
            so = asked.wish.learner_id == told.nobody
        case Overloaded() | OutcomeUnknown() | Contended():
            so = told.faults
        case _:
            so = asked.poison and not isinstance(answer, Refused)
    return so
