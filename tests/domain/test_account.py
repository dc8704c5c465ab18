"""An account: every hour once, every limit noted, every reversal whole."""

from __future__ import annotations

from datetime import timedelta
from uuid import NAMESPACE_OID, UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.account import Account, entry_id_of
from domain.credit_refusals import (
    CreditAlreadyHeld,
    CreditAlreadyReversed,
    CreditNotHeld,
    UnknownCredit,
)
from domain.crediting import CreditClaim, Grant
from domain.rules import ReversalReason
from tests.domain.given import ACCOUNT, CHEN, EVENING, RULES, account, by, claim, history, news
from tests.domain.refusing import refused

CASE, OTHER_CASE = (uuid5(NAMESPACE_OID, name) for name in ("case", "other case"))


def test_an_account_belongs_to_one_learner() -> None:
    [opened] = news(Account(learner_id=CHEN, envelope=by()))
    assert isinstance(opened, Account.Opened)
    assert (opened.originator_id, opened.learner_id) == (ACCOUNT, CHEN)


def test_an_award_says_which_session_and_which_rules() -> None:
    own = account()

    assert own.award(claim(), RULES, by()) == Grant(200)

    [awarded] = news(own)
    assert isinstance(awarded, Account.CreditAwarded)
    assert awarded.credit.session_id == claim().session_id
    assert (awarded.credit.hours, awarded.credit.face_to_face) == (200, True)
    assert awarded.credit.rulebook_version == awarded.envelope.rulebook_version == "2026.1"
    assert own.balance == 200


def test_an_entry_is_answered_once_however_often_it_is_asked() -> None:
    own = account(claim())
    assert own.award(claim(), RULES, by()) == Grant(200)
    assert news(own) == []


def test_a_source_is_answered_once_whichever_entry_asks() -> None:
    """Its claim was corrected meanwhile, or its entry counts another generation."""
    limited = claim(1, course_id=claim().course_id)
    own = account(claim(), limited)

    assert own.award(claim(generation=1, hours=400), RULES, by()) == Grant(200)
    assert own.award(limited.model_copy(update={"entry_id": UUID(int=7)}), RULES, by()).hours == 0

    assert news(own) == []
    assert {source: known and known.claim.hours for source, known in own.claims.items()} == {
        claim().source_id: 200, limited.source_id: 200,
    }  # fmt: skip


def test_one_session_is_one_credit_however_many_children() -> None:
    own = account(claim())
    second_child = claim().model_copy(update={"entry_id": UUID(int=7), "source_id": UUID(int=8)})
    assert own.award(second_child, RULES, by()).hours == 0
    assert own.balance == 200


def test_what_a_cap_takes_is_noted_beside_the_award() -> None:
    own = account()

    own.award(claim(hours=500), RULES, by())

    awarded, limited = news(own)
    assert isinstance(awarded, Account.CreditAwarded)
    assert isinstance(limited, Account.CreditLimited)
    assert awarded.credit.hours == limited.limits[-1].awarded == 400
    assert limited.claim.hours == limited.limits[0].would_be == 500


def test_six_hours_of_micro_class_are_four_and_two_limits() -> None:
    own = account()
    for number in range(6):
        own.award(claim(number, mode="micro_class", hours=100, class_hours=100), RULES, by())

    found = news(own)
    assert own.balance == 400
    assert sum(isinstance(fact, Account.CreditAwarded) for fact in found) == 4
    assert sum(isinstance(fact, Account.CreditLimited) for fact in found) == 2


def test_a_claim_that_a_cap_refused_is_not_asked_again() -> None:
    used_up = [claim(n, mode="theme_activity", hours=400) for n in (1, 2)]
    refused = claim(3, mode="theme_activity")
    own = account(*used_up, refused)
    assert own.award(refused, RULES, by()).hours == 0
    assert news(own) == []


def test_a_claim_for_nothing_leaves_no_trace() -> None:
    own = account()
    assert own.award(claim(hours=0), RULES, by()) == Grant(0)
    assert news(own) == []


def test_a_longer_session_takes_the_place_of_a_shorter_one() -> None:
    own = account(claim(1))
    longer = claim(
        begins_at=claim(1).begins_at, ends_at=claim(1).ends_at + timedelta(minutes=40), hours=300
    )

    own.award(longer, RULES, by())

    taken_back, awarded = news(own)
    assert isinstance(taken_back, Account.CreditReversed)
    assert isinstance(awarded, Account.CreditAwarded)
    assert (taken_back.entry_id, taken_back.replaced_by) == (claim(1).entry_id, longer.entry_id)
    assert taken_back.reason_code is ReversalReason.DUPLICATE
    assert taken_back.envelope.rulebook_version == RULES.version
    assert own.balance == 300


@pytest.mark.parametrize("reason", ReversalReason)
def test_a_reversal_is_whole_and_says_why(reason: ReversalReason) -> None:
    own = account(claim())

    own.reverse(claim().entry_id, reason, by())

    [taken_back] = news(own)
    assert isinstance(taken_back, Account.CreditReversed)
    assert (taken_back.hours, taken_back.reason_code) == (-200, reason)
    assert (taken_back.school_year, taken_back.term) == (2026, "2026-1")
    assert (own.balance, own.standing) == (0, ())


