"""What a merge hands from one record to the other: a higher star, and claims by source."""

from __future__ import annotations

from uuid import UUID, uuid4

from domain.account import Account, entry_id_of
from domain.earned import line_id
from domain.evaluation import Evaluation
from domain.merging import doubles_of, earned_under, handed_over, sessions_of, take_over_star
from domain.push import PushRecord
from domain.rules import ReversalReason
from domain.settling import Claimed
from tests.domain.family import attendance
from tests.domain.given import (
    CHEN,
    LIN,
    RULES,
    TERM_CLOSE,
    a_full_year,
    account,
    by,
    claim,
    news,
    record,
    ruled,
)
from tests.domain.sessions import scheduled
from tests.domain.test_evaluation import COMPLETE, evaluation
from tests.domain.test_upkeep import YEARS

OTHER = Account.create_id(LIN)


def another(stage: str = "primary") -> Evaluation:
    made = Evaluation(learner_id=LIN, stage=stage, envelope=by())
    news(made)
    return made


def starred() -> Evaluation:
    """A star, awarded at the close of the term."""
    return evaluation(COMPLETE)


def test_the_star_of_a_merged_record_is_held_from_its_own_day() -> None:
    mine = another()
    take_over_star(mine, starred(), by(LIN))

    [awarded] = news(mine)

    assert isinstance(awarded, Evaluation.StarAwarded)
    assert (awarded.learner_id, awarded.stage, awarded.level) == (LIN, "primary", 1)
    assert (awarded.from_day, awarded.taken_over_from) == (TERM_CLOSE, CHEN)
    assert awarded.envelope == by(LIN)
    assert (mine.star_level, mine.star_since, mine.not_renewed_in) == (1, TERM_CLOSE, None)


def test_a_star_that_is_as_high_is_no_news() -> None:
    mine = another()
    for _ in range(2):
        take_over_star(mine, starred(), by())
    assert len(news(mine)) == 1


def test_a_star_that_was_not_renewed_comes_as_that() -> None:
    theirs, mine = starred(), another()
    theirs.close_year(record(enrolment=YEARS), RULES, 2027, by())

    take_over_star(mine, theirs, by())

    _, lapsed = news(mine)
    assert isinstance(lapsed, Evaluation.StarNotRenewed)
    assert (lapsed.learner_id, lapsed.stage) == (LIN, "primary")
    assert lapsed.upkeep == theirs.upkeep.lacked
    assert mine.not_renewed_in == 2027


def a_higher_one(lapsed_in: int | None = None) -> Evaluation:
    """Two stars, not renewed for want of the hours of a school year."""
    theirs = starred()
    if lapsed_in:
        theirs.close_year(record(enrolment=YEARS), RULES, lapsed_in, by())
    theirs._star_awarded(
        learner_id=CHEN, stage="primary", level=2, from_day=TERM_CLOSE, envelope=by()
    )
    return theirs


def test_my_later_word_on_the_upkeep_stays_with_the_star_that_is_taken_over() -> None:
    """Mine lapsed in 2028, theirs the year before: the hours of 2027 renew nothing any more."""
    mine = starred()
    mine.close_year(record(enrolment=YEARS), RULES, 2028, by())

    take_over_star(mine, a_higher_one(lapsed_in=2027), by())
    assert (mine.star_level, mine.not_renewed_in) == (2, 2028)

    mine.evaluate(record(*a_full_year(2027), enrolment=YEARS), ruled(2027), by())
    assert mine.not_renewed_in == 2028


def test_my_hours_of_their_year_had_renewed_mine() -> None:
    mine = starred()
    mine.close_year(record(enrolment=YEARS), RULES, 2027, by())
    mine.evaluate(record(*a_full_year(2027), enrolment=YEARS), ruled(2027), by())

    take_over_star(mine, a_higher_one(lapsed_in=2027), by())

    assert (mine.star_level, mine.not_renewed_in) == (2, None)


def test_their_later_word_on_the_upkeep_comes_in_the_place_of_mine() -> None:
    mine = starred()
    mine.close_year(record(enrolment=YEARS), RULES, 2027, by())
    take_over_star(mine, a_higher_one(lapsed_in=2028), by())
    assert mine.not_renewed_in == 2028


def test_my_star_that_was_not_renewed_waits_for_the_hours_of_both_records() -> None:
    """A higher star mends no year: its hours do, and theirs are mine now."""
    mine = starred()
    mine.close_year(record(enrolment=YEARS), RULES, 2027, by())

    take_over_star(mine, a_higher_one(), by())
    assert (mine.star_level, mine.not_renewed_in) == (2, 2027)

    mine.evaluate(record(*a_full_year(2027), enrolment=YEARS), ruled(2027), by())
    assert mine.not_renewed_in is None


def test_claims_are_handed_over_in_their_order_and_ask_under_entries_of_the_taker() -> None:
    own = account(claim(), claim(1), claim(2))
    own.settle({claim(1).source_id: None}, lambda _: RULES, ReversalReason.MERGED, by())
    wanted = [claim(2).source_id, claim(1).source_id, claim(0).source_id]

    moved = handed_over(own.claims, wanted, OTHER)

    assert moved == {
        each.source_id: Claimed(
            each.model_copy(update={"entry_id": entry_id_of(OTHER, each.source_id)}), RULES.version
        )
        for each in (claim(0), claim(2))
    }
    assert list(moved) == [claim(0).source_id, claim(2).source_id]


def test_two_records_were_at_the_same_sessions() -> None:
    """What has no session, or is claimed no more, was nowhere."""
    nowhere = claim(5, session_id=None)
    one, other = account(claim(), claim(1), nowhere), account(claim(1), claim(), nowhere)
    one.settle({claim().source_id: None}, lambda _: RULES, ReversalReason.ENTRY_ERROR, by())

    assert sessions_of(one) == {claim(1).session_id}
    assert doubles_of(one, other) == (claim(1).session_id,)


def test_sources_that_say_nothing_of_a_learner_are_nobody_s() -> None:
    mine, theirs, session = attendance(CHEN, 1), attendance(LIN, 2), scheduled()
    found = {each.id: each for each in (mine, theirs, session)}
    assert earned_under([CHEN], {}, found) == {mine.id}


def test_a_line_of_pushes_is_told_by_its_id() -> None:
    """It is no aggregate; the line of the other record, or of another term, is not one's own."""
    own, line = PushRecord.create_id(CHEN, "2026-1"), claim(item_ids=(uuid4(),))
    known: dict[UUID, Claimed | None] = {
        line.source_id: Claimed(line, RULES.version),
        claim(1).source_id: None,
    }
    session: dict[UUID, Claimed | None] = {claim(2).source_id: Claimed(claim(2), RULES.version)}
    found = earned_under([CHEN], known | session, {})
    assert line_id(own, 0) in found
    assert found.isdisjoint(known | session)
    assert earned_under([CHEN], session, {}) == set()


def test_a_later_line_is_one_s_own_though_an_earlier_one_was_taken_back() -> None:
    own = PushRecord.create_id(CHEN, "2026-1")
    second = claim(source_id=line_id(own, 1), item_ids=(uuid4(),))
    stands = Claimed(second, RULES.version)
    known: dict[UUID, Claimed | None] = {line_id(own, 0): None, second.source_id: stands}
    assert second.source_id in earned_under([CHEN], known, {})
