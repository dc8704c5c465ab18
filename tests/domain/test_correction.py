"""A correction is signed by whoever it takes, on the preview proposed, and decided once."""

from __future__ import annotations

from collections.abc import Callable
from uuid import NAMESPACE_OID, UUID, uuid5

import pytest

from domain.correction import (
    Correction,
    CorrectionDecided,
    NeedsSecondPerson,
    NotTheProposer,
    PreviewOutdated,
    Second,
    SessionVoidOrder,
    State,
)
from domain.rules import ReversalReason
from tests.domain.given import CHEN, LIN, by, history, news
from tests.domain.refusing import refused

SESSION = uuid5(NAMESPACE_OID, "session")
ORDER = SessionVoidOrder(session_id=SESSION, reason_code=ReversalReason.ENTRY_ERROR)
SIGNED, OTHER = "a" * 64, "b" * 64


def proposed(second: Second = Second.COLLEAGUE) -> Correction:
    made = Correction(
        id=Correction.create_id(SESSION), order=ORDER, school_code="4401040001",
        effective_term="2026-1", second=second, sha256=SIGNED, counts={"reversed": 2},
        envelope=by(LIN),
    )  # fmt: skip
    news(made)
    return made


@pytest.mark.parametrize(
    ("second", "signs"),
    [
        (Second.NOBODY, LIN),
        (Second.NOBODY, CHEN),
        (Second.COLLEAGUE, CHEN),
        (Second.DISTRICT, CHEN),
    ],
)
def test_what_was_previewed_is_signed_and_applied(second: Second, signs: UUID) -> None:
    made = proposed(second)
    made.apply(SIGNED, by(signs))

    [applied] = news(made)

    assert isinstance(applied, Correction.Applied)
    assert (applied.sha256, applied.envelope) == (SIGNED, by(signs))
    assert (made.state, made.applied_by_command) == (State.APPLIED, by(signs).command_id)


@pytest.mark.parametrize("second", [Second.COLLEAGUE, Second.DISTRICT])
def test_nobody_signs_twice_where_two_persons_sign(second: Second) -> None:
    made = proposed(second)
    with refused(NeedsSecondPerson):
        made.apply(SIGNED, by(LIN))
    assert news(made) == []


def test_another_preview_than_the_proposed_one_is_outdated() -> None:
    made = proposed()
    with refused(PreviewOutdated, sha256=OTHER):
        made.apply(OTHER, by(CHEN))
    assert made.state is State.WAITING


def test_another_person_refuses_and_the_proposer_withdraws() -> None:
    turned_down, taken_back = proposed(), proposed()
    with refused(NeedsSecondPerson):
        turned_down.refuse("not_proved", by(LIN))
    turned_down.refuse("not_proved", by(CHEN))
    with refused(NotTheProposer):
        taken_back.withdraw(by(CHEN))
    taken_back.withdraw(by(LIN))

    [no] = news(turned_down)

    assert isinstance(no, Correction.Refused)
    assert (no.reason_code, no.envelope.actor.id) == ("not_proved", CHEN)
    assert [type(each) for each in news(taken_back)] == [Correction.Withdrawn]
    assert (turned_down.state, taken_back.state) == (State.REFUSED, State.WITHDRAWN)


DECIDED: dict[str, Callable[[Correction], None]] = {
    "applied": lambda made: made.apply(SIGNED, by(CHEN)),
    "refused": lambda made: made.refuse("not_proved", by(CHEN)),
    "withdrawn": lambda made: made.withdraw(by(LIN)),
}


@pytest.mark.parametrize("state", DECIDED)
def test_a_correction_is_decided_once(state: str) -> None:
    made = proposed()
    DECIDED[state](made)
    news(made)
    for again in DECIDED.values():
        with refused(CorrectionDecided, state=state):
            again(made)
    assert news(made) == []


def test_a_correction_is_the_same_after_a_reload() -> None:
    made = Correction(
        id=Correction.create_id(SESSION), order=ORDER, school_code="4401040001",
        effective_term="2026-1", second=Second.NOBODY, sha256=SIGNED, counts={}, envelope=by(LIN),
    )  # fmt: skip
    made.apply(SIGNED, by(LIN))
    again = history(news(made))
    assert again is not None
    assert vars(again) == vars(made)


FRAUD = ReversalReason.FRAUD_CONFIRMED


@pytest.mark.parametrize(
    ("reason", "asked", "second"),
    [
        (ReversalReason.ENTRY_ERROR, Second.NOBODY, Second.NOBODY),
        (ReversalReason.ENTRY_ERROR, Second.DISTRICT, Second.DISTRICT),
        (FRAUD, Second.NOBODY, Second.COLLEAGUE),
        (FRAUD, Second.DISTRICT, Second.DISTRICT),
    ],
)
def test_fraud_is_always_confirmed_by_two(
    reason: ReversalReason, asked: Second, second: Second
) -> None:
    order = SessionVoidOrder(session_id=SESSION, reason_code=reason)
    assert order.second_beside(asked) is second
