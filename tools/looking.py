"""A page in a real browser: what axe, the width of the screen and the console say of it."""

from __future__ import annotations

import shutil
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from importlib.resources import files
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from api.language.catalogue import COOKIE as LANGUAGE
from api.language.catalogue import Language
from api.rendering import SIZE_COOKIE
from tools.walking import Found, Pilot

WIDTHS: Final = (320, 390, 768, 1280, 1920)
DESK: Final = 600  # from this width on the style sheets lay out for a desk
HEIGHTS: Final = {"phone": 844, "desktop": 800}
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@dataclass(frozen=True, slots=True)
class View:
    """How somebody looks: the language, the letters' size, the screen's width in CSS pixels."""

    language: Language = Language.CHINESE
    large: bool = False
    width: int = 390

    @property
    def screen(self) -> str:
        return "phone" if self.width < DESK else "desktop"

    def __str__(self) -> str:
        return "-".join((self.screen, self.language.value, *(("large",) if self.large else ())))


@contextmanager
def chromium() -> Generator[Browser]:
    """Debian's Chromium. Raises RuntimeError where there is none."""
    program = shutil.which("chromium")
    if program is None:
        raise RuntimeError("chromium is missing: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


def looker(browser: Browser, pilot: Pilot, who: str, view: View) -> BrowserContext:
    """A browser with the login of a person of the pilot, in their language and size."""
    context = browser.new_context(
        viewport={"width": view.width, "height": HEIGHTS[view.screen]},
        locale=view.language.value,
        reduced_motion="reduce",
    )
    chosen = {LANGUAGE: view.language.value, SIZE_COOKIE: "large" if view.large else "normal"}
    signed = {each.name: each.value or "" for each in pilot.browser(who).cookies.jar}
    for name, value in (signed | chosen).items():
        context.add_cookies([{"name": name, "value": value, "url": pilot.base}])
    return context


class Looking:
    """One browser window; `faults` of a page are sentences, none where all is well."""

    def __init__(self, page: Page, base: str) -> None:
        self.page = page
        self._base = base
        self._said: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self._said.append(f"script error: {error}"))
        axe = files("axe_playwright_python") / "axe.min.js"
        page.add_init_script(axe.read_text(encoding="utf-8"))  # sent once, not for each page

    def faults(self, found: Found, widths: tuple[int, ...] = WIDTHS) -> list[str]:
        self._said.clear()
        answer = self.page.goto(f"{self._base}{found.path}", wait_until="load")
        if answer is None or answer.status >= HTTPStatus.BAD_REQUEST:
            return [f"answered {answer and answer.status}"]
        return [*self._said, *self._too_wide(widths), *self._inaccessible()]

    def _hear(self, message: object) -> None:
        if getattr(message, "type", "") == "error":
            self._said.append(f"console: {getattr(message, 'text', '')}")

    def _too_wide(self, widths: tuple[int, ...]) -> Iterator[str]:
        was = self.page.viewport_size or {"width": 390, "height": 844}
        for width in widths:
            self.page.set_viewport_size({"width": width, "height": was["height"]})
            needed = self.page.evaluate("document.documentElement.scrollWidth")
            if needed > width:
                yield f"{needed} px wide on a screen of {width}"
        self.page.set_viewport_size(was)

    def _inaccessible(self) -> Iterator[str]:
        options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
        judged = self.page.evaluate("options => axe.run(document, options)", options)
        for broken in judged["violations"]:
            where = "; ".join(str(node["target"][0]) for node in broken["nodes"][:3])
            yield f"axe {broken['id']}: {broken['help']} ({where})"


def looked_at(
    browser: Browser, pilot: Pilot, pages: Iterable[Found], view: View, widths: tuple[int, ...]
) -> Iterator[tuple[Found, Page, list[str]]]:
    """Each page open in a window of who found it, with what is wrong with it."""
    windows: dict[str, Looking] = {}
    for found in pages:
        if found.who not in windows:
            context = looker(browser, pilot, found.who, view)
            windows[found.who] = Looking(context.new_page(), pilot.base)
        window = windows[found.who]
        yield found, window.page, window.faults(found, widths)


def picture(page: Page, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, full_page=True)
