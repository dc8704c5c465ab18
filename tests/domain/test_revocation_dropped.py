"""A proposed revocation is withdrawn by the school or declined by the district, and is over."""

from __future__ import annotations

import pytest

from domain.certificate import Certificate
from domain.certificate_refusals import NotInForce, NotRevoked, RevocationNotProposed
from domain.staff import OwnCase
from tests.domain.given import CHEN, LIN, history, news
from tests.domain.refusing import refused
from tests.domain.test_certificate import certificate, command, revoked


def proposed() -> Certificate:
    made = certificate()
    made.propose_revocation("issued_in_error", command(LIN))
    return made


def dropped() -> Certificate:
    made = proposed()
    made.withdraw_revocation(command(LIN))
    return made


def test_a_dropped_proposal_frees_the_certificate_and_may_be_made_anew() -> None:
    made = dropped()
    made.must_be_reissuable()
    with pytest.raises(RevocationNotProposed):
        made.withdraw_revocation(command(LIN))
    made.propose_revocation("wrong_person", command(LIN))
    made.decline_revocation("wrong_person", command(CHEN))
    made.must_be_reissuable()

    found = [each for each in news(made) if isinstance(each, Certificate.RevocationDropped)]

    assert [each.outcome for each in found] == ["withdrawn", "declined"]


@pytest.mark.parametrize("decide", ["confirm_revocation", "decline_revocation"])
def test_the_district_decides_on_the_proposal_that_it_read_and_nobody_on_their_own(
    decide: str,
) -> None:
    made = dropped()
    with pytest.raises(RevocationNotProposed):
        getattr(made, decide)("issued_in_error", command(CHEN))
    made.propose_revocation("wrong_person", command(LIN))
    with pytest.raises(RevocationNotProposed):
        getattr(made, decide)("issued_in_error", command(CHEN))
    with pytest.raises(OwnCase):
        getattr(made, decide)("wrong_person", command(LIN))
    getattr(made, decide)("wrong_person", command(CHEN))


def test_the_dropping_command_again_is_no_news_even_after_a_new_proposal() -> None:
    for drop in (
        Certificate.withdraw_revocation,
        lambda made, by: made.decline_revocation("issued_in_error", by),
    ):
        made, drops = proposed(), command(CHEN)
        drop(made, drops)
        again = command(LIN)
        made.propose_revocation("issued_in_error", again)
        drop(made, drops)
        assert made.proposed == (LIN, "issued_in_error", again.command_id)


def test_a_dropped_proposal_is_the_same_after_a_reload() -> None:
    made = dropped()
    again = history(news(made))
    assert again is not None
    assert vars(again) == vars(made)


def test_what_is_revoked_is_dropped_no_more() -> None:
    with refused(NotInForce, state="revoked"):
        revoked().withdraw_revocation(command(LIN))
    with refused(NotInForce, state="revoked"):
        revoked().decline_revocation("issued_in_error", command())


def test_only_after_a_revoked_one_is_another_issued() -> None:
    revoked().must_be_revoked()
    with refused(NotRevoked, state="valid"):
        dropped().must_be_revoked()
