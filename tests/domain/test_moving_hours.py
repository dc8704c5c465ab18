"""The hours of merged records: whatever is awarded, merged and parted, no hour counts twice."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import NAMESPACE_OID, UUID, uuid5

from hypothesis import given
from hypothesis import strategies as st

from domain.account import Account, entry_id_of
from domain.aggregate import LedgerEvent
from domain.crediting import CreditClaim
from domain.merging import doubles_of, handed_over, nothing, sources_of
from domain.rulebook import Rulebook
from domain.rules import ReversalReason
from tests.domain.given import RULES, by, claim

RECORDS = tuple(uuid5(NAMESPACE_OID, name) for name in ("一", "二", "三"))
TERM_CAP = RULES.no_double_credit.term_cap_total


def rules(_: str) -> Rulebook:
    return RULES


def attended(learner_id: UUID, number: int, **different: int) -> CreditClaim:
    """The evening with that number, as this record was there: a source of its own."""
    source_id = uuid5(learner_id, f"attendance {number}")
    asked = claim(number, source_id=source_id).model_copy(update=different)
    entry_id = entry_id_of(Account.create_id(learner_id), source_id)
    return asked.model_copy(update={"entry_id": entry_id})


def account_of(learner_id: UUID, *evenings: int) -> Account:
    opened = Account(learner_id=learner_id, envelope=by())
    for number in evenings:
        opened.award(attended(learner_id, number), RULES, by())
    return opened


def move(giver: Account, taker: Account, reason: ReversalReason, sources: Iterable[UUID]) -> None:
    """Every claim of these sources leaves one account and is asked of the other."""
    moved = handed_over(giver.claims, sources, taker.id)
    giver.settle(nothing(moved), rules, reason, by())
    taker.settle(moved, rules, reason, by())


def merged(survivor: Account, other: Account) -> None:
    move(other, survivor, ReversalReason.MERGED, sources_of(other))


def parted(survivor: Account, other: Account) -> None:
    move(survivor, other, ReversalReason.UNMERGED, sources_of(other))


def test_a_grandmother_recorded_twice_at_one_session_keeps_its_hours_once() -> None:
    one, other = account_of(RECORDS[0], 1, 2), account_of(RECORDS[1], 2, 3)
    assert doubles_of(one, other) == (claim(2).session_id,)

    merged(one, other)

    assert (one.balance, other.balance) == (600, 0)
    reversals = [e for e in other.pending_events if isinstance(e, Account.CreditReversed)]
    assert {e.reason_code for e in reversals} == {ReversalReason.MERGED}
    [limited] = [e for e in one.pending_events if isinstance(e, Account.CreditLimited)]
    assert limited.limits[0].cap_ref == "no_double_credit.same_session"


def test_an_account_that_was_never_opened_has_nothing_to_give() -> None:
    one = account_of(RECORDS[0], 1)
    assert sources_of(None) == frozenset()
    assert doubles_of(one, None) == ()


def test_caps_run_again_for_the_term() -> None:
    evenings = TERM_CAP // 200
    one = account_of(RECORDS[0], *range(evenings))
    other = account_of(RECORDS[1], *range(evenings, evenings + 2))
    merged(one, other)
    assert one.balance == TERM_CAP
    parted(one, other)
    assert (one.balance, other.balance) == (TERM_CAP, 400)


Step = tuple[str, int, int]
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("award"), st.integers(0, 2), st.integers(0, 12)),
        st.tuples(st.sampled_from(["merge", "unmerge"]), st.integers(0, 2), st.integers(0, 2)),
    ),
    max_size=30,
)


class Family:
    """Three records, and which of them speaks for which: a model of ten lines."""

    def __init__(self) -> None:
        self.accounts = [account_of(record) for record in RECORDS]
        self.into: dict[int, int] = {}

    def speaker(self, record: int) -> int:
        return self.speaker(self.into[record]) if record in self.into else record

    def take(self, step: Step) -> None:
        kind, one, other = step
        if kind == "award":
            self.award(one, other)
        elif kind == "merge" and one != other and not {one, other} & self.into.keys():
            self.merge(one, other)
        elif kind == "unmerge" and self.into.get(other) == one and one not in self.into:
            del self.into[other]
            parted(self.accounts[one], self.accounts[other])

    def award(self, record: int, evening: int) -> None:
        asked = attended(RECORDS[record], evening, hours=50 * (1 + evening % 8))
        account = self.accounts[self.speaker(record)]
        entry_id = entry_id_of(account.id, asked.source_id)
        if account.claims.get(asked.source_id) is None:
            account.award(asked.model_copy(update={"entry_id": entry_id}), RULES, by())

    def merge(self, one: int, other: int) -> None:
        before = [account.balance for account in self.accounts]
        merged(self.accounts[one], self.accounts[other])
        parted(self.accounts[one], self.accounts[other])
        assert [account.balance for account in self.accounts] == before
        merged(self.accounts[one], self.accounts[other])
        self.into[other] = one


@given(STEPS)
def test_whatever_is_awarded_merged_and_parted_no_hour_counts_twice(steps: list[Step]) -> None:
    family = Family()
    for step in steps:
        family.take(step)
        for number, account in enumerate(family.accounts):
            holds(account, is_merged=number in family.into)


def holds(account: Account, *, is_merged: bool) -> None:
    sessions = [credit.session_id for credit in account.standing]
    assert len(sessions) == len(set(sessions))
    assert account.balance == sum(line_of(event) for event in account.pending_events)
    assert account.balance <= TERM_CAP
    assert not (is_merged and account.balance)
    cap = RULES.modes["on_site"].cap_per_day
    days = {credit.day for credit in account.standing}
    for day in days:
        of_day = sum(credit.hours for credit in account.standing if credit.day == day)
        assert cap is None or of_day <= cap


def line_of(event: object) -> int:
    """What a line adds to the balance."""
    assert isinstance(event, LedgerEvent)
    match event:
        case Account.CreditAwarded(credit=credit):
            return credit.hours
        case Account.CreditReversed(hours=hours):
            return hours
        case _:
            return 0