def test_a_reversal_happens_once() -> None:
    own = account(claim())
    own.reverse(claim().entry_id, ReversalReason.NOT_PRESENT, by())
    own.collect_events()
    with refused(CreditAlreadyReversed, entry_id=claim().entry_id):
        own.reverse(claim().entry_id, ReversalReason.NOT_PRESENT, by())
    assert news(own) == []


def test_what_was_never_credited_is_not_taken_back() -> None:
    own = account()
    with refused(UnknownCredit, entry_id=claim().entry_id):
        own.reverse(claim().entry_id, ReversalReason.ENTRY_ERROR, by())
    assert news(own) == []


def test_after_a_reversal_the_same_source_counts_as_its_next_generation() -> None:
    own = account(claim())
    own.reverse(claim().entry_id, ReversalReason.ENTRY_ERROR, by())
    own.collect_events()

    assert own.award(claim(), RULES, by()) == Grant(200)  # an old question: the old answer
    assert news(own) == []
    assert own.award(claim(generation=1, hours=100), RULES, by()) == Grant(100)
    assert own.balance == 100


def test_what_is_held_stays_in_the_balance_and_is_shown_apart() -> None:
    own = account(claim(0), claim(1))

    own.hold((claim(0).entry_id,), CASE, by())

    [held] = news(own)
    assert isinstance(held, Account.CreditHeld)
    assert (own.balance, own.held_hours) == (400, 200)

    own.release((claim(0).entry_id,), CASE, by())

    [released] = news(own)
    assert isinstance(released, Account.CreditReleased)
    assert (own.balance, own.held_hours) == (400, 0)


def test_a_credit_is_held_for_one_case_and_released_by_it() -> None:
    own = account(claim())
    own.hold((claim().entry_id,), CASE, by())
    own.collect_events()
    with refused(CreditAlreadyHeld, entry_id=claim().entry_id):
        own.hold((claim().entry_id,), OTHER_CASE, by())
    with refused(CreditNotHeld, entry_id=claim().entry_id):
        own.release((claim().entry_id,), OTHER_CASE, by())
    assert news(own) == []


def test_only_what_stands_is_held() -> None:
    own = account(claim())
    with pytest.raises(UnknownCredit):
        own.hold((claim().entry_id, claim(1).entry_id), CASE, by())
    own.hold((claim().entry_id,), CASE, by())
    own.reverse(claim().entry_id, ReversalReason.FRAUD_CONFIRMED, by())
    assert own.held_hours == 0
    with pytest.raises(CreditAlreadyReversed):
        own.hold((claim().entry_id,), CASE, by())


def test_totals_are_asked_by_school_year_and_stage() -> None:
    own = account(
        claim(0),
        claim(1, stage="junior"),
        claim(2, school_year=2027, term="2027-1", mode="micro_class"),
    )
    assert own.totals().hours == 600
    assert own.totals(school_year=2026).hours == 400
    assert own.totals(stage="primary").hours == 400
    assert own.totals(school_year=2027, stage="primary").online == 200


def test_an_account_comes_back_from_its_history() -> None:
    own = Account(learner_id=CHEN, envelope=by())
    for number in range(3):
        own.award(claim(number, hours=500), RULES, by())
    own.reverse(claim(0).entry_id, ReversalReason.MERGED, by())
    own.hold((claim(1).entry_id, claim(2).entry_id), CASE, by())
    own.release((claim(2).entry_id,), CASE, by())

    again = history(news(own))

    assert isinstance(again, Account)
    assert again.standing == own.standing
    assert (again.balance, again.held_hours) == (own.balance, own.held_hours) == (800, 400)
    assert again.award(claim(0), RULES, by()) == own.award(claim(0), RULES, by())


def test_an_entry_is_made_of_account_source_and_generation() -> None:
    source_id = claim().source_id
    ids = {entry_id_of(ACCOUNT, source_id), entry_id_of(ACCOUNT, source_id, 1)}
    assert entry_id_of(ACCOUNT, source_id, 0) in ids
    assert len(ids) == 2


claims = st.builds(
    claim,
    number=st.integers(0, 6),
    mode=st.sampled_from(["on_site", "theme_activity", "micro_class"]),
    hours=st.sampled_from([0, 50, 200, 400, 450]),
    begins_at=st.integers(0, 6).map(lambda hours: EVENING + timedelta(hours=hours)),
)


@given(asked=st.lists(claims, max_size=12))
def test_whatever_is_asked_the_limits_hold(asked: list[CreditClaim]) -> None:
    own = account(*asked, *asked)
    credits = own.standing
    assert len({credit.session_id for credit in credits}) == len(credits)
    assert len({credit.course_id for credit in credits}) == len(credits)
    assert all(a is b or not a.overlaps(b) for a in credits for b in credits)
    assert own.balance <= RULES.no_double_credit.term_cap_total
    for mode, rule in RULES.modes.items():
        of_mode = sum(credit.hours for credit in credits if credit.mode == mode)
        assert rule.cap_per_term is None or of_mode <= rule.cap_per_term
