"""A new parent at the gate: scan, one form, the tick; the teacher confirms, the hours are there."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from api import arrivals
from api.access.cookies import CookieKind
from tests.acting import ENDS, SCHOOL
from tests.api.desk import ASKERS, Desk
from tests.api.earning.following import follow
from tests.browsing import PHONE

pytestmark = pytest.mark.browser

MOST_SECONDS_TO_THE_TICK = 10


def screen(browser: Browser, desk: Desk, asker: str, address: str) -> BrowserContext:
    role = ASKERS[asker]
    assert role is not None
    login = desk.runtime.logins.begin_staff(desk.person(asker, *role, None), desk.clock.at)
    context = browser.new_context(viewport=PHONE, locale="zh-CN")
    name = desk.runtime.cookies.name(CookieKind.STAFF)
    context.add_cookies([{"name": name, "value": login.token, "url": address}])
    return context


def shown(desk: Desk) -> str:
    """The link that the screen in the hall shows now."""
    session = desk.runtime.book.sessions.get(desk.pilot.session_id)
    [code, *_] = arrivals.codes_ahead(desk.runtime, session)
    return f"/in/{arrivals.session_text(session.id)}/{code.code}"


def enrol(phone: Page) -> None:
    """Agree, three fields, and the two more of somebody who is on no roster."""
    phone.locator('form[action="/enrol/class"] input[name=consent]').check()
    phone.get_by_label("孩子的班级").select_option("三年级2班")
    phone.get_by_label("孩子的姓名").fill("（示例）陈小明")
    phone.get_by_label("您的手机号").fill("10088888888")
    phone.get_by_text("不在学校名册上").click()
    phone.get_by_label("您的姓名").fill("（示例）李梅")
    phone.get_by_label("您是孩子的").select_option("62")
    phone.get_by_role("button", name="登记并签到").click()


def attest(desk: Desk) -> None:
    """Closed, counted, signed by two, credited."""
    desk.close()
    host, coordinator = desk.browser("host"), desk.browser("coordinator")
    host.post(f"{desk.session}/head-count", data={"present": "1"})
    host.post(f"{desk.session}/attest-as-host")
    coordinator.post(f"{desk.session}/attest-as-coordinator")
    follow(desk)


def confirm(teacher: Page) -> None:
    """The child's name was mistyped: the teacher says whose grandmother it is."""
    teacher.get_by_text("班里没有这个姓名").wait_for()
    assert teacher.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    teacher.get_by_role("link", name="单独回答").click()
    teacher.get_by_label("哪个孩子的").select_option("（示例）陈小2")
    teacher.get_by_role("button", name="记为新家长").click()
    teacher.get_by_text("没有等待确认的家长").wait_for()


def test_from_the_scan_to_the_tick_and_from_the_teacher_to_the_hours(
    desk: Desk, chromium: Browser, address: str
) -> None:
    """P1.2, P3.5."""
    desk.open()
    phone, said = chromium.new_page(viewport=PHONE, locale="zh-CN"), list[str]()
    phone.on("console", lambda message: said.append(message.text))

    began = time.process_time()
    phone.goto(f"{address}{shown(desk)}")
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    enrol(phone)
    phone.get_by_text("已签到 18:50").wait_for()
    assert time.process_time() - began < MOST_SECONDS_TO_THE_TICK
    phone.get_by_text("待班主任确认").first.wait_for()

    desk.clock.move_to(ENDS)
    phone.goto(f"{address}{shown(desk)}")
    phone.get_by_role("button", name="签退").click()
    phone.get_by_text("已签退 20:20").wait_for()
    attest(desk)

    teacher = screen(chromium, desk, "class_teacher", address).new_page()
    teacher.goto(f"{address}/staff/links/{SCHOOL}")
    confirm(teacher)
    follow(desk)
    phone.goto(f"{address}/me")
    phone.get_by_text("（示例）李梅").first.wait_for()
    assert phone.get_by_text("2.0").count()
    assert said == []
