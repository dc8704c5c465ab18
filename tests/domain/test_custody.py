"""Two persons end a guardianship in the register: one proposes, another one confirms."""

from __future__ import annotations

from datetime import date
from uuid import NAMESPACE_OID, uuid5

import pytest

from domain.custody import (
    CustodyChange,
    CustodyNeedsSecondPerson,
    CustodyNotProposed,
    CustodyProposedOtherwise,
    CustodyReason,
    Restoration,
    Return,
)
from tests.domain.given import CHEN, LIN, by, history, news

CHILD, OTHER = (uuid5(NAMESPACE_OID, name) for name in ("孩子（示例）", "管理员（示例）"))
CHANGED, IN_ERROR = CustodyReason.CUSTODY_CHANGED, CustodyReason.ENTERED_IN_ERROR
NEXT = date(2026, 9, 12)
BACK = Return(Restoration.ENDED_IN_ERROR, date(2026, 9, 11))


def case() -> CustodyChange:
    return CustodyChange(learner_id=CHEN, child_id=CHILD, envelope=by())


def test_what_one_person_proposes_another_one_confirms() -> None:
    change = case()
    for _ in range(2):
        change.propose(CHANGED, by(LIN))
    assert change.confirm(by(OTHER)) is CHANGED
    assert [type(e).__name__ for e in news(change)] == ["Opened", "Proposed", "Confirmed"]


def test_nobody_ends_a_guardianship_alone() -> None:
    change = case()
    change.propose(CHANGED, by(LIN))
    with pytest.raises(CustodyNeedsSecondPerson):
        change.confirm(by(LIN))


def test_nothing_is_confirmed_that_nobody_proposed() -> None:
    with pytest.raises(CustodyNotProposed):
        case().confirm(by(OTHER))


def test_another_reason_waits_until_the_first_is_decided() -> None:
    change = case()
    change.propose(CHANGED, by(LIN))
    with pytest.raises(CustodyProposedOtherwise):
        change.propose(IN_ERROR, by(OTHER))
    for _ in range(2):
        change.drop(by(OTHER))
    change.propose(IN_ERROR, by(OTHER))
    assert change.confirm(by(LIN)) is IN_ERROR


def test_a_custody_change_is_the_same_after_a_reload() -> None:
    change = case()
    change.propose(CHANGED, by(LIN))
    change.confirm(by(OTHER))
    change.propose(IN_ERROR, by(LIN))
    change.drop(by(LIN))
    assert vars(history(news(change))) == vars(change)


def test_what_one_person_would_bring_back_another_one_confirms() -> None:
    change = case()
    for _ in range(2):
        change.propose_restoration(BACK, by(LIN))
    with pytest.raises(CustodyNeedsSecondPerson):
        change.confirm_restoration(by(LIN))
    assert change.confirm_restoration(by(OTHER)) == BACK
    told = [type(e).__name__ for e in news(change)]
    assert told == ["Opened", "RestorationProposed", "RestorationConfirmed"]
    with pytest.raises(CustodyNotProposed):
        change.confirm_restoration(by(OTHER))


def test_one_thing_is_proposed_at_a_time() -> None:
    change = case()
    change.propose_restoration(BACK, by(LIN))
    for other in (BACK._replace(reason=Restoration.CARE_RESUMED), BACK._replace(holds_from=NEXT)):
        with pytest.raises(CustodyProposedOtherwise):
            change.propose_restoration(other, by(OTHER))
    with pytest.raises(CustodyProposedOtherwise):
        change.propose(CHANGED, by(OTHER))
    with pytest.raises(CustodyNotProposed):
        change.confirm(by(OTHER))
    change.drop(by(OTHER))
    change.propose(CHANGED, by(OTHER))
    with pytest.raises(CustodyProposedOtherwise):
        change.propose_restoration(BACK, by(OTHER))
    assert vars(history(news(change))) == vars(change)
