"""The auditor's and the officer's pages in Chromium: from a code to a reversal, on any screen."""

from __future__ import annotations

from importlib.resources import files

import pytest
from playwright.sync_api import Browser, Page

from api.access.record_codes import learner_code
from tests.acting import DISTRICT, SCHOOL
from tests.api.desk import Desk
from tests.api.pages.test_staff_in_a_browser import phone

pytestmark = pytest.mark.browser

WIDTHS = (320, 1280)
AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
RUN = """
axe.run({runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
  .then((found) => found.violations.map((each) => each.id + ": " + each.nodes[0].html))
"""


def is_right(page: Page) -> None:
    """Nothing wider than the screen, and nothing that axe-core finds."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
    page.evaluate(AXE)
    assert page.evaluate(RUN) == [], page.url


def test_an_auditor_goes_from_a_code_to_a_reversal_and_what_it_took_back(
    desk: Desk, chromium: Browser, address: str
) -> None:
    desk.attested()
    desk.put_right(45)
    page, said = phone(chromium, desk, "auditor", address), list[str]()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))

    page.goto(f"{address}/staff")
    page.get_by_role("searchbox").fill(learner_code(desk.pilot.learners[0]).lower())
    with page.expect_navigation():
        page.get_by_role("button", name="查找").click()
    is_right(page)
    with page.expect_navigation():
        page.get_by_role("link", name="留痕记录").click()
    is_right(page)
    page.get_by_role("link", name="冲正 2").click()
    page.locator("article", has_text="学时冲正").get_by_role("link", name="冲正 #").click()

    ended = page.locator("article.voided:target")
    assert "已被" in ended.inner_text()
    assert said == []


def test_the_reports_are_right_on_any_screen(desk: Desk, chromium: Browser, address: str) -> None:
    desk.attested()
    desk.put_right(45)
    page = phone(chromium, desk, "auditor", address)
    for path in (
        f"/staff/districts/{DISTRICT}/reversals",
        f"/staff/schools/{SCHOOL}/terms/2026-1/lines",
        "/staff/find?q=nothing",
    ):
        page.goto(f"{address}{path}")
        is_right(page)

    desk.browser("host").get(f"{desk.session}/register")
    officer = phone(chromium, desk, "data_protection_officer", address)
    officer.goto(f"{address}/staff/access-log?learner=wrong")
    is_right(officer)
    officer.goto(f"{address}/staff/access-log")
    is_right(officer)
    officer.locator("details", has_text="人").first.click()
    codes = officer.locator("details[open] p.mono")
    assert codes.evaluate("(each) => getComputedStyle(each).whiteSpace") == "normal"  # they wrap
    is_right(officer)
