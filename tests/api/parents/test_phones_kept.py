"""A phone is known from one activity to the next; who had one once is asked about another."""

from __future__ import annotations

from datetime import timedelta

from api.access.logins import DEVICE_IDLE
from domain.envelope import Role
from tests.acting import SCHOOL
from tests.api.parents.conftest import Evening
from tests.api.parents.test_link_form import family, fill_in


def ticks(evening: Evening) -> int:
    page = evening.host_screen(Role.CLASS_TEACHER).get(f"/staff/links/{SCHOOL}").text
    return page.count('name="tick"')


def test_a_phone_that_came_to_the_last_activity_is_known_at_the_next(evening: Evening) -> None:
    phone = evening.enrolled_phone()
    evening.clock.move(timedelta(days=366))
    assert phone.get("/me").status_code == 200


def test_the_browser_keeps_the_login_as_long_again_with_each_visit(evening: Evening) -> None:
    phone = evening.enrolled_phone()
    scan = phone.get(f"/in/{evening.session_text}/{evening.token()}")
    for answer in (scan, phone.get("/me")):
        [kept] = [c for c in answer.headers.get_list("set-cookie") if c.startswith("pc_device=")]
        assert f"Max-Age={DEVICE_IDLE // timedelta(seconds=1)};" in kept


def test_another_phone_is_doubted_also_where_the_first_one_is_gone(evening: Evening) -> None:
    _, father = family(evening)
    evening.enrolled_phone(father)
    assert evening.runtime.logins.revoke_all(father) == 1
    assert fill_in(evening.phone(), name="（示例）陈建国", phone="10000000099").status_code == 303
    assert ticks(evening) == 0


def test_who_never_had_a_phone_is_confirmed_with_one_tick(evening: Evening) -> None:
    family(evening)
    assert fill_in(evening.phone(), name="（示例）陈建国", phone="10000000099").status_code == 303
    assert ticks(evening) == 1
