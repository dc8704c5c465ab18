"""The class list in Chromium, on a phone: search on the page, and the tap that renews one row."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from api.access.cookies import CookieKind
from api.backup_notes import BackupNotes
from tests.api.desk import ASKERS, Desk
from tests.browsing import SMALL_PHONE as PHONE
from tests.browsing import swallow_the_first_post
from tests.journeys.site import until

pytestmark = pytest.mark.browser


def phone(browser: Browser, desk: Desk, asker: str, address: str) -> Page:
    role = ASKERS[asker]
    assert role is not None
    login = desk.runtime.logins.begin_staff(desk.person(asker, *role, None), desk.clock.at)
    context = browser.new_context(viewport=PHONE, locale="zh-CN")
    name = desk.runtime.cookies.name(CookieKind.STAFF)
    context.add_cookies([{"name": name, "value": login.token, "url": address}])
    return context.new_page()


def test_a_name_is_found_and_one_tap_renews_its_row(
    desk: Desk, chromium: Browser, address: str
) -> None:
    desk.open()
    page = phone(chromium, desk, "host", address)
    page.goto(f"{address}{desk.session}/list")

    page.fill("#find", "小3")
    rows = page.locator("#list > li")
    expect(rows).to_have_count(1)
    rows.get_by_role("button", name="签到").dblclick()
    expect(rows).to_contain_text("已签到 18:50")

    assert page.input_value("#find") == "小3"
    assert len(desk.runtime.models.attendances.register_of(desk.pilot.session_id)) == 1
    rows.get_by_role("button", name="签退").click()
    expect(rows).to_contain_text("已签退 18:50")


def test_two_hosts_see_each_other_s_taps_and_a_tap_too_late_is_told(
    desk: Desk, chromium: Browser, address: str
) -> None:
    desk.open()
    first, second = (phone(chromium, desk, who, address) for who in ("host", "coordinator"))
    learner, other = (f"#l-{each}" for each in desk.pilot.learners[:2])
    for page in (first, second):
        page.goto(f"{address}{desk.session}/list")

    first.locator(learner).get_by_role("button").click()
    second.locator(learner).get_by_role("button", name="签到").click()

    for page in (first, second):
        expect(page.locator(learner)).to_contain_text("已签到 18:50")
    until(lambda: len([page for page in (first, second) if is_late(page)]) == 1)
    first.locator(other).get_by_role("button").click()
    expect(second.locator(other)).to_contain_text("已签到 18:50", timeout=12_000)
    assert len(desk.runtime.models.attendances.register_of(desk.pilot.session_id)) == 2


def is_late(page: Page) -> bool:
    """Whether this host is told that another one was faster; which of two is, nobody knows."""
    return "18:50 已经签到" in page.locator("#said").inner_text()


def test_a_button_that_is_pressed_twice_is_one_command(
    desk: Desk, chromium: Browser, address: str
) -> None:
    desk.open()
    page = phone(chromium, desk, "host", address)
    page.goto(f"{address}{desk.session}")
    page.fill("#present", "1")

    page.get_by_role("button", name="保存人数").dblclick()
    expect(page.locator(".trail")).to_contain_text("现场清点")

    facts = desk.runtime.models.history.history(desk.pilot.session_id)
    assert [each.topic for each in facts].count("session.head_counted") == 1


@pytest.mark.parametrize(("typed", "stays"), [("", False), ("12", True)])
def test_a_page_that_is_out_of_date_renews_itself_but_not_under_what_is_typed(
    desk: Desk, chromium: Browser, address: str, typed: str, stays: bool
) -> None:
    desk.open()
    page = phone(chromium, desk, "host", address)
    page.clock.install()
    page.goto(f"{address}{desk.session}")
    if typed:
        page.fill("#present", typed)
    page.evaluate("window.isThisPage = true")
    now = desk.clock.at
    desk.close()
    desk.clock.move_to(now)  # the host is still logged in

    with page.expect_response("**/counts"):
        page.clock.fast_forward(4_500)

    expect(page.locator("dl.counts")).to_have_attribute(
        "data-standing", "opened" if stays else "closed"
    )
    assert page.evaluate("!!window.isThisPage") is stays
    assert page.input_value("#present") == typed


def test_a_tap_without_network_is_sent_again_and_counts_once(
    desk: Desk, chromium: Browser, address: str
) -> None:
    desk.open()
    page, row = phone(chromium, desk, "host", address), f"#l-{desk.pilot.learners[0]}"
    page.goto(f"{address}{desk.session}/list")

    page.context.set_offline(True)
    page.locator(row).get_by_role("button").click()
    expect(page.locator("#unsent")).to_be_visible()
    page.context.set_offline(False)

    expect(page.locator(row)).to_contain_text("已签到 18:50", timeout=12_000)
    expect(page.locator("#unsent")).to_be_hidden()
    assert len(desk.runtime.models.attendances.register_of(desk.pilot.session_id)) == 1


def test_a_tap_that_a_network_swallows_is_sent_again_and_counts_once(
    desk: Desk, chromium: Browser, address: str
) -> None:
    desk.open()
    page, row = phone(chromium, desk, "host", address), f"#l-{desk.pilot.learners[0]}"
    page.goto(f"{address}{desk.session}/list")
    assert page.evaluate("htmx.config.timeout") == 12_000
    page.evaluate("htmx.config.timeout = 300")

    swallowed = swallow_the_first_post(page)
    page.locator(row).get_by_role("button").click()

    expect(page.locator(row)).to_contain_text("已签到 18:50", timeout=12_000)
    expect(page.locator("#unsent")).to_be_hidden()
    assert swallowed
    assert len(desk.runtime.models.attendances.register_of(desk.pilot.session_id)) == 1


@pytest.mark.parametrize(
    "path",
    [
        "/staff",
        "{session}",
        "{session}/list",
        "{session}/register",
        "/staff/learners/{learner}",
        "/staff/schools/4401040001/compliance",
        "/staff/schools/4401040001/years/2026",
    ],
)
def test_no_page_is_wider_than_a_phone_and_no_script_fails(
    desk: Desk, chromium: Browser, address: str, path: str
) -> None:
    desk.attested()
    page, said = phone(chromium, desk, "coordinator", address), list[str]()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    where = path.format(session=desk.session, learner=desk.pilot.learners[0])

    page.goto(f"{address}{where}")

    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert said == []


@pytest.mark.parametrize("size", ["", "large"])
def test_how_the_installation_stands_is_read_on_a_phone_without_scrolling_sideways(
    desk: Desk, chromium: Browser, address: str, size: str
) -> None:
    notes = BackupNotes(desk.runtime.settings.backup_notes)
    notes.note("drill", desk.clock.at - timedelta(days=3), desk.runtime.settings.backup_notes)
    page = phone(chromium, desk, "operator", address)
    for language in ("zh", "en"):
        page.goto(f"{address}/staff/status?lang={language}")
        page.evaluate("size => document.documentElement.dataset.size = size", size)

        cut = page.locator(".scroll").evaluate("each => each.scrollWidth - each.clientWidth")
        assert cut <= 0, language
