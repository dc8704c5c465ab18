"""Enrolment by phone, class and child's name: in at once, no hint, and nothing shown till later."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from api.access.rate_limit import LINK_BY_DEVICE, LINK_BY_SCHOOL, LINK_CODE_BY_SESSION
from api.housekeeping import ANSWERED_LINK_IS_KEPT, AWARD_RUN_TAKES, Housekeeping
from api.pages.enrolment import NOTICE_VERSION
from domain.envelope import Role
from domain.links import LinkRefusal
from ledger.link_requests import LinkAnswer
from ledger.roster import Roster
from tests.acting import SCHOOL, entry, envelope
from tests.api.parents.conftest import Evening
from tests.saying import says

FORM = {
    "school": SCHOOL, "class_name": "三年级2班", "phone": "100 0000 0099",
    "child_name": "（示例）陈小明", "name": "", "relation": "", "consent": NOTICE_VERSION,
}  # fmt: skip


def form_id(page: Response) -> str:
    found = re.search(r'name="form_id" value="([^"]+)"', page.text)
    assert found
    return found[1]


def fill_in(browser: TestClient, **changes: str) -> Response:
    """Open the form and send it, as one's own where it asks whose it is."""
    page = browser.get(f"/enrol?school={SCHOOL}&next=/enrolled")
    whose = {"whose": "own"} if 'name="whose"' in page.text else {}
    form = {**FORM, **whose, "form_id": form_id(page), **changes}
    return browser.post("/enrol/class", data=form)


def family(evening: Evening) -> tuple[UUID, UUID]:
    """The child that the form names, and its father, whom the roster brings: by name and phone."""
    row = entry(9, child_name=FORM["child_name"], name="（示例）陈建国", phone="10000000099")
    book = evening.runtime.book
    [result] = book.rosters.take(Roster(SCHOOL, 2026), [row], envelope(), dry_run=False)
    assert result.id is not None
    evening.settle()
    [child] = book.learners.get(result.id).guardianships
    return child, result.id


def test_from_the_scan_to_the_tick_in_one_form(evening: Evening) -> None:
    phone = evening.phone()
    evening.scan(phone)
    to_form = phone.get("/in")
    assert to_form.headers["location"] == "/enrol?next=/in"
    page = phone.get("/enrol?next=/in")
    assert "示例小学" in page.text
    assert "登记并签到" in page.text
    answer = phone.post(
        "/enrol/class",
        data={**FORM, "form_id": form_id(page), "next": "/in"},
        follow_redirects=True,
    )
    assert "已签到" in answer.text
    assert "待班主任确认" in answer.text
    assert evening.attended() == 1


def test_the_window_is_kept_while_the_form_is_put_right(evening: Evening) -> None:
    phone = evening.phone()
    evening.scan(phone)
    assert fill_in(phone, phone="12345").status_code == 422
    assert fill_in(phone, next="/in").status_code == 303
    assert evening.attended() == 1


def test_a_form_sent_twice_is_one_request(evening: Evening) -> None:
    phone = evening.phone()
    page = phone.get(f"/enrol?school={SCHOOL}")
    form = {**FORM, "form_id": form_id(page)}
    marked = dict(phone.cookies)
    assert phone.post("/enrol/class", data=form).status_code == 303
    assert phone.post("/enrol/class", data=form).status_code == 303
    phone.cookies.clear()
    phone.cookies.update(marked)  # the first answer got lost
    assert phone.post("/enrol/class", data=form).status_code == 303
    assert len(evening.runtime.models.links.unconfirmed_at(SCHOOL)) == 1
    assert phone.get("/enrolled").status_code == 200


def test_the_form_sent_again_with_other_words_is_another_request(evening: Evening) -> None:
    phone = evening.phone()
    form = {**FORM, "form_id": form_id(phone.get(f"/enrol?school={SCHOOL}"))}
    assert phone.post("/enrol/class", data=form).status_code == 303
    form |= {"child_name": "（示例）陈小红", "whose": "own"}
    assert phone.post("/enrol/class", data=form).status_code == 303
    found = evening.runtime.models.links.unconfirmed_at(SCHOOL)
    said = evening.runtime.book.vault.open([line.link_id for line in found])
    names = {subject.fields["child_name"] for subject in said.values()}
    assert names == {FORM["child_name"], "（示例）陈小红"}
    assert len({line.learner_id for line in found}) == 1


