"""Where the browser has no Ed25519 of its own the page brings one, and judges just as well."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from certificates.status import Status

pytestmark = pytest.mark.browser

WITHOUT = {
    "an old browser": (
        "const refuse = () => Promise.reject(new DOMException('', 'NotSupportedError'));"
        "if (crypto.subtle) crypto.subtle.importKey = refuse;"
    ),
    "an address without https": "Object.defineProperty(crypto, 'subtle', { value: undefined });",
}
Link = Callable[..., str]
Visit = Callable[[str], str]


def changed(link: str, place: int) -> str:
    return f"{link[:place]}{(int(link[place]) + 1) % 10}{link[place + 1 :]}"


@pytest.mark.parametrize("script", WITHOUT.values(), ids=WITHOUT)
def test_it_says_the_same_without_the_browsers_own_signatures(
    page: Page, site: Any, link: Link, visit: Visit, place: dict[Status, int], script: str
) -> None:
    page.add_init_script(script)
    assert visit(link()) == "valid"
    assert [asked for asked in site.asked if "/c/ed25519.js" in asked]
    assert visit(link(index=place[Status.REVOKED])) == "revoked"
    assert visit(changed(link(), -90)) == "forged"


def test_it_is_not_asked_for_where_the_browser_has_its_own(
    page: Page, link: Link, visit: Visit
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    assert visit(link()) == "valid"
    assert not [url for url in asked if "ed25519" in url]


def test_after_one_visit_it_is_there_without_a_network(
    page: Page, site: Any, link: Link, visit: Visit
) -> None:
    page.add_init_script(WITHOUT["an old browser"])
    assert visit(link()) == "valid"
    page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
    page.context.set_offline(True)
    site.files.clear()
    good = link(holder_name="示例明")
    assert visit(good) == "status_unknown"
    assert visit(changed(good, -90)) == "forged"


def test_without_any_it_says_that_it_cannot_check(
    page: Page, site: Any, link: Link, visit: Visit
) -> None:
    site.files.pop("/c/ed25519.js")
    page.add_init_script(WITHOUT["an old browser"])
    assert visit(link()) == "cannot_check"
    assert "Ed25519" in page.locator("#reason").inner_text()
