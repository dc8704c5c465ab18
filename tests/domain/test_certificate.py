"""A certificate: one id per achievement, one successor, revoked by two persons."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.certificate import Award, Certificate, CertificateKind
from domain.certificate_issue import Issue
from domain.certificate_refusals import (
    NotInForce,
    RevocationNotProposed,
    RevocationPending,
    RevocationUnderWay,
)
from domain.envelope import Envelope
from domain.number_series import NumberSeries
from domain.refusals import Refused
from domain.staff import OwnCase
from tests.domain.given import CHEN, EVENING, LIN, by, history, news
from tests.domain.refusing import refused


def award(kind: CertificateKind = CertificateKind.ANNUAL_COMPLETION, **different: Any) -> Award:
    values: dict[str, Any] = {
        "kind": kind, "learner_id": CHEN, "school_code": "4401040001",
        "district_code": "440104", "stage": "primary", "school_year": 2026, "level": 1,
        "hours": 800, "achieved_on": date(2027, 1, 15),
    }  # fmt: skip
    return Award.model_validate(values | different)


def issue(number: str = "440104-2027-000001") -> Issue:
    return Issue(
        number=number, key_id="k1", status_list=1, status_index=1, signed_sha256="a",
        snapshot_sha256="b", name_commitment="c", issued_at=EVENING, wording_version="1",
        renderer_version="1",
    )  # fmt: skip


def certificate() -> Certificate:
    return Certificate(id=award().certificate_id, award=award(), issue=issue(), envelope=command())


def command(actor: UUID = LIN) -> Envelope:
    return by(actor).model_copy(update={"command_id": uuid4()})


def reissued() -> Certificate:
    made = certificate()
    made.reissue("440104-2027-000002", "name_corrected", command())
    return made


def revoked() -> Certificate:
    made = certificate()
    made.propose_revocation("issued_in_error", command(LIN))
    made.confirm_revocation("issued_in_error", command(CHEN))
    return made


@pytest.mark.parametrize(
    ("kind", "changes", "same"),
    [
        (CertificateKind.ANNUAL_COMPLETION, {"stage": "kindergarten"}, True),
        (CertificateKind.ANNUAL_COMPLETION, {"school_year": 2027}, False),
        (CertificateKind.ANNUAL_COMPLETION, {"hours": 900}, True),
        (CertificateKind.STAGE_COMPLETION, {"stage": "junior"}, False),
        (CertificateKind.STAGE_COMPLETION, {"school_year": 2027}, True),
        (CertificateKind.STAR_LEVEL, {"level": 2}, False),
        (CertificateKind.STAR_LEVEL, {"stage": "junior"}, False),
        (CertificateKind.STAR_LEVEL, {"school_year": 2027}, True),
        (CertificateKind.STATEMENT_OF_HOURS, {"request_id": LIN}, False),
        (CertificateKind.STATEMENT_OF_HOURS, {"hours": 900}, True),
        (CertificateKind.STAR_LEVEL, {"learner_id": LIN}, False),
    ],
)
def test_an_achievement_has_one_certificate_id(
    kind: CertificateKind, changes: dict[str, Any], same: bool
) -> None:
    assert (award(kind).certificate_id == award(kind, **changes).certificate_id) == same


def test_kinds_never_share_an_id() -> None:
    kinds = [award(kind, school_year=year) for kind, year in product(CertificateKind, (2026,))]
    bare = [award(kind, school_year=None, level=None) for kind in CertificateKind]
    assert len({a.certificate_id for a in (*kinds, *bare)}) >= 6


def test_a_certificate_is_replaced_once() -> None:
    made = reissued()
    with refused(NotInForce, state="replaced"):
        made.reissue("440104-2027-000003", "name_corrected", command())
    with refused(NotInForce, state="replaced"):
        made.propose_revocation("issued_in_error", command())
    assert [type(event).__name__ for event in news(made)] == ["Issued", "Reissued"]


def test_a_revocation_needs_a_proposal_and_two_persons() -> None:
    made = certificate()
    with pytest.raises(RevocationNotProposed):
        made.confirm_revocation("issued_in_error", command(CHEN))
    made.propose_revocation("issued_in_error", command(LIN))
    made.propose_revocation("issued_in_error", command(CHEN))
    with pytest.raises(RevocationUnderWay):
        made.propose_revocation("fraud_confirmed", command(LIN))
    with pytest.raises(OwnCase):
        made.confirm_revocation("issued_in_error", command(LIN))
    made.confirm_revocation("issued_in_error", command(CHEN))
    assert made.state == "revoked"
    assert len(news(made)) == 3


def test_the_confirming_command_again_is_no_news_and_another_one_is_refused() -> None:
    made = certificate()
    made.propose_revocation("issued_in_error", command(LIN))
    confirms = command(CHEN)
    made.confirm_revocation("issued_in_error", confirms)
    made.confirm_revocation("issued_in_error", confirms)
    with refused(NotInForce, state="revoked"):
        made.confirm_revocation("issued_in_error", command(CHEN))
    assert len(news(made)) == 3


@pytest.mark.parametrize("make", [certificate, reissued, revoked])
def test_a_certificate_is_the_same_after_a_reload(make: Any) -> None:
    made = make()
    again = history(news(made))
    assert again is not None
    assert vars(again) == vars(made)


def test_the_successor_of_a_successor_is_another_one() -> None:
    first = certificate()
    second = Certificate(
        id=first.successor_id, award=award(), issue=issue("2"), envelope=by(), replaces=first.id
    )
    assert len({first.id, first.successor_id, second.successor_id}) == 3


def test_numbers_are_drawn_once_and_follow_each_other() -> None:
    series = NumberSeries(series="440104-2027", envelope=by())
    drawn = [*series.draw(2, by()), *series.draw(1, by())]
    again = history(news(series))
    assert drawn == [1, 2, 3]
    assert isinstance(again, NumberSeries)
    assert again.next == series.next == 4


def test_a_refusal_shows_facts_and_a_code() -> None:
    refusal: Refused = NotInForce(state="revoked")
    assert (refusal.code, refusal.facts) == ("certificate_not_in_force", {"state": "revoked"})
    assert refusal.args == (refusal.code, refusal.facts)  # what a log shows


def test_no_successor_gets_round_a_proposed_revocation() -> None:
    made = certificate()
    made.propose_revocation("wrong_person", command())

    with pytest.raises(RevocationPending):
        made.reissue("440104-2027-000002", "lost", command())
    assert made.state == "valid"


def test_what_was_taken_back_puts_a_certificate_under_review_once() -> None:
    made = certificate()
    news(made)
    made.close_review("completion_reached_again", command())
    for _ in range(2):
        made.open_review("completion_withdrawn", command())

    [opened] = news(made)

    assert isinstance(opened, Certificate.ReviewOpened)
    assert (opened.learner_id, opened.number) == (CHEN, "440104-2027-000001")
    assert opened.reason_code == "completion_withdrawn"
    assert (made.under_review, made.state) == (True, "valid")

    for _ in range(2):
        made.close_review("completion_reached_again", command())

    [closed] = news(made)
    assert isinstance(closed, Certificate.ReviewClosed)
    assert (closed.learner_id, closed.reason_code) == (CHEN, "completion_reached_again")
    assert not made.under_review


@pytest.mark.parametrize("make", [reissued, revoked])
def test_what_is_no_longer_in_force_is_not_reviewed(make: Any) -> None:
    made = make()
    news(made)
    made.open_review("completion_withdrawn", command())
    assert news(made) == []


def test_a_revocation_ends_the_review_and_keeps_the_proposers_reason() -> None:
    made = certificate()
    made.open_review("completion_withdrawn", command())
    made.propose_revocation("issued_in_error", command(LIN))
    made.confirm_revocation("issued_in_error", command(CHEN))

    last = news(made)[-1]

    assert isinstance(last, Certificate.Revoked)
    assert last.reason_code == "issued_in_error"
    assert not made.under_review


def test_a_reissue_hands_its_review_to_the_successor() -> None:
    old, new, calm = certificate(), certificate(), certificate()
    for each in (old, new, calm):
        news(each)
    calm.hand_review_to(new, command())
    assert news(new) == []
    old.open_review("completion_withdrawn", command())

    old.hand_review_to(new, command())
    old.reissue("440104-2027-000002", "lost", command())

    [opened] = news(new)
    assert isinstance(opened, Certificate.ReviewOpened)
    assert opened.reason_code == "completion_withdrawn"
    assert (old.under_review, new.under_review) == (False, True)


def test_a_reissue_names_its_successor_and_why() -> None:
    made = certificate()
    news(made)
    made.reissue("440104-2027-000002", "name_corrected", command())

    [said] = news(made)

    assert isinstance(said, Certificate.Reissued)
    assert (said.successor_id, said.successor_number) == (made.successor_id, "440104-2027-000002")
    assert said.reason_code == "name_corrected"


def test_a_holder_gives_it_up_once_and_not_while_a_revocation_waits() -> None:
    given = certificate()
    given.withdraw(by())
    given.withdraw(by())  # sent again
    assert (given.state, len(given.pending_events)) == ("withdrawn", 2)
    with pytest.raises(NotInForce):
        given.propose_revocation("fraud_confirmed", by(CHEN))
    waiting = certificate()
    waiting.propose_revocation("fraud_confirmed", by())
    with pytest.raises(RevocationPending):
        waiting.withdraw(by(CHEN))
