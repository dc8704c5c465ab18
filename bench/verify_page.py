"""How fast the verify page decides without a network, in Chromium, by the browser and by noble."""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from uuid import uuid4

from playwright.sync_api import Browser, Page

from api.pages.verify_files import page_files
from bench.ground import Ground
from bench.measuring import Figure, Goal, Scale
from certificates import cose, public_keys, qr, status
from certificates.claims import Claims
from certificates.keys import FileKeyStore
from certificates.number import make
from domain.certificate import CertificateKind
from tools.looking import chromium

GOAL_MS = 200.0
TYPES = {"js": "text/javascript", "css": "text/css", "c": "text/html"}
TIMED = """
new MutationObserver(() => {
  const word = document.documentElement.dataset.verdict;
  if (word && !window.decided) window.decided = { word, at: performance.now() };
}).observe(document, { subtree: true, attributes: true });
"""
WITHOUT_ED25519 = "crypto.subtle.importKey = () => Promise.reject(new Error());"
DECIDE = """async (code) => {
  const { judge } = await import('/c/verify.js'), { load } = await import('/c/files.js');
  const began = performance.now();
  await judge(code, load, Date.now() / 1000);
  return performance.now() - began;
}"""
BARE = """async ([x, code]) => {
  const { bytesOf } = await import('/c/verify.js');
  const { takeApart, unhex } = await import('/c/cose.js');
  const signed = takeApart(bytesOf(code)), raw = unhex(x), Ed25519 = { name: 'Ed25519' };
  const times = [];
  for (let round = 0; round < 50; round += 1) {
    const began = performance.now();
    const key = await crypto.subtle.importKey('raw', raw, Ed25519, false, ['verify']);
    await crypto.subtle.verify(Ed25519, key, signed.signature, signed.payload);
    times.push(performance.now() - began);
  }
  return times;
}"""


class Handler(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        body = self.server.files.get(self.path)
        self.send_response(HTTPStatus.NOT_FOUND if body is None else HTTPStatus.OK)
        kind = self.path.rpartition("/")[2].rpartition(".")[2]
        self.send_header("Content-Type", TYPES.get(kind, "application/octet-stream"))
        self.send_header("Service-Worker-Allowed", "/c")
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name where it is overridden
        pass


class Site(ThreadingHTTPServer):
    """The public files of an issuer with one certificate."""

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        now, store = datetime.now(UTC), FileKeyStore(folder / "keys.json", bytes(32))
        self.key = store.create("k-bench", now - timedelta(days=1), now + timedelta(days=9))
        signer = store.signer(now)
        self.files = {f"/c/{name}": content for name, content in page_files().items()}
        self.files["/c"] = self.files.pop("/c/c.html")
        self.files["/c/keys.json"] = public_keys.page_list([self.key], self.url)
        revoked = dict.fromkeys(range(0, status.SIZE, 1000), status.Status.REVOKED)
        self.files["/status/1"] = status.sign_list(1, revoked, self.url, signer, now)
        self.link = qr.link(self.url, cose.sign(claims(now).encode(), signer))


def claims(now: datetime) -> Claims:
    return Claims(
        certificate_id=uuid4(),
        number=make("440104", now.year, 1),
        kind=CertificateKind.ANNUAL_COMPLETION,
        masked_holder="示*慧",
        name_commitment=bytes(12),
        status_list=1,
        status_index=7,
        school_name="示例小学",
        hours=1250,
        issued_at=now,
        awarded_on=now.date(),
        rulebook_version="2026.1",
    )


@dataclass(frozen=True)
class Times:
    """In milliseconds: from opening a link to the verdict, judging alone, a bare signature."""

    opened: list[float]
    judged: list[float]
    bare: list[float]


def run(ground: Ground, scale: Scale) -> list[Figure]:
    """Opened once with a network; then, the server stopped, opened again and again."""
    _ = ground  # nothing is stored
    rounds = scale.pick(2, 10, 40)
    with chromium() as browser, TemporaryDirectory() as folder:
        own = offline(browser, Path(folder), rounds, "")
        noble = offline(browser, Path(folder) / "noble", rounds, WITHOUT_ED25519)
    return [figure("the browser's own Ed25519", own), figure("noble's Ed25519", noble)]


def offline(browser: Browser, folder: Path, rounds: int, script: str) -> Times:
    folder.mkdir(exist_ok=True)
    context, times = browser.new_context(), Times([], [], [])
    with serving(folder) as site:
        page, code = context.new_page(), site.link.partition("#")[2]
        page.add_init_script(TIMED)
        decided(page, site.link, "valid")
        page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
        times.bare.extend(page.evaluate(BARE, [site.key.public, code]))
    if script:
        page.add_init_script(f"if (crypto.subtle) {script}")
    for _ in range(rounds):
        times.opened.append(decided(page, site.link, "status_unknown"))
        times.judged.append(page.evaluate(DECIDE, code))
    context.close()
    return times


def decided(page: Page, link: str, word: str) -> float:
    page.goto("about:blank")
    page.goto(link)
    page.wait_for_selector("html[data-verdict]", state="attached")
    said = page.evaluate("window.decided")
    assert said["word"] == word, said
    return float(said["at"])


@contextmanager
def serving(folder: Path) -> Generator[Site]:
    site = Site(folder)
    thread = threading.Thread(target=site.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield site
    finally:
        site.shutdown()
        thread.join()
        site.server_close()


def figure(by: str, times: Times) -> Figure:
    what = f"a certificate decided on the page, the server stopped, by {by}"
    facts = {
        "opened_to_verdict_ms": median(times.opened),
        "bare_webcrypto_verify_ms": median(times.bare),
    }
    return Goal("verify-page", what, "ms", GOAL_MS).answer(len(times.judged), times.judged, facts)