def test_the_answer_is_the_same_whoever_is_known(evening: Evening) -> None:
    """P1.2: no hint whether a child, a phone, or both are on the roster."""
    family(evening)
    answers: list[tuple[int, str, str]] = []
    known, unknown = FORM["child_name"], "（示例）没有这人"
    for child, number in ((known, "10000000099"), (unknown, "10000000099"),
                          (known, "10088888888"), (unknown, "10088888888")):  # fmt: skip
        phone = evening.phone()
        answer = fill_in(phone, child_name=child, phone=number)
        after = phone.get(answer.headers["location"])
        answers.append((answer.status_code, answer.headers["location"], after.text))
    assert len(set(answers)) == 1
    assert known not in answers[0][2]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("phone", "1000000", "phone_malformed"),
        ("class_name", "三年级9班", "class_not_chosen"),
        ("child_name", "?", "child_name_malformed"),
        ("name", "1", "name_malformed"),
        ("consent", "", "consent_missing"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(
    evening: Evening, field: str, value: str, code: str
) -> None:
    given = {"name": "（示例）李梅", field: value}
    answer = fill_in(evening.phone(), **given)
    assert answer.status_code == 422
    assert says(answer, code)
    assert f'id="fault-{field}"' in answer.text
    typed = {**FORM, **given}
    kept = [typed[each] for each in ("phone", "child_name", "name") if each != field]
    assert all(value in answer.text for value in kept)
    assert evening.runtime.models.links.unconfirmed_at(SCHOOL) == []


def test_one_phone_asks_so_often_and_no_oftener(evening: Evening) -> None:
    phone = evening.phone()
    for _ in range(LINK_BY_DEVICE.tries):
        assert fill_in(phone).status_code == 303
    refused = fill_in(phone)
    assert refused.status_code == 429
    assert FORM["child_name"] in refused.text


def test_a_flood_of_a_school_ends_before_those_in_the_hall_are_held_up(evening: Evening) -> None:
    limits, at = evening.runtime.limits, evening.clock.at
    for _ in range(LINK_BY_SCHOOL.tries):
        limits.spend(LINK_BY_SCHOOL, SCHOOL, at)
    assert fill_in(evening.phone()).status_code == 429
    in_the_hall = evening.phone()
    evening.scan(in_the_hall)
    assert fill_in(in_the_hall, next="/in").status_code == 303
    assert evening.attended() == 1


def test_an_unconfirmed_phone_sees_its_tick_and_its_own_state(evening: Evening) -> None:
    phone = evening.phone()
    fill_in(phone)
    for address in ("/", "/me"):
        assert phone.get(address).headers["location"] == "/enrolled"
    for address in ("/me/statement", "/me/certificates", "/me/data", "/me/data.json"):
        assert phone.get(address).status_code == 403
    evening.scan(phone)
    assert FORM["child_name"] not in phone.get("/in").text
    assert "已签到" in phone.post("/in", follow_redirects=True).text
    assert "待班主任确认" in phone.get("/enrolled").text


def test_a_typed_code_lets_an_unconfirmed_phone_in(evening: Evening) -> None:
    phone = evening.phone()
    fill_in(phone)
    answer = phone.post("/in/code", data={"code": evening.typed_code()})
    assert answer.headers["location"] == "/in"
    assert "已签到" in phone.post("/in", follow_redirects=True).text


def test_digits_that_strangers_guess_keep_no_parent_out(evening: Evening) -> None:
    """Whoever comes in through a link alone is counted apart from the school's parents."""
    wrong, code = {"code": evening.code_that_nobody_shows()}, {"code": evening.typed_code()}
    before, stranger = evening.phone(), evening.phone()
    for each in (before, stranger):
        fill_in(each)
    assert before.post("/in/code", data=wrong).status_code == 403
    for _ in range(LINK_CODE_BY_SESSION.tries - 1):
        limits, at = evening.runtime.limits, evening.clock.at
        limits.spend(LINK_CODE_BY_SESSION, str(evening.session_id), at)
    refused = stranger.post("/in/code", data=code)
    assert refused.status_code == 429
    assert "扫一扫" in refused.text
    assert "签到台" in refused.text
    parent = evening.enrolled_phone()
    assert parent.post("/in/code", data=code).headers["location"] == "/in"


def test_once_confirmed_the_same_phone_opens_the_parents_own_record(evening: Evening) -> None:
    phone = evening.phone()
    evening.scan(phone)
    fill_in(phone, next="/in")
    child, adult = family(evening)
    evening.settle()
    screen = evening.host_screen(Role.CLASS_TEACHER)
    [line] = evening.runtime.models.links.unconfirmed_at(SCHOOL)
    address = f"/staff/links/{SCHOOL}/{line.link_id}/confirmation"
    assert screen.post(address, data={"who": f"{child}:{adult}"}).status_code == 303
    assert "（示例）陈建国" in phone.get("/me").text
    assert "已签到" in phone.get(f"/in/{evening.session_text}").text
    assert "班主任已确认" in phone.get("/enrolled").text


def test_who_is_not_known_is_sent_to_the_class_teacher_kindly(evening: Evening) -> None:
    phone = evening.phone()
    fill_in(phone)
    [line] = evening.runtime.models.links.unconfirmed_at(SCHOOL)
    by = envelope(evening.clock.at, Role.CLASS_TEACHER)
    book = evening.runtime.book
    book.links.turn_down(line.learner_id, line.link_id, LinkRefusal.NOT_KNOWN, by)
    evening.settle()
    assert "请联系班主任" in phone.get("/enrolled").text
    assert phone.get("/me").headers["location"] == "/enrolled"


def test_an_enrolled_parent_adds_another_child_under_one_account(evening: Evening) -> None:
    """P1.3: the same form, one account."""
    phone = evening.enrolled_phone()
    assert fill_in(phone, child_name="（示例）陈小红").status_code == 303
    assert phone.get("/me").status_code == 200
    [line] = evening.runtime.models.links.unconfirmed_at(SCHOOL)
    assert line.learner_id == evening.parent
    page = evening.host_screen(Role.CLASS_TEACHER).get(f"/staff/links/{SCHOOL}")
    assert "（示例）陈小红 · （示例）陈建2" in page.text


def test_a_second_slip_on_one_phone_shows_the_school_two_records_that_may_be_one_persons(
    evening: Evening,
) -> None:
    """P1.3; a couple (P2.6) says that they are two."""
    phone = evening.enrolled_phone()
    other = evening.pilot.learners[1]
    code = evening.runtime.enrolment_codes.issue(other, evening.clock.at)
    phone.post("/enrol", data={"code": code, "consent": NOTICE_VERSION, "whose": "own"})
    [pair] = evening.runtime.book.likeness.among([other])
    assert {pair.one, pair.other} == {evening.parent, other}
    assert pair.kinds == ("same_device",)


def test_what_a_phone_said_of_itself_is_kept_no_longer_than_it_is_of_use(
    evening: Evening,
) -> None:
    phone = evening.enrolled_phone()
    for child in ("（示例）陈小红", "（示例）陈小绿"):
        fill_in(phone, child_name=child)
    line, waiting = evening.runtime.models.links.unconfirmed_at(SCHOOL)
    by = envelope(evening.clock.at, Role.CLASS_TEACHER)
    evening.runtime.book.links.turn_down(line.learner_id, line.link_id, LinkRefusal.NOT_KNOWN, by)
    evening.settle()

    def kept() -> set[str]:
        Housekeeping(evening.runtime).once(evening.clock.at)
        found = phone.get("/me/data.json").json()["link_requests"]
        assert len(found) == 2
        return {each["link_id"] for each in found if each["said"].get("child_name")}

    assert kept() == {str(line.link_id), str(waiting.link_id)}
    evening.clock.move(ANSWERED_LINK_IS_KEPT - timedelta(days=2))
    phone.get("/me")  # a phone that is used stays signed in
    evening.clock.move(timedelta(days=3))
    assert kept() == {str(waiting.link_id)}


def test_who_came_in_just_while_the_teacher_confirmed_gets_the_hours_all_the_same(
    evening: Evening,
) -> None:
    phone = evening.phone()
    evening.scan(phone)
    fill_in(phone, next="/in")
    child, adult = family(evening)
    [line] = evening.runtime.models.links.unconfirmed_at(SCHOOL)
    book, by = evening.runtime.book, envelope(evening.clock.at, Role.CLASS_TEACHER)
    [place] = book.learners.get(adult).enrolments_at(SCHOOL, 2026)
    book.links.confirm(line.learner_id, line.link_id, LinkAnswer(place, adult), [], by)
    evening.settle()
    evening.clock.move(2 * AWARD_RUN_TAKES)
    Housekeeping(evening.runtime).once(evening.clock.at)
    evening.settle()
    [came] = evening.runtime.models.attendances.register_of(evening.session_id)
    assert (came.child_ids, came.link_id) == ((child,), None)
