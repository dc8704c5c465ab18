"""Check-out: the same screen, scanned again in the minutes around the end."""

from __future__ import annotations

from datetime import timedelta

from tests.acting import ENDS
from tests.api.parents.conftest import Evening
from tests.api.parents.evenings import tap
from tests.saying import says


def test_near_the_end_the_same_code_checks_out_once(evening: Evening) -> None:
    phone = evening.enrolled_phone()
    evening.scan(phone)
    assert "签退" in tap(phone).text  # 2 class hours: it says that one has to
    evening.clock.move_to(ENDS - timedelta(minutes=11))
    evening.scan(phone)
    early = phone.post("/out")
    assert early.status_code == 409
    assert says(early, "check_out_closed")
    evening.clock.move_to(ENDS + timedelta(minutes=19))
    evening.scan(phone)
    assert 'action="/out"' in phone.get("/in", follow_redirects=True).text
    left = phone.post("/out", follow_redirects=True)
    assert "已签退 20:39" in left.text
    evening.clock.move(timedelta(seconds=20))
    evening.scan(phone)
    assert "已签退 20:39" in phone.post("/out", follow_redirects=True).text


def test_nobody_checks_out_from_home(evening: Evening) -> None:
    phone = evening.enrolled_phone()
    evening.scan(phone)
    tap(phone)
    evening.clock.move_to(ENDS)
    phone.cookies.delete("pc_arrival")
    assert phone.post("/out").status_code == 410
