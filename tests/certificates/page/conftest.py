"""The verify page behind a small server, a browser that opens it, and a key that signs now."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from certificates import payload, public_keys, qr, status
from certificates.keys import FileKeyStore, FileSigner
from certificates.snapshot import Snapshot
from certificates.status import Place, Status

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

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name where it is overridden
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
    signer = this_years.signer(NOW)
    site.files["/status/1"] = status.sign_list(1, _statuses(), site.url, signer, NOW)
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


@pytest.fixture
def sign_list(site: Site) -> Callable[..., bytes]:
    def sign(signer: FileSigner, at: datetime = NOW) -> bytes:
        return status.sign_list(1, _statuses(), site.url, signer, at)

    return sign


@pytest.fixture
def visit(page: Page) -> Callable[[str], str]:
    """Open a link afresh and give the verdict of the page."""

    def verdict(url: str) -> str:
        page.goto("about:blank")
        page.goto(url)
        page.wait_for_selector("html[data-verdict]", state="attached")
        word = page.locator("html").get_attribute("data-verdict")
        assert word is not None
        return word

    return verdict


@pytest.fixture
def place() -> dict[Status, int]:
    """Where in the list each status stands."""
    return PLACES


def _statuses() -> dict[int, Status]:
    return {place: state for state, place in PLACES.items()}
