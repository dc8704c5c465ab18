"""Check-in on a phone: scan, one tap, tick. What is refused says why, and nothing is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

from fastapi.testclient import TestClient
from httpx2 import Response

from api import arrivals
from api.access.cookies import CookieKind
from api.access.tickets import ArrivalTicket, device_hash
from api.pages.enrolment import NOTICE_VERSION
from domain.envelope import Channel, Role
from domain.identity import attendance_id
from ledger.roster import Roster
from tests.acting import ENDS, SCHOOL, STARTS, entry, envelope
from tests.api.parents.conftest import Evening
from tests.api.parents.evenings import tap
from tests.saying import says


def bring(phone: TestClient, ticket: str) -> None:
    if "pc_arrival" in phone.cookies:
        phone.cookies.delete("pc_arrival")
    phone.cookies.set("pc_arrival", ticket)


def test_a_session_is_written_in_26_characters_and_read_in_any_case() -> None:
    for session_id in (UUID(int=0), UUID(int=2**128 - 1), uuid4()):
        text = arrivals.session_text(session_id)
        assert len(text) == 26
        assert arrivals.session_id_of(text.lower()) == session_id


def test_scan_one_tap_and_the_tick_says_since_when(evening: Evening) -> None:
    phone = evening.enrolled_phone()
    evening.scan(phone)
    page = phone.get("/in").text
    for words in ("读懂孩子的情绪", "示例小学", "（示例）陈建2", "报告厅"):
        assert words in page
    assert page.count('<button class="btn tap"') == 1
    tick = tap(phone)
    assert "已签到 18:50" in tick.text
    assert "学时在活动确认后入账" in tick.text
    assert "parent-credit-ledger/receipt/v1" in tick.text
    assert evening.attended() == 1


def test_the_link_works_in_capitals_as_it_stands_in_the_code(evening: Evening) -> None:
    link = arrivals.link("http://127.0.0.1:8000", evening.session_id, evening.token())
    assert link == link.upper()
    path = link.removeprefix("HTTP://127.0.0.1:8000")
    assert evening.phone().get(path).headers["location"] == "/in"


def test_a_second_tap_and_a_second_scan_say_the_first_time_and_record_nothing(
    evening: Evening,
) -> None:
    phone = evening.enrolled_phone()
    evening.scan(phone)
    tap(phone)
    evening.clock.move(timedelta(minutes=3))
    assert "已签到 18:50" in tap(phone).text
    evening.scan(phone)
    assert "已签到 18:50" in phone.get("/in", follow_redirects=True).text
    assert "已签到 18:50" in tap(phone).text
    assert evening.attended() == 1


def test_the_moment_of_the_scan_counts_however_late_the_tap(evening: Evening) -> None:
    phone = evening.enrolled_phone()
    evening.scan(phone)
    evening.clock.move(timedelta(minutes=9))
    assert "已签到 18:50" in tap(phone).text


def test_the_door_may_close_between_scan_and_tap(evening: Evening) -> None:
    evening.clock.move_to(STARTS + timedelta(minutes=29))
    phone = evening.enrolled_phone()
    evening.scan(phone)
    evening.clock.move(timedelta(minutes=5))
    assert "已签到 19:29" in tap(phone).text


def test_a_phone_that_is_not_enrolled_enrols_and_comes_back_with_its_ticket(
    evening: Evening,
) -> None:
    phone = evening.phone()
    evening.scan(phone)
    assert phone.get("/in").headers["location"] == "/enrol?next=/in"
    assert phone.post("/in").status_code == 303
    evening.clock.move(timedelta(minutes=6))
    code = evening.runtime.enrolment_codes.issue(evening.parent, evening.clock.at)
    form = {"code": code, "consent": NOTICE_VERSION, "next": "/in"}
    assert phone.post("/enrol", data=form).headers["location"] == "/in"
    assert "确认签到" in phone.get("/in").text
    assert "已签到 18:50" in tap(phone).text


def test_a_phone_that_changed_hands_checks_in_whoever_is_signed_in_now(evening: Evening) -> None:
    phone = evening.enrolled_phone()
    evening.scan(phone)
    code = evening.runtime.enrolment_codes.issue(evening.pilot.learners[1], evening.clock.at)
    phone.post("/enrol", data={"code": code, "consent": NOTICE_VERSION, "whose": "anothers"})
    assert "（示例）陈建3" in phone.get("/in").text
    tap(phone)
    found = attendance_id(evening.session_id, evening.pilot.learners[1])
    assert evening.runtime.book.sessions.attendance_ids(evening.session_id) == [found]


def test_two_persons_of_one_phone_are_both_recorded(evening: Evening) -> None:
    phone = evening.enrolled_phone()
    evening.scan(phone)
    tap(phone)
    code = evening.runtime.enrolment_codes.issue(evening.pilot.learners[1], evening.clock.at)
    phone.post("/enrol", data={"code": code, "consent": NOTICE_VERSION, "whose": "anothers"})
    phone.get("/in")
    assert "已签到" in tap(phone).text
    assert evening.attended() == 2


def test_an_expired_code_asks_for_another_scan(evening: Evening) -> None:
    token = evening.token()
    evening.clock.move(timedelta(seconds=60))
    answer = evening.enrolled_phone().get(f"/in/{evening.session_text}/{token}")
    assert answer.status_code == 410
    assert "签到台" in answer.text


def test_a_wrong_code_and_an_unknown_session_are_refused(evening: Evening) -> None:
    phone = evening.enrolled_phone()
    assert phone.get(f"/in/{evening.session_text}/0123456789").status_code == 403
    unknown = arrivals.session_text(uuid4())
    assert phone.get(f"/in/{unknown}/{evening.token()}").status_code == 404
    assert phone.get(f"/in/nonsense/{evening.token()}").status_code == 404


def test_a_forwarded_ticket_admits_nobody(evening: Evening) -> None:
    phone, other = evening.enrolled_phone(), evening.enrolled_phone(evening.pilot.learners[1])
    evening.scan(phone)
    other.get("/in")
    bring(other, phone.cookies["pc_arrival"])
    assert other.post("/in").status_code == 403
    assert evening.attended() == 0


def test_a_ticket_ends_after_ten_minutes(evening: Evening) -> None:
    phone = evening.enrolled_phone()
    evening.scan(phone)
    ticket = phone.cookies["pc_arrival"]
    evening.clock.move(timedelta(minutes=10))
    bring(phone, ticket)
    assert phone.post("/in").status_code == 410
    page = phone.get("/in")
    assert page.status_code == 410
    assert 'action="/in/code"' in page.text
    assert evening.attended() == 0


def test_outside_the_doors_hours_the_page_says_when_they_are(evening: Evening) -> None:
    evening.clock.move_to(STARTS + timedelta(minutes=31))
    phone = evening.enrolled_phone()
    evening.scan(phone)
    answer = tap(phone)
    assert answer.status_code == 409
    assert "18:30–19:30" in answer.text
    assert "签到台" in answer.text
    assert evening.attended() == 0


def test_who_is_not_invited_is_told_so(evening: Evening) -> None:
    book = evening.runtime.book
    book.registry.open_classes(SCHOOL, 2026, [("五年级", "1班")], envelope())
    stranger = entry(90, grade="五年级", class_group="1班")
    [result] = book.rosters.take(Roster(SCHOOL, 2026), [stranger], envelope(), dry_run=False)
    phone = evening.enrolled_phone(result.id)
    evening.scan(phone)
    assert tap(phone).status_code == 403
    assert evening.attended() == 0


def test_a_session_that_is_not_open_takes_nobody(evening: Evening) -> None:
    phone = evening.enrolled_phone()
    evening.scan(phone)
    by = envelope(evening.clock.at, Role.HOST)
    evening.runtime.book.sessions.close(evening.session_id, by)
    assert tap(phone).status_code == 409
    assert evening.attended() == 0


def test_a_scan_from_the_future_is_refused_and_a_little_ahead_is_flagged(evening: Evening) -> None:
    phone = evening.enrolled_phone()
    evening.scan(phone)
    for ahead, status in ((timedelta(minutes=6), 422), (timedelta(minutes=4), 303)):
        device = device_hash(phone.cookies["pc_phone"])
        at = evening.clock.at + ahead
        ticket = ArrivalTicket(
            evening.session_id, device, at, 1, Channel.ROTATING_QR, evening.parent
        )
        bring(phone, evening.runtime.tickets.seal(ticket))
        assert phone.post("/in").status_code == status
    assert evening.attended() == 1


def test_the_same_scan_id_with_another_meaning_is_refused(evening: Evening) -> None:
    scan_id = str(uuid4())
    for learner_id, status in zip(evening.pilot.learners, (303, 409), strict=False):
        phone = evening.enrolled_phone(learner_id)
        evening.scan(phone)
        phone.get("/in")
        assert phone.post("/in", data={"scan_id": scan_id}).status_code == status
    assert evening.attended() == 1


def test_twelve_taps_at_once_are_one_attendance(evening: Evening) -> None:
    phone = evening.enrolled_phone()
    evening.scan(phone)

    def tapped(scan_id: UUID) -> Response:
        finger = evening.phone()
        finger.cookies.update(phone.cookies)
        return finger.post("/in", data={"scan_id": str(scan_id)})

    same = uuid4()
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(tapped, [same] * 6 + [uuid4() for _ in range(6)]))
    assert [answer.status_code for answer in answers] == [303] * 12
    assert evening.attended() == 1


def test_six_digits_are_enough_where_no_camera_works(evening: Evening) -> None:
    phone = evening.enrolled_phone()
    assert 'action="/in/code"' in phone.get("/in").text
    code = evening.typed_code()
    answer = phone.post("/in/code", data={"code": f"{code[:3]} {code[3:]}"})
    assert answer.headers["location"] == "/in"
    phone.get("/in")
    assert "已签到 18:50" in tap(phone).text
    evening.settle()
    [line] = evening.runtime.models.attendances.register_of(evening.session_id)
    assert line.channel == Channel.TYPED_CODE


def test_wrong_digits_are_counted_and_a_wait_is_named(evening: Evening) -> None:
    phone = evening.enrolled_phone()
    wrong = {"code": evening.code_that_nobody_shows()}
    answers = [phone.post("/in/code", data=wrong).status_code for _ in range(9)]
    assert answers == [403] * 8 + [429]


def test_digits_of_a_school_one_has_no_child_at_open_nothing(evening: Evening) -> None:
    by = envelope(evening.clock.at, Role.HOST)
    evening.runtime.settle(evening.runtime.book.sessions.close(evening.session_id, by))
    evening.clock.move_to(ENDS + timedelta(hours=1))
    answer = evening.enrolled_phone().post("/in/code", data={"code": "123456"})
    assert answer.status_code == 409
    assert says(answer, "no_session_open")


def test_only_who_is_signed_in_may_type_digits(evening: Evening) -> None:
    answer = evening.phone().post("/in/code", data={"code": evening.typed_code()})
    assert answer.headers["location"].startswith("/enrol")


def test_the_cookies_are_for_our_pages_alone(evening: Evening) -> None:
    answer = evening.phone().get(f"/in/{evening.session_text}/{evening.token()}")
    kept = answer.headers.get_list("set-cookie")
    assert len(kept) == 2
    for cookie in kept:
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
    assert any("Max-Age=600" in cookie for cookie in kept)
    assert evening.runtime.cookies.name(CookieKind.PHONE) == "pc_phone"
