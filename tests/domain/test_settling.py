"""Settling: what changes is reversed whole and awarded again; what does not change stands."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from domain.account import Account
from domain.aggregate import LedgerEvent
from domain.crediting import CreditClaim, Limit
from domain.identity import derived
from domain.rulebook import Rulebook
from domain.rules import ReversalReason
from domain.settling import OVERLAPPING, SAME_SESSION, Claimed
from tests.domain.given import ACCOUNT, CHEN, EVENING, RULES, account, by, claim, history, news

SAYS = ReversalReason.ENTRY_ERROR


def rules(version: str) -> Rulebook:
    return {RULES.version: RULES}[version]


def settled(own: Account, *changes: CreditClaim, gone: tuple[CreditClaim, ...] = ()) -> None:
    asked = {each.source_id: Claimed(each, RULES.version) for each in changes}
    own.settle(asked | {each.source_id: None for each in gone}, rules, SAYS, by())


def kinds(found: list[LedgerEvent]) -> list[str]:
    return [type(fact).__name__ for fact in found]


def test_a_corrected_claim_is_reversed_whole_and_awarded_again() -> None:
    own = account(claim())

    settled(own, claim(generation=1, hours=100, minutes=45))

    taken, given_again = news(own)
    assert isinstance(taken, Account.CreditReversed)
    assert isinstance(given_again, Account.CreditAwarded)
    assert (taken.entry_id, taken.hours, taken.reason_code) == (claim().entry_id, -200, SAYS)
    assert taken.replaced_by == given_again.credit.entry_id == claim(generation=1).entry_id
    assert given_again.credit.hours == own.balance == 100


def test_what_says_the_same_is_no_news() -> None:
    own = account(claim(), claim(1))
    settled(own, claim(generation=1))
    assert news(own) == []


def test_a_claim_that_is_gone_takes_its_credit_with_it() -> None:
    own = account(claim())

    settled(own, gone=(claim(),))
    settled(own, gone=(claim(),))

    [taken] = news(own)
    assert isinstance(taken, Account.CreditReversed)
    assert taken.replaced_by is None
    assert own.balance == 0


def test_a_limited_claim_that_is_gone_is_noted_though_no_hour_moves() -> None:
    own = account(claim(), claim(1, course_id=claim().course_id))
    second = claim(1, course_id=claim().course_id)

    settled(own, gone=(second,))
    settled(own, gone=(claim(),))

    assert kinds(news(own)) == ["ClaimWithdrawn", "CreditReversed"]
    assert own.balance == 0  # the second does not come back


def test_a_claim_that_was_limited_comes_up_when_its_rival_is_gone() -> None:
    second = claim(1, course_id=claim().course_id)
    own = account(claim(), second)
    assert own.balance == 200

    settled(own, gone=(claim(),))

    taken, awarded = news(own)
    assert isinstance(taken, Account.CreditReversed)
    assert isinstance(awarded, Account.CreditAwarded)
    assert awarded.credit.source_id == second.source_id
    # The first entry was answered with nothing; the next one is of the source's second turn.
    assert awarded.credit.entry_id == derived("credit", ACCOUNT, second.source_id, "settled", 1)
    assert own.balance == 200


def test_room_under_a_cap_is_filled_in_the_old_order() -> None:
    micro = [claim(n, mode="micro_class", hours=100, class_hours=100) for n in range(6)]
    own = account(*micro)
    assert own.balance == 400

    settled(own, gone=(micro[0],))

    assert {credit.source_id for credit in own.standing} == {each.source_id for each in micro[1:5]}
    assert own.balance == 400


def test_only_what_the_order_names_is_reversed_for_its_reason() -> None:
    """Room that fraud leaves under a cap gives another line more: that one was honest."""
    caught, other, cut = (claim(n, mode="theme_activity", hours=300) for n in range(3))
    own = account(caught, other, cut)

    own.settle({caught.source_id: None}, rules, ReversalReason.FRAUD_CONFIRMED, by())

    taken = [fact for fact in news(own) if isinstance(fact, Account.CreditReversed)]
    assert [(fact.entry_id, fact.hours, fact.reason_code) for fact in taken] == [
        (caught.entry_id, -300, ReversalReason.FRAUD_CONFIRMED),
        (cut.entry_id, -200, ReversalReason.RE_EVALUATED),
    ]
    assert set(own.frauds.known) == {caught.source_id}
    assert own.balance == 600


def test_the_shorter_session_comes_back_when_the_longer_one_is_voided() -> None:
    shorter = claim(0)
    longer = claim(1, begins_at=EVENING, ends_at=EVENING + timedelta(minutes=120), hours=300)
    own = account(shorter, longer)
    assert [credit.source_id for credit in own.standing] == [longer.source_id]

    settled(own, gone=(longer,))

    assert [credit.source_id for credit in own.standing] == [shorter.source_id]
    assert own.balance == 200


def test_a_claim_that_grows_longer_takes_the_place_of_the_shorter_one() -> None:
    first = claim(0)
    second = claim(1, begins_at=EVENING + timedelta(minutes=81))
    own = account(first, second)
    assert own.balance == 400
    longer = second.model_copy(
        update={"begins_at": EVENING + timedelta(minutes=30), "ends_at": second.ends_at}
    )

    settled(own, longer)

    found = news(own)
    assert kinds(found) == ["CreditReversed", "CreditReversed", "CreditLimited", "CreditAwarded"]
    limited = found[2]
    assert isinstance(limited, Account.CreditLimited)
    assert limited.limits == (Limit(cap_ref=OVERLAPPING, would_be=200, awarded=0),)
    awarded = found[3]
    assert isinstance(awarded, Account.CreditAwarded)
    assert {f.replaced_by for f in found if isinstance(f, Account.CreditReversed)} == {
        awarded.credit.entry_id
    }


def test_a_longer_session_that_did_not_change_is_named_as_the_successor() -> None:
    first, longer = claim(0), claim(1, ends_at=EVENING + timedelta(days=1, minutes=120))
    own = account(first, longer)
    moved = claim(0, generation=1, begins_at=longer.begins_at, minutes=60)

    settled(own, moved)

    taken = news(own)[0]
    assert isinstance(taken, Account.CreditReversed)
    assert taken.replaced_by == longer.entry_id
    assert own.balance == 200


def test_what_was_held_is_held_again_under_its_new_entry() -> None:
    own = account(claim())
    case = UUID(int=5)
    own.hold((claim().entry_id,), case, by())

    settled(own, claim(generation=1, hours=100))
    assert own.held == {claim(generation=1).entry_id: case}

    settled(own, claim(generation=2, hours=0, minutes=1))
    assert own.held_hours == 0


def test_what_was_held_and_outlasted_is_held_again_when_it_comes_back() -> None:
    """The case is open all the while: it ends, and the line counts whatever comes of it."""
    case, own = UUID(int=5), account(claim())
    longer = claim(1, begins_at=EVENING, ends_at=EVENING + timedelta(minutes=120), hours=300)
    own.hold((claim().entry_id,), case, by())
    own.award(longer, RULES, by())
    assert (own.balance, own.held_hours) == (300, 0)

    settled(own, gone=(longer,))
    assert (own.balance, own.held_hours) == (200, 200)

    settled(own, gone=(claim(),))
    own.release(tuple(own.held), case, by())
    settled(own, claim(generation=1))
    assert (own.balance, own.held_hours) == (200, 0)


def test_a_source_that_comes_anew_is_answered_last() -> None:
    own = account(*(claim(number, mode="micro_class", hours=200) for number in range(2)))
    settled(own, claim(2, mode="micro_class", hours=200))
    assert kinds(news(own)) == ["CreditLimited"]


def test_a_limited_claim_corrected_to_nothing_never_comes_back() -> None:
    second = claim(1, course_id=claim().course_id)
    own = account(claim(), second)

    settled(own, second.model_copy(update={"hours": 0}))
    settled(own, gone=(claim(),))

    assert own.balance == 0


@given(
    st.lists(
        st.tuples(st.integers(0, 5), st.sampled_from([0, 50, 100, 200]), st.booleans()), max_size=12
    )
)
def test_settling_keeps_every_promise(steps: list[tuple[int, int, bool]]) -> None:
    own = Account(learner_id=CHEN, envelope=by())
    for number, (source, hours, gone) in enumerate(steps):
        asked = claim(source, generation=number, mode="micro_class", hours=hours)
        settled(own, *(() if gone else (asked,)), gone=(asked,) if gone else ())
        asked_for = sum(known.claim.hours for known in own.claims.values() if known)
        assert own.balance == min(asked_for, 400)
        assert len({credit.source_id for credit in own.standing}) == len(own.standing)
    again = history(news(own))
    assert isinstance(again, Account)
    assert (again.claims, again.credits, again.turns) == (own.claims, own.credits, own.turns)


def test_what_a_better_part_in_the_same_session_outlasts_says_so() -> None:
    seat = claim()
    talk = claim(1, session_id=seat.session_id, mode="parent_lecturer", hours=400)
    own = account()

    settled(own, seat, talk)

    limited = [fact for fact in news(own) if isinstance(fact, Account.CreditLimited)]
    [(entry_id, limits)] = [(fact.claim.source_id, fact.limits) for fact in limited]
    assert entry_id == seat.source_id
    assert limits == (Limit(cap_ref=SAME_SESSION, would_be=200, awarded=0),)
    assert own.balance == 400


def test_what_was_limited_or_outlasted_and_is_asked_again_is_no_news() -> None:
    again = claim(1, course_id=claim().course_id)
    shorter = claim(9)
    longer = claim(8, begins_at=shorter.begins_at, ends_at=shorter.ends_at + timedelta(minutes=9))
    own = account(claim(), again, shorter, longer)
    settled(own, claim(), again, shorter, longer)
    assert news(own) == []
