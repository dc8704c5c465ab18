"""The promise of the whole: a bad photo of the printed paper verifies, with the server stopped."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from PIL import Image, ImageFilter
from playwright.sync_api import FilePayload, Page

from tests import browsing
from tests.api.certificates.conftest import ORIGIN, Office

pytestmark = [pytest.mark.browser, pytest.mark.poppler]

WIDTH = 200  # of the code, in pixels
CODE_MM = 31 * 61 / 69  # of version 11, without its quiet zone


class Server(ThreadingHTTPServer):
    """The application behind a port of its own, which can be stopped."""

    def __init__(self, client: TestClient) -> None:
        self.client, self.lock = client, threading.Lock()
        super().__init__(("127.0.0.1", 0), Passing)


class Passing(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        with self.server.lock:
            got = self.server.client.get(self.path)
        self.send_response(got.status_code)
        for name, value in got.headers.items():
            if name not in {"content-encoding", "content-length", "set-cookie"}:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(got.content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name where it is overridden
        pass


@pytest.fixture
def public(office: Office) -> Iterator[Server]:
    made = Server(office.browser())
    threading.Thread(target=made.serve_forever, args=(0.02,)).start()
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture
def page(public: Server, office: Office) -> Iterator[Page]:
    """The site's own address leads to the server: a QR code names it, and so does the worker."""
    mapped = f"--host-resolver-rules=MAP 127.0.0.1:8000 127.0.0.1:{public.server_port}"
    with browsing.chromium(mapped) as browser:
        page = browser.new_context(locale="zh-CN", viewport=browsing.PHONE).new_page()
        page.clock.set_fixed_time(office.clock.at)
        yield page


def photographed(pdf: bytes, folder: Path) -> bytes:
    """The sheet printed, held askew, out of focus, small, and kept as a poor JPEG."""
    (folder / "sheet.pdf").write_bytes(pdf)
    resolution = str(WIDTH / CODE_MM * 25.4)
    command = ["pdftoppm", "-r", resolution, "-png", "-singlefile", "sheet.pdf", "sheet"]
    subprocess.run(command, check=True, cwd=folder)
    sheet = Image.open(folder / "sheet.png").convert("L")
    corners = [
        share * side
        for share, side in zip(
            (-0.04, 0, 0.03, 1.05, 1.03, 0.98, 1, -0.06), sheet.size * 4, strict=True
        )
    ]
    bicubic = Image.Resampling.BICUBIC
    askew = sheet.transform(sheet.size, Image.Transform.QUAD, corners, bicubic, fillcolor=190)
    tilted = askew.rotate(8, bicubic, expand=True, fillcolor=190)
    dim = tilted.filter(ImageFilter.GaussianBlur(1.1)).point(lambda light: int(40 + light * 0.65))
    file = BytesIO()
    dim.save(file, "JPEG", quality=50)
    return file.getvalue()


def decoded(page: Page, photo: bytes) -> str:
    """What a phone's camera reads, here by the vendored zxing."""
    page.goto(f"{ORIGIN}/verify/batch")
    chosen: FilePayload = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": photo}
    page.set_input_files("#files", chosen)
    texts: list[str] = page.evaluate(
        "async () => (await import('/verify/batch/codes.js')).codesOn("
        "document.getElementById('files').files[0], document.getElementById('batch').dataset)"
    )
    (text,) = texts
    return text


def test_a_bad_photo_of_the_printed_certificate_verifies_with_the_server_stopped(
    office: Office, public: Server, page: Page, tmp_path: Path
) -> None:
    certificate = office.issued()
    text = decoded(page, photographed(office.pdf(certificate.number), tmp_path))
    page.goto(text)
    page.wait_for_selector("html[data-verdict=valid]", state="attached")
    page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
    page.goto("about:blank")
    public.shutdown()
    public.server_close()
    page.goto(text)
    page.wait_for_selector("html[data-verdict=status_unknown]", state="attached")
    shown = page.locator("main").inner_text()
    for fact in ("签名有效，状态未核", certificate.number, "2.0 学时", "上次的列表"):
        assert fact in shown
    page.goto("about:blank")
    page.goto(f"{text[:-60]}{(int(text[-60]) + 1) % 10}{text[-59:]}")
    page.wait_for_selector("html[data-verdict=forged]", state="attached")
