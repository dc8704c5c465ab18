"""The scanner in Chromium: a code before the camera, and an evening without network."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
import qrcode
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page

from api.access.cookies import CookieKind
from projections.scan_inbox import WaitingScanLine
from tests import browsing
from tests.api.desk import Desk
from tests.browsing import PHONE

pytestmark = pytest.mark.browser

FRAMES = 12


def video_of(codes: list[str], to: Path) -> None:
    """A film for the fake camera: JPEG frames one after the other, each code for a while."""
    film = io.BytesIO()
    for code in codes:
        made: Image.Image = qrcode.make(code, box_size=9).get_image()
        frame = Image.new("RGB", (1280, 720), (120, 118, 112))
        frame.paste(
            made.convert("RGB").rotate(9, expand=True, fillcolor=(255, 255, 255)), (420, 130)
        )
        for _ in range(FRAMES):
            frame.save(film, "jpeg", quality=85)
    to.write_bytes(film.getvalue())


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("film") / "codes.mjpeg"


@pytest.fixture(scope="module")
def running_chromium(film: Path) -> Iterator[Browser]:
    """Its camera sees whatever is in the film when it is switched on."""
    flags = (
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    )
    with browsing.chromium(*flags) as browser:
        yield browser


@pytest.fixture
def camera(desk: Desk, film: Path, chromium: Browser) -> Browser:
    """A Chromium whose camera sees the codes of two learners."""
    codes = desk.runtime.personal_codes.of(desk.pilot.learners[:2])
    video_of(list(codes.values()), film)
    return chromium


def device(browser: Browser, desk: Desk, address: str) -> BrowserContext:
    """A phone on which the host is signed in."""
    context = browser.new_context(viewport=PHONE, locale="zh-CN")
    context.grant_permissions(["camera"])
    sign_in(context, desk, address)
    return context


def sign_in(context: BrowserContext, desk: Desk, address: str) -> None:
    desk.browser("host")
    login = desk.runtime.logins.begin_staff(desk.people["host"], desk.clock.at)
    name = desk.runtime.cookies.name(CookieKind.STAFF)
    context.add_cookies([{"name": name, "value": login.token, "url": address}])


def scanner(context: BrowserContext, desk: Desk, address: str) -> Page:
    page = context.new_page()
    page.goto(f"{address}{desk.session}/scan")
    page.wait_for_selector("#scanner[data-ready=yes]")
    return page


def wedge(page: Page, code: str) -> None:
    page.fill("#code", code)
    page.press("#code", "Enter")


def attended(desk: Desk) -> int:
    desk.catch_up(desk.runtime.book.ledger.position())
    return len(desk.runtime.models.attendances.register_of(desk.pilot.session_id))


def test_codes_before_the_camera_check_two_learners_in_once_each(
    desk: Desk, camera: Browser, address: str
) -> None:
    desk.open()
    page, failed = scanner(device(camera, desk, address), desk, address), list[str]()
    page.on("pageerror", lambda error: failed.append(str(error)))

    page.click("#camera")

    for name in ("（示例）陈建2", "（示例）陈建3"):
        page.locator("#recent li", has_text=name).get_by_text("已签到 18:50").wait_for()
    assert page.inner_text("#told-text") == "已签到 18:50"
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert failed == []
    assert attended(desk) == 2


def test_without_network_nothing_is_lost_and_everything_is_uploaded_once(
    desk: Desk, camera: Browser, address: str
) -> None:
    desk.open()
    context = device(camera, desk, address)
    page = scanner(context, desk, address)
    page.wait_for_selector("#scanner[data-offline=ready]")
    context.set_offline(True)
    scan_without_network(desk, page)
    page.close()
    context.clear_cookies()  # the login ended meanwhile
    slipped = attended(desk)  # rarely one: Chromium cuts off a page loaded anew a moment late
    context.set_offline(False)
    desk.clock.move_seconds(900)
    assert attended(desk) == slipped <= 1

    sign_in(context, desk, address)
    page = scanner(context, desk, address)
    page.locator("#recent").get_by_text("收件箱").wait_for()
    page.wait_for_selector("#unsent", state="hidden")

    assert attended(desk) == 2
    lines = desk.runtime.models.attendances.register_of(desk.pilot.session_id)
    assert {line.checked_in_at.minute for line in lines} <= {50, 51}
    assert [line.reason_code for line in waiting(desk)] == ["scan_code_unknown"]
    page.reload()
    page.wait_for_selector("#scanner[data-ready=yes]")
    assert (attended(desk), len(waiting(desk))) == (2, 1)


def scan_without_network(desk: Desk, page: Page) -> None:
    """One by code (twice), one by name, and a code that nobody can read here."""
    first, _, third = desk.runtime.personal_codes.of(desk.pilot.learners).values()
    wedge(page, first)
    page.locator("#told-text", has_text="已签到 18:50，待上传").wait_for()
    page.reload()
    page.wait_for_selector("#scanner[data-ready=yes]")
    wedge(page, first.lower())
    page.locator('#told[data-look="known"]').wait_for()
    page.get_by_role("button", name="签到 （示例）陈建3").click()
    wedge(page, "PC1.XXXX")
    page.locator("#told-text", has_text="不是签到码").wait_for()
    wedge(page, "PC1." + third[4:][::-1])
    page.locator("#told-text", has_text="上传后核对是谁").wait_for()
    page.locator("#unsent", has_text="待上传 3").wait_for()


def waiting(desk: Desk) -> list[WaitingScanLine]:
    return desk.runtime.models.scan_inbox.of_session(desk.pilot.session_id)


def test_signing_out_takes_the_list_from_the_device_and_leaves_what_was_not_uploaded(
    desk: Desk, camera: Browser, address: str
) -> None:
    desk.open()
    context = device(camera, desk, address)
    page = scanner(context, desk, address)
    context.clear_cookies()  # the login ended: nothing can be uploaded
    wedge(page, desk.runtime.personal_codes.of(desk.pilot.learners)[desk.pilot.learners[0]])
    page.get_by_text("重新登录并上传").wait_for()
    assert page.inner_text("#unsent") == "待上传 1"

    page.get_by_role("button", name="退出").click()
    page.wait_for_url(lambda where: "/scan" not in where)

    kept = page.evaluate(
        """() => new Promise((ok) => {
            const request = indexedDB.open('pc-scanner', 1);
            request.onsuccess = () => {
                const stores = ['lists', 'answers', 'queue'];
                const reading = request.result.transaction(stores);
                const counts = stores.map((name) => reading.objectStore(name).count());
                reading.oncomplete = () => ok(counts.map((each) => each.result));
            };
        })"""
    )
    assert kept == [0, 0, 1]
