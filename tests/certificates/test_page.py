"""The verify page decides by itself, shows every signed fact, and tells nobody what it saw."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from certificates import payload, public_keys, qr, status
from certificates.keys import FileKeyStore, FileSigner
from certificates.public_keys import KeyState, PublicKey
from certificates.snapshot import Snapshot
from certificates.status import Place, Status

pytestmark = pytest.mark.browser

NOW = datetime.now(UTC)
TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css"}
PLACES = {
    Status.VALID: 10,
    Status.REVOKED: 11,
    Status.SUSPENDED: 12,
    Status.REPLACED: 13,
    Status.WITHDRAWN: 14,
}


class Site(ThreadingHTTPServer):
    """The few public files behind the page, and a record of who asked for what."""

    def __init__(self, folder: Path) -> None:
        self.files: dict[str, bytes] = {}
        self.asked: list[str] = []
        for file in folder.iterdir():
            path = "/c" if file.name == "c.html" else f"/c/{file.name}"
            self.files[path] = file.read_bytes()
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        self.server.asked.append(f"{self.requestline} {self.headers}")
        body = self.server.files.get(self.path)
        self.send_response(HTTPStatus.NOT_FOUND if body is None else HTTPStatus.OK)
        kind = ".html" if self.path == "/c" else Path(self.path).suffix
        self.send_header("Content-Type", TYPES.get(kind, "application/octet-stream"))
        self.send_header("Service-Worker-Allowed", "/c")
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture(scope="module")
def this_years(tmp_path_factory: pytest.TempPathFactory) -> FileKeyStore:
    store = FileKeyStore(tmp_path_factory.mktemp("page") / "keys.json", bytes(32))
    opens = datetime(NOW.year - 1, 1, 1, tzinfo=UTC)
    store.create("k-now", opens, datetime(NOW.year + 1, 1, 2, tzinfo=UTC))
    return store


@pytest.fixture
def site(page_folder: Path, this_years: FileKeyStore) -> Iterator[Site]:
    site = Site(page_folder)
    site.files["/c/keys.json"] = public_keys.page_list(this_years.public_keys(), "示例教育局")
    site.files["/status/1"] = _list(site, this_years.signer(NOW))
    thread = threading.Thread(target=partial(site.serve_forever, poll_interval=0.02))
    thread.start()
    yield site
    site.shutdown()
    thread.join()
    site.server_close()


@pytest.fixture(scope="module")
def browser(tool: Callable[[str, str], str]) -> Iterator[Browser]:
    chromium = tool("chromium", "chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    context.close()
    assert said == []


@pytest.fixture
def link(
    site: Site, this_years: FileKeyStore, snapshot: Callable[..., Snapshot]
) -> Callable[..., str]:
    def make(form: str = "annual", index: int = 10, **changes: Any) -> str:
        recent = {"issued_at": NOW, "awarded_on": NOW.date(), "valid_until": None}
        claims = payload.claims_of(
            snapshot(form, **recent | changes), Place(1, index), bytes(16), site.url
        )
        return qr.link(site.url, payload.sealed(claims, this_years.signer(NOW)))

    return make


def _list(site: Site, signer: FileSigner, at: datetime = NOW) -> bytes:
    statuses = {place: state for state, place in PLACES.items()}
    return status.sign_list(1, statuses, site.url, signer, at)


def _state(page: Page, url: str) -> str:
    page.goto("about:blank")
    page.goto(url)
    page.wait_for_selector("html[data-verdict]", state="attached")
    verdict = page.locator("html").get_attribute("data-verdict")
    assert verdict is not None
    return verdict


def test_a_valid_certificate_is_shown_with_every_signed_fact(
    page: Page, link: Callable[..., str]
) -> None:
    assert _state(page, link()) == "valid"
    shown = " ".join(page.locator("main").inner_text().split())
    for fact in (
        "证书有效", "示*慧", "结业证书", "穗家结〔2026〕440104-0000123-7", "440104-2026-0000123-7",
        "广州市越秀区示例小学家长学校", "2025学年", "12.5 学时", "8.0 学时", "合格",
        NOW.date().isoformat(), "长期", "2026.1", "不是职业资格",
    ):  # fmt: skip
        assert fact in shown
    page.locator("#trust summary").click()
    assert "k-now" in page.locator("#checks").inner_text()


def test_stars_stage_and_last_day_are_shown(page: Page, link: Callable[..., str]) -> None:
    assert _state(page, link("star", valid_until=date(NOW.year + 1, 8, 31))) == "valid"
    shown = page.locator("#facts").inner_text()
    for fact in ("★★★☆☆ 三星级", "小学", f"{NOW.year + 1}-08-31", "36.0 学时"):
        assert fact in shown


def test_a_statement_shows_its_days(page: Page, link: Callable[..., str]) -> None:
    assert _state(page, link("statement", valid_until=date(NOW.year + 1, 1, 1))) == "valid"
    assert "2025-09-01 至 2026-07-10" in page.locator("#facts").inner_text()


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (Status.REVOKED, "证书已撤销"),
        (Status.SUSPENDED, "证书已暂停"),
        (Status.REPLACED, "证书已换发"),
        (Status.WITHDRAWN, "证书已注销"),
    ],
)
def test_the_status_list_has_the_last_word(
    page: Page, link: Callable[..., str], place: Status, words: str
) -> None:
    assert _state(page, link(index=PLACES[place])) == place.name.lower()
    assert page.locator("#state").inner_text() == words
    assert page.locator("#holder").is_visible()


def test_an_expired_certificate_is_expired(page: Page, link: Callable[..., str]) -> None:
    assert _state(page, link("star", valid_until=date(NOW.year - 1, 8, 31))) == "expired"


@pytest.mark.parametrize("digit", [-2, -90, 20])
def test_a_changed_digit_makes_a_forgery(page: Page, link: Callable[..., str], digit: int) -> None:
    base, digits = link().split("#")
    place = digit % len(digits)
    changed = f"{digits[:place]}{(int(digits[place]) + 1) % 10}{digits[place + 1 :]}"
    assert _state(page, f"{base}#{changed}") == "forged"
    assert page.locator("#holder").is_hidden()


def test_what_chat_apps_append_is_ignored(page: Page, link: Callable[..., str]) -> None:
    assert _state(page, f"{link()}&appinstall=0") == "valid"


def test_without_a_code_nothing_is_found(page: Page, site: Site) -> None:
    assert _state(page, f"{site.url}/c") == "not_found"


@pytest.mark.parametrize("broken", [None, b"", b"not a list"])
def test_without_a_status_list_it_is_never_called_valid(
    page: Page, site: Site, link: Callable[..., str], broken: bytes | None
) -> None:
    site.files.pop("/status/1")
    if broken is not None:
        site.files["/status/1"] = broken
    assert _state(page, link()) == "status_unknown"
    assert page.locator("#state").inner_text() == "签名正确，状态未知"
    assert page.locator("#holder").inner_text() == "示*慧"


def test_an_old_list_still_revokes_and_no_longer_vouches(
    page: Page, site: Site, link: Callable[..., str], this_years: FileKeyStore
) -> None:
    old = datetime(NOW.year - 1, 6, 1, tzinfo=UTC)
    site.files["/status/1"] = _list(site, this_years.signer(NOW), old)
    assert _state(page, link(index=PLACES[Status.REVOKED])) == "revoked"
    assert _state(page, link()) == "status_unknown"
    assert f"{NOW.year - 1}-06-01 08:00:00" in page.locator("#when").inner_text()


def test_a_list_signed_by_a_stranger_is_not_believed(
    page: Page, site: Site, link: Callable[..., str], tmp_path: Path
) -> None:
    stranger = FileKeyStore(tmp_path / "keys.json", bytes(32))
    stranger.create("k-now", datetime(2020, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC))
    site.files["/status/1"] = _list(site, stranger.signer(NOW))
    assert _state(page, link()) == "status_unknown"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"state": KeyState.COMPROMISED, "changed_at": NOW}, "失密"),
        ({"signs_until": datetime(2020, 1, 1, tzinfo=UTC)}, "有效期"),
        ({"public": "11" * 32}, "不属于本系统"),
    ],
)
def test_a_key_vouches_only_for_its_own_time(
    page: Page,
    site: Site,
    link: Callable[..., str],
    this_years: FileKeyStore,
    changes: dict[str, Any],
    reason: str,
) -> None:
    changed = [key.model_copy(update=changes) for key in this_years.public_keys()]
    site.files["/c/keys.json"] = public_keys.page_list(changed, "示例教育局")
    assert _state(page, link()) == "forged"
    assert reason in page.locator("#reason").inner_text()


def test_without_keys_it_says_that_it_cannot_check(
    page: Page, site: Site, link: Callable[..., str]
) -> None:
    site.files.pop("/c/keys.json")
    assert _state(page, link()) == "cannot_check"
    assert "没有网络" in page.locator("#reason").inner_text()


def test_without_ed25519_it_says_that_it_cannot_check(page: Page, link: Callable[..., str]) -> None:
    page.add_init_script(
        "const refuse = () => Promise.reject(new DOMException('', 'NotSupportedError'));"
        "if (crypto.subtle) crypto.subtle.importKey = refuse;"
    )
    assert _state(page, link()) == "cannot_check"
    assert "Ed25519" in page.locator("#reason").inner_text()


def test_the_certificate_is_sent_to_nobody(
    page: Page, site: Site, link: Callable[..., str]
) -> None:
    code = link().split("#")[1]
    assert _state(page, f"{site.url}/c#{code}") == "valid"
    assert len(site.asked) >= 5
    assert not [asked for asked in site.asked if code[:30] in asked or "Referer" in asked]
    assert page.context.cookies() == []


def test_the_page_speaks_english_at_one_tap(page: Page, link: Callable[..., str]) -> None:
    assert _state(page, link()) == "valid"
    page.get_by_role("button", name="EN").click()
    assert page.locator("#state").inner_text() == "Valid"
    assert page.locator("html").get_attribute("lang") == "en"
    assert "Certificate of completion" in page.locator("#kind").inner_text()
    page.get_by_role("button", name="中文").click()
    assert page.locator("#state").inner_text() == "证书有效"


def test_after_one_visit_it_judges_without_a_network(
    page: Page, site: Site, link: Callable[..., str]
) -> None:
    valid, revoked = link(), link(index=PLACES[Status.REVOKED])
    assert _state(page, link(holder_name="示例明")) == "valid"
    page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
    page.context.set_offline(True)  # noqa: FBT003 - the library's signature
    site.files.clear()
    assert _state(page, valid) == "status_unknown"
    assert page.locator("#holder").inner_text() == "示*慧"
    assert "上次的列表" in page.locator("#when").inner_text()
    assert _state(page, revoked) == "revoked"


def test_another_code_in_the_same_window_is_judged_anew(
    page: Page, link: Callable[..., str]
) -> None:
    assert _state(page, link()) == "valid"
    page.goto(link(index=PLACES[Status.REVOKED]))
    page.wait_for_selector("html[data-verdict=revoked]", state="attached")


def test_the_page_is_strict_and_light(page_folder: Path) -> None:
    html = (page_folder / "c.html").read_text(encoding="utf-8")
    assert "default-src 'none'" in html
    assert 'name="referrer" content="no-referrer"' in html
    assert "style=" not in html
    assert "<script>" not in html
    assert sum(file.stat().st_size for file in page_folder.iterdir()) < 60_000


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_runs_off_the_screen(page: Page, link: Callable[..., str], width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    assert _state(page, link(school_name="示例" * 9)) == "valid"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        page.screenshot(path=Path(folder) / f"verify-{width}.png", full_page=True)


def test_every_key_of_the_list_is_known_to_the_page(keys: dict[bytes, PublicKey]) -> None:
    listed = json.loads(public_keys.page_list(keys.values(), "示例"))["keys"]
    assert {len(kid) for kid in listed} == {16}
