"""Enrolment binds a phone with a code from the school, after the notice was agreed to."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest

from api.access.cookies import CookieKind
from api.access.enrolment_codes import SAME_PHONE_AGAIN
from api.pages.enrolment import NOTICE_VERSION, PURPOSE
from domain.envelope import Envelope
from ledger.learners import Learners
from ledger.ledger import OutcomeUnknown
from tests.api.parents.conftest import Evening
from tests.saying import says


def test_the_front_page_has_every_door(evening: Evening) -> None:
    page = evening.phone().get("/")
    assert page.status_code == 200
    for address in ("/enrol", "/me", "/staff/login", "/verify"):
        assert f'href="{address}"' in page.text


def test_a_parents_phone_goes_home_from_the_front_page(evening: Evening) -> None:
    answer = evening.enrolled_phone().get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/me")


def test_opening_the_link_on_the_slip_uses_nothing_up(evening: Evening) -> None:
    code = evening.runtime.enrolment_codes.issue(evening.parent, evening.clock.at)
    for _ in range(3):
        assert code in evening.phone().get(f"/enrol/{code}").text
        assert code in evening.phone().get(f"/enrol?code={code}").text
    answer = evening.phone().post("/enrol", data={"code": code, "consent": NOTICE_VERSION})
    assert (answer.status_code, answer.headers["location"]) == (303, "/me")


def test_who_scanned_and_then_opens_the_slip_is_asked_for_the_code_first(evening: Evening) -> None:
    code = evening.runtime.enrolment_codes.issue(evening.parent, evening.clock.at)
    phone = evening.phone()
    evening.scan(phone)

    page = phone.get(f"/enrol/{code}").text

    assert page.index('action="/enrol"') < page.index('action="/enrol/class"')
    assert page.count('action="/enrol"') == 1
    after = re.search(
        r'action="/enrol" class="stack">\s*<input[^>]*name="next" value="([^"]+)"', page
    )
    assert after is not None
    assert after[1] == "/in"  # the scan is noted: enrolled, one goes on to check in


def test_enrolling_records_consent_to_the_notice_that_was_shown(evening: Evening) -> None:
    evening.enrolled_phone()
    learner = evening.runtime.book.learners.get(evening.parent)
    assert learner.consents == {PURPOSE: NOTICE_VERSION}


@pytest.mark.parametrize("consent", ["", "privacy/0"])
def test_without_consent_the_code_stays_good(evening: Evening, consent: str) -> None:
    code = evening.runtime.enrolment_codes.issue(evening.parent, evening.clock.at)
    phone = evening.phone()
    refused = phone.post("/enrol", data={"code": code, "consent": consent})
    assert refused.status_code >= 400
    assert says(refused, "consent_missing")
    assert code in refused.text
    assert phone.get("/me").status_code == 303
    assert phone.post("/enrol", data={"code": code, "consent": NOTICE_VERSION}).status_code == 303


def test_a_used_an_expired_and_a_wrong_code_say_what_they_are(evening: Evening) -> None:
    codes, at = evening.runtime.enrolment_codes, evening.clock.at
    used, late = codes.issue(evening.parent, at), codes.issue(evening.parent, at)
    enrol = {"consent": NOTICE_VERSION}
    assert evening.phone().post("/enrol", data={"code": used, **enrol}).status_code == 303
    assert evening.phone().post("/enrol", data={"code": used, **enrol}).status_code == 410
    evening.clock.move(timedelta(days=15))
    assert evening.phone().post("/enrol", data={"code": late, **enrol}).status_code == 410
    assert evening.phone().post("/enrol", data={"code": "ABCD", **enrol}).status_code == 400


def test_guessing_codes_is_slowed_down(evening: Evening) -> None:
    phone = evening.phone()
    wrong = {"code": "ABCD", "consent": NOTICE_VERSION}
    answers = [phone.post("/enrol", data=wrong).status_code for _ in range(61)]
    assert answers == [400] * 60 + [429]


def test_after_enrolling_one_goes_to_no_foreign_page(evening: Evening) -> None:
    code = evening.runtime.enrolment_codes.issue(evening.parent, evening.clock.at)
    form = {"code": code, "consent": NOTICE_VERSION, "next": "//elsewhere.example/in"}
    assert evening.phone().post("/enrol", data=form).headers["location"] == "/"


def test_both_languages_show_the_notice(evening: Evening) -> None:
    phone = evening.phone()
    assert "个人信息告知" in phone.get("/enrol").text
    english = phone.get("/enrol?lang=en").text
    assert "Privacy notice" in english
    assert "个人信息告知" not in english


def test_when_consent_did_not_go_through_the_same_form_again_does(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    consent, failed = Learners.consent, list[UUID]()

    def unsure_once(
        self: Learners, learner_id: UUID, purpose: str, notice_version: str, by: Envelope
    ) -> int:
        if not failed:
            failed.append(learner_id)
            raise OutcomeUnknown
        return consent(self, learner_id, purpose, notice_version, by)

    monkeypatch.setattr(Learners, "consent", unsure_once)
    code = evening.runtime.enrolment_codes.issue(evening.parent, evening.clock.at)
    form, phone = {"code": code, "consent": NOTICE_VERSION}, evening.phone()

    assert phone.post("/enrol", data=form).status_code == 503
    assert evening.runtime.logins.of_person(evening.parent, evening.clock.at) == []
    assert evening.phone().post("/enrol", data=form).status_code == 410
    assert phone.post("/enrol", data=form).status_code == 303
    assert phone.get("/me").status_code == 200


def test_a_lost_answer_is_had_again_on_the_same_phone_for_ten_minutes(evening: Evening) -> None:
    code = evening.runtime.enrolment_codes.issue(evening.parent, evening.clock.at)
    form, phone = {"code": code, "consent": NOTICE_VERSION}, evening.phone()
    phone.get(f"/enrol/{code}")
    marked, device = dict(phone.cookies), evening.runtime.cookies.name(CookieKind.DEVICE)
    phone.post("/enrol", data=form)
    lost = phone.cookies[device]
    phone.cookies.clear()
    phone.cookies.update(marked)

    assert phone.post("/enrol", data=form).status_code == 303
    assert len(evening.runtime.logins.of_person(evening.parent, evening.clock.at)) == 1
    assert evening.runtime.logins.who(lost, evening.clock.at) is None
    assert phone.get("/me").status_code == 200
    evening.clock.move(SAME_PHONE_AGAIN)
    assert phone.post("/enrol", data=form).status_code == 410
