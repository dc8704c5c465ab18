"""The hours of merged records: whatever is awarded, merged and parted, no hour counts twice."""

from __future__ import annotations

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from domain.account import Account
from domain.aggregate import LedgerEvent
from domain.merging import doubles_of
from domain.rules import ReversalReason
from domain.suspension import Fraud, Frauds
from tests.domain.family import RECORDS, Family, account_of, attended, merged, parted
from tests.domain.given import EVENING, RULES, by, claim

TERM_CAP = RULES.no_double_credit.term_cap_total


def test_a_grandmother_recorded_twice_at_one_session_keeps_its_hours_once() -> None:
    one, other = account_of(RECORDS[0], 1, 2), account_of(RECORDS[1], 2, 3)
    assert doubles_of(one, other) == (claim(2).session_id,)

    merged(one, other)

    assert (one.balance, other.balance) == (600, 0)
    reversals = [e for e in other.pending_events if isinstance(e, Account.CreditReversed)]
    assert {e.reason_code for e in reversals} == {ReversalReason.MERGED}
    [limited] = [e for e in one.pending_events if isinstance(e, Account.CreditLimited)]
    assert limited.limits[0].cap_ref == "no_double_credit.same_session"


def test_confirmed_fraud_goes_along_and_comes_back_with_its_sources() -> None:
    one, other = account_of(RECORDS[0], 1, 2), account_of(RECORDS[1], 3, 4)
    mine, theirs = attended(RECORDS[0], 1), attended(RECORDS[1], 3)
    one.reverse(mine.entry_id, ReversalReason.FRAUD_CONFIRMED, by())
    other.reverse(theirs.entry_id, ReversalReason.FRAUD_CONFIRMED, by())

    merged(one, other)
    assert one.frauds.known.keys() == {mine.source_id, theirs.source_id}
    assert other.frauds == Frauds()

    parted(one, other, [theirs.source_id, attended(RECORDS[1], 4).source_id])
    assert one.frauds.known.keys() == {mine.source_id}
    assert other.frauds.known == {theirs.source_id: Fraud.of(theirs, EVENING)}


def test_both_accounts_say_so_though_nothing_moves() -> None:
    """An award that is decided meanwhile would not meet the merge otherwise."""
    one, other = account_of(RECORDS[0]), account_of(RECORDS[1])
    merged(one, other)
    for each in (one, other):
        [_, said] = each.pending_events
        assert isinstance(said, Account.HandedOver)
        assert (said.from_learner_id, said.to_learner_id) == (RECORDS[1], RECORDS[0])
        assert said.frauds == ()


def test_caps_run_again_for_the_term() -> None:
    evenings = TERM_CAP // 200
    one = account_of(RECORDS[0], *range(evenings))
    other = account_of(RECORDS[1], *range(evenings, evenings + 2))
    merged(one, other)
    assert one.balance == TERM_CAP
    parted(one, other, [attended(RECORDS[1], evenings + each).source_id for each in (0, 1)])
    assert (one.balance, other.balance) == (TERM_CAP, 400)


Step = tuple[str, int, int]
EARNED = ("attend", "make_up", "study", "push", "correct", "void")
STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(EARNED), st.integers(0, 2), st.integers(0, 12)),
        st.tuples(st.sampled_from(["merge", "unmerge"]), st.integers(0, 2), st.integers(0, 2)),
    ),
    max_size=30,
)


def take(family: Family, step: Step) -> None:
    kind, one, other = step
    match kind:
        case "attend":
            family.attend(one, other, course=other)
        case "make_up":
            family.attend(one, other, course=other + 1)
        case "study":
            family.study(one, other)
        case "push":
            family.answer(one, first=other)
        case "correct" | "void":
            family.correct(one, other, hours=100 if kind == "correct" else 0)
        case "merge" if one != other and not {one, other} & family.into.keys():
            family.merge(one, other)
        case "unmerge" if family.into.get(other) == one and one not in family.into:
            family.unmerge(one, other)
        case _:
            pass


@given(STEPS)
def test_whatever_is_awarded_merged_and_parted_no_hour_counts_twice(steps: list[Step]) -> None:
    family = Family()
    for step in steps:
        take(family, step)
        for number, account in enumerate(family.accounts):
            holds(account, is_merged=number in family.into)


@given(STEPS)
def test_once_all_are_parted_each_has_what_it_had_if_nobody_had_been_merged(
    steps: list[Step],
) -> None:
    family = Family()
    for step in steps:
        take(family, step)
    family.unmerge_all()
    for account, alone in zip(family.accounts, family.alone, strict=True):
        assert hours_of(account) == hours_of(alone)


def hours_of(account: Account) -> dict[UUID, int]:
    return {credit.source_id: credit.hours for credit in account.standing}


def holds(account: Account, *, is_merged: bool) -> None:
    sessions = [credit.session_id for credit in account.standing if credit.session_id]
    assert len(sessions) == len(set(sessions))
    items = [item for credit in account.standing for item in credit.item_ids]
    assert len(items) == len(set(items))
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
