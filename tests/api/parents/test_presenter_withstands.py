"""The screen without network, with a wrong clock, on every projector: read as a phone reads it."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.acting import SET_UP, STARTS
from tests.api.parents.cable import laid
from tests.api.parents.conftest import Evening
from tests.api.parents.hall import RunningClock, arrive, opened, presented, read, shown
from tests.clock import TestClock

pytestmark = [pytest.mark.browser, pytest.mark.zbar]

PROJECTORS = [(1024, 768), (1280, 720), (1280, 800), (1366, 768), (1920, 1080), (3840, 2160)]
# Time goes by for the page alone.
AHEAD = """
window.ahead = 0;
var real = performance.now.bind(performance);
performance.now = () => real() + window.ahead;
"""
WRONG_CLOCK = """
var Real = Date, shift = new Real(2001, 0, 5) - Real.now();
Date = class extends Real {
  constructor(...at) { if (at.length) super(...at); else super(Real.now() + shift); }
  static now() { return Real.now() + shift; }
};
"""
AWAKE = """
window.awake = 0;
var lock = {request: async () => { window.awake += 1; }};
Object.defineProperty(navigator, 'wakeLock', {value: lock});
"""
LONG_WORDS = """() => {
  var say = (where, text) => { document.querySelector(where).textContent = text; };
  say('.school', '示'.repeat(40));
  say('.pin .mono', 'xueshi.example.edu.cn/in');
  say('#checked-in', '1500');
  say('#invited', '1500');
}"""
# Words and controls that do not lie within the screen, or within their own box.
OUTSIDE = """() => [...document.querySelectorAll('.p *')].filter((each) => {
  const box = each.getBoundingClientRect();
  if (!box.width || each.closest('.wm') || each.className === 'right') return false;
  return box.left < 0 || box.top < 0 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1
    || (each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).overflow !== 'visible');
}).map((each) => each.outerHTML.slice(0, 60))"""
CODE_SIDE = "document.getElementById('qr').getBoundingClientRect().width"


@pytest.fixture
def clock() -> TestClock:
    return RunningClock(SET_UP)


@pytest.mark.slow
def test_the_code_keeps_turning_while_the_network_is_cut(
    hall: tuple[Evening, str], chromium: Browser, tmp_path: Path
) -> None:
    evening, address = hall
    with laid(address) as cable:
        screen = presented(chromium, cable.address, evening)
        before = read(screen, tmp_path / "before.png")
        cable.cut()
        expect(screen.locator(".net.off")).to_be_visible(timeout=10_000)
        screen.wait_for_timeout(32_000)  # a code is good for 27 seconds, whatever the clocks differ
        after = read(screen, tmp_path / "after.png")
        assert after != before
        phone = evening.enrolled_phone()
        assert phone.get(urlsplit(before).path).status_code == 410
        assert phone.get(urlsplit(after).path).headers["location"] == "/in"
        arrive(chromium, address, evening)
        expect(screen.locator("#checked-in")).to_have_text("0")
        cable.mend()
        expect(screen.locator("#checked-in")).to_have_text("1", timeout=15_000)
        expect(screen.locator(".net.on")).to_be_visible()


def test_without_network_for_long_the_screen_says_what_to_do_until_it_is_back(
    hall: tuple[Evening, str], chromium: Browser
) -> None:
    evening, address = hall
    with laid(address) as cable:
        screen = presented(chromium, cable.address, evening, AHEAD)
        cable.cut()
        expect(screen.locator(".net.off")).to_be_visible(timeout=10_000)
        screen.evaluate("window.ahead = 290000")
        shown(screen)
        screen.evaluate("window.ahead = 301000")
        expect(screen.locator(".over.out")).to_contain_text("纸质签到表")
        cable.mend()
        expect(screen.locator(".over.out")).to_be_hidden(timeout=15_000)
        shown(screen)


def test_a_wrong_clock_in_the_computer_does_not_matter(
    hall: tuple[Evening, str], chromium: Browser, tmp_path: Path
) -> None:
    evening, address = hall
    screen = presented(chromium, address, evening, WRONG_CLOCK)
    assert screen.evaluate("new Date().getFullYear()") == 2001
    link = read(screen, tmp_path / "screen.png")
    assert evening.enrolled_phone().get(urlsplit(link).path).headers["location"] == "/in"


def test_where_no_stream_comes_through_the_count_is_asked_for(
    hall: tuple[Evening, str], chromium: Browser
) -> None:
    evening, address = hall
    context = opened(chromium, address, evening.host_screen(), 1280, 800)
    context.route("**/staff/sessions/*/live", lambda route: route.abort())
    screen = context.new_page()
    screen.goto(f"/staff/sessions/{evening.session_id}/present")
    shown(screen)
    arrive(chromium, address, evening)
    expect(screen.locator("#checked-in")).to_have_text("1", timeout=10_000)
    expect(screen.locator(".net.on")).to_be_visible()


def test_the_first_click_fills_the_screen_and_keeps_it_awake(
    hall: tuple[Evening, str], chromium: Browser
) -> None:
    evening, address = hall
    screen = presented(chromium, address, evening, AWAKE)
    screen.get_by_role("heading", level=1).click()
    screen.wait_for_function("document.fullscreenElement !== null")
    screen.wait_for_function("window.awake === 2")  # once on loading, once with the click


def test_nothing_is_cut_off_on_any_projector_and_every_code_is_read(
    hall: tuple[Evening, str], chromium: Browser, tmp_path: Path
) -> None:
    planned, address = hall
    evening = planned.second_session("孩子进入青春期以后家长怎样听怎样说" * 2 + "（示例）")
    evening.clock.move_to(STARTS + evening.later)
    screen = presented(chromium, address, evening)
    for language in ("zh-CN", "en"):
        screen.goto(f"/staff/sessions/{evening.session_id}/present?lang={language}")
        shown(screen)
        screen.evaluate(LONG_WORDS)
        for width, height in PROJECTORS:
            screen.set_viewport_size({"width": width, "height": height})
            assert screen.evaluate(OUTSIDE) == [], (language, width, height)
            assert screen.evaluate(CODE_SIDE) >= min(0.8 * height, 0.45 * width)
    for width, height in (PROJECTORS[0], PROJECTORS[-1]):
        screen.set_viewport_size({"width": width, "height": height})
        assert read(screen, tmp_path / "screen.png").startswith("HTTP://127.0.0.1:8000/IN/")
