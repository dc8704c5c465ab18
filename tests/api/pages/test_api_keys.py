"""The city sees which programs have keys, and ends one; no secret and no device is on the page."""

from __future__ import annotations

from datetime import timedelta

from api.access.record_codes import staff_code
from api.access.scopes import Scope
from api.bootstrap import midnight
from api.door import invite
from api.machines import UnknownKey, make_key
from domain.calendar import CITY_ZONE, local_day
from domain.envelope import Role
from domain.machine import Machine
from tests.acting import SCHOOL, envelope
from tests.api.desk import ORIGIN, Desk
from tests.api.pages.test_door import device_id, enrolled
from tests.api.secret_keys import secret_in
from tests.saying import says

KEYS = "/staff/api-keys"
SCOPES = (Scope.SESSIONS_READ, Scope.PLANS_IMPORT)


def made(desk: Desk, name: str, role: Role, days: int = 30) -> str:
    at = desk.clock.at
    by = envelope(at, role)
    return make_key(desk.runtime, name, SCHOOL, SCOPES, at + timedelta(days=days), by).text


def test_a_key_is_listed_with_what_it_is_for_who_made_it_and_when_it_was_used(desk: Desk) -> None:
    text = made(desk, "school-office", Role.OPERATOR)
    page = desk.browser("city_administrator").get(KEYS)
    for said in ("school-office", SCHOOL, *SCOPES, "还没有使用", "在命令行生成", "api-keys create"):
        assert said in page.text, said
    assert secret_in(text) not in page.text

    assert desk.runtime.machine_keys.who(text, desk.clock.at) is not None
    browser = desk.browser("city_administrator")
    assert "最近使用" in browser.get(KEYS).text
    by = envelope(desk.clock.at, Role.CITY_ADMINISTRATOR)
    ends = desk.clock.at + timedelta(days=1)
    make_key(desk.runtime, "city-office", "440100", SCOPES, ends, by)
    browser.post("/language", data={"lang": "en"}, headers={"Origin": ORIGIN})
    page = browser.get(KEYS)
    assert f"Made by {staff_code(by.actor.id)}" in page.text
    assert "shown there once" in page.text


def test_the_day_on_the_page_is_the_last_on_which_a_key_opens(desk: Desk) -> None:
    day = local_day(desk.clock.at, CITY_ZONE) + timedelta(days=30)
    by = envelope(desk.clock.at, Role.OPERATOR)
    make_key(desk.runtime, "school-office", SCHOOL, SCOPES, midnight(day + timedelta(days=1)), by)
    assert f"有效至 {day}" in desk.browser("city_administrator").get(KEYS).text


def test_a_key_that_is_ended_is_worth_nothing_at_once_and_off_the_list(desk: Desk) -> None:
    text = made(desk, "school-office", Role.OPERATOR)
    [kept] = desk.runtime.machine_keys.of_programs()
    browser, ending = desk.browser("city_administrator"), f"{KEYS}/{kept.key_id}/ending"
    assert desk.browser("coordinator").post(ending).status_code == 403
    assert desk.runtime.machine_keys.who(text, desk.clock.at) is not None
    assert browser.post(ending).headers["location"] == KEYS
    assert desk.runtime.machine_keys.who(text, desk.clock.at) is None
    assert "school-office" not in browser.get(KEYS).text
    assert says(browser.post(ending), UnknownKey.code)


def test_a_key_that_is_over_is_off_the_list_and_devices_are_their_schools_own(desk: Desk) -> None:
    made(desk, "school-office", Role.OPERATOR, days=1)
    enrolled(desk)
    device, by = device_id(desk), envelope(desk.clock.at)
    invite(desk.runtime, SCHOOL, "西门平板", 30, by)
    browser = desk.browser("city_administrator")
    assert browser.get(KEYS).text.count("/ending") == 1
    assert says(browser.post(f"{KEYS}/{device}/ending"), UnknownKey.code)
    assert desk.runtime.machine_keys.of(device) is not None
    desk.clock.move(timedelta(days=1))
    assert "/ending" not in desk.browser("city_administrator").get(KEYS).text


def test_a_key_whose_secret_was_lost_is_found_by_its_program_s_name_and_ended(desk: Desk) -> None:
    for name in ("school-office", "school-office", "timetable"):
        made(desk, name, Role.OPERATOR)
    keys = desk.runtime.machine_keys
    kept, office_id = keys.of_programs(), Machine.create_id("school-office", SCHOOL)
    [timetable] = [each for each in kept if each.machine_id != office_id]
    office = next(each for each in kept if each.machine_id == office_id)
    named = f"{KEYS}?name=timetable&organisation={SCHOOL}"
    browser = desk.browser("city_administrator")
    for lost in (timetable, office):
        keys.forget(lost.key_id)

    assert browser.get(named).text.count("密钥记录已丢失") == 2
    page = browser.get(KEYS).text  # the other key of the office is there still: both are known
    assert (page.count("/ending"), page.count("密钥记录已丢失"), "timetable" in page) == (
        2,
        1,
        False,
    )
    for each in (office, timetable):
        form = {"machine_id": str(each.machine_id)}
        assert browser.post(f"{KEYS}/{each.key_id}/ending", data=form).status_code == 303
        assert says(browser.post(f"{KEYS}/{each.key_id}/ending", data=form), UnknownKey.code)
    assert "/ending" in browser.get(named).text
    assert "密钥记录已丢失" not in browser.get(named).text


def test_a_program_that_is_not_known_is_not_found_by_its_name(desk: Desk) -> None:
    enrolled(desk)
    device = desk.runtime.machine_keys.of(device_id(desk))
    assert device is not None
    machine = desk.runtime.book.machines.machine(device.machine_id)
    browser = desk.browser("city_administrator")

    unknown = browser.get(f"{KEYS}?name=nobody&organisation={SCHOOL}")
    own = browser.get(f"{KEYS}?name={machine.name}&organisation={machine.organisation}")

    assert (unknown.status_code, says(unknown, "machine_unknown")) == (404, True)
    assert 'value="nobody"' in unknown.text  # to be put right
    assert "/ending" not in own.text  # a device at a door is its school's


def test_the_city_is_led_there_and_nobody_else(desk: Desk) -> None:
    for asker in ("city_administrator", "coordinator", "district_officer", "auditor"):
        there = KEYS in desk.browser(asker).get("/staff").text
        assert there is (asker == "city_administrator"), asker
