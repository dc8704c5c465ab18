"""The verify page shows one word and every signed fact, in two languages, on any screen."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from certificates.snapshot import Snapshot
from certificates.status import Status
from certificates.wording import chinese_date, wording_of
from domain.masking import mask_name

pytestmark = pytest.mark.browser

NOW = datetime.now(UTC)
FIGURE = re.compile(r"\d+(?:\.\d+)?")
Link = Callable[..., str]
Visit = Callable[[str], str]
Places = dict[Status, int]


def test_a_valid_certificate_is_shown_with_every_signed_fact(
    page: Page, link: Link, visit: Visit
) -> None:
    assert visit(link()) == "valid"
    shown = " ".join(page.locator("main").inner_text().split())
    for fact in (
        "证书有效", "示*慧", "结业证书", "穗家结〔2026〕440104-0000123-7", "440104-2026-0000123-7",
        "广州市越秀区示例小学家长学校", "2025学年", "12.5 学时", "8.0 学时", "合格",
        NOW.date().isoformat(), "长期", "2026.1", "不是职业资格",
    ):  # fmt: skip
        assert fact in shown
    page.locator("#trust summary").click()
    assert "k-now" in page.locator("#checks").inner_text()


def test_stars_stage_and_last_day_are_shown(page: Page, link: Link, visit: Visit) -> None:
    assert visit(link("star", valid_until=date(NOW.year + 1, 8, 31))) == "valid"
    shown = page.locator("#facts").inner_text()
    for fact in ("★★★☆☆ 三星级", "小学", f"{NOW.year + 1}-08-31", "36.0 学时"):
        assert fact in shown


def test_a_statement_shows_its_days(page: Page, link: Link, visit: Visit) -> None:
    assert visit(link("statement", valid_until=date(NOW.year + 1, 1, 1))) == "valid"
    assert "2025-09-01 至 2026-07-10" in page.locator("#facts").inner_text()


def test_no_line_ends_within_a_date(page: Page, link: Link, visit: Visit) -> None:
    visit(link("statement", valid_until=date(NOW.year + 1, 1, 1)))
    page.locator("#language").click()
    for width in (320, 340, 360, 390):
        page.set_viewport_size({"width": width, "height": 800})
        lines = page.eval_on_selector_all(
            "#facts .whole", "all => all.map((each) => each.getClientRects().length)"
        )
        assert lines == [1, 1, 1, 1, 1], width


@pytest.mark.parametrize("form", ["annual", "stage", "star", "statement"])
def test_every_printed_field_is_in_the_signature_and_shown(
    page: Page, link: Link, visit: Visit, snapshot: Callable[..., Snapshot], form: str
) -> None:
    """But the lines of a statement: their sum and their days are signed."""
    printed = snapshot(form)
    words = wording_of(printed)
    visit(link(form, **printed.model_dump(include={"awarded_on", "valid_until"})))
    shown = page.locator("#inner").inner_text()
    said = " ".join([*(text for text, _ in words.body), words.closing, words.validity])
    figures = {float(each) for each in FIGURE.findall(said)}
    assert figures <= {float(each) for each in FIGURE.findall(shown)}
    assert chinese_date(printed.awarded_on) == words.date
    exam = [printed.exam_result.chinese] if printed.exam_result else []
    stars = [f"{'一二三四五'[printed.level - 1]}星级"] if printed.level else []
    for fact in (
        words.number, printed.number, words.issuer, words.title, printed.awarded_on.isoformat(),
        printed.rulebook_version, mask_name(printed.holder_name), *exam, *stars,
    ):  # fmt: skip
        assert fact in shown


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (Status.REVOKED, "证书已撤销"),
        (Status.SUSPENDED, "证书已暂停"),
        (Status.REPLACED, "证书已换发"),
        (Status.WITHDRAWN, "证书已注销"),
    ],
)
def test_the_status_list_has_the_last_word(
    page: Page, link: Link, state: Status, words: str, visit: Visit, place: Places
) -> None:
    assert visit(link(index=place[state])) == state.name.lower()
    assert page.locator("#state").inner_text() == words
    assert page.locator("#holder").is_visible()


def test_an_expired_certificate_is_expired(link: Link, visit: Visit) -> None:
    assert visit(link("star", valid_until=date(NOW.year - 1, 8, 31))) == "expired"


@pytest.mark.parametrize("digit", [-2, -90, 20])
def test_a_changed_digit_makes_a_forgery(page: Page, link: Link, digit: int, visit: Visit) -> None:
    base, digits = link().split("#")
    place = digit % len(digits)
    changed = f"{digits[:place]}{(int(digits[place]) + 1) % 10}{digits[place + 1 :]}"
    assert visit(f"{base}#{changed}") == "forged"
    assert page.locator("#holder").is_hidden()


def test_what_chat_apps_append_is_ignored(link: Link, visit: Visit) -> None:
    assert visit(f"{link()}&appinstall=0") == "valid"


def test_without_a_code_nothing_is_found(site: Any, visit: Visit) -> None:
    assert visit(f"{site.url}/c") == "not_found"


def test_the_page_speaks_english_at_one_tap(page: Page, link: Link, visit: Visit) -> None:
    assert visit(link()) == "valid"
    page.get_by_role("button", name="EN").click()
    assert page.locator("#state").inner_text() == "Valid"
    assert page.locator("html").get_attribute("lang") == "en"
    assert "Certificate of completion" in page.locator("#kind").inner_text()
    assert "School year 2025" in page.locator("#facts").inner_text()
    page.get_by_role("button", name="中文").click()
    assert page.locator("#state").inner_text() == "证书有效"


def test_another_code_in_the_same_window_is_judged_anew(
    page: Page, link: Link, visit: Visit, place: Places
) -> None:
    assert visit(link()) == "valid"
    page.goto(link(index=place[Status.REVOKED]))
    page.wait_for_selector("html[data-verdict=revoked]", state="attached")


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_runs_off_the_screen(page: Page, link: Link, width: int, visit: Visit) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    assert visit(link(school_name="示例" * 9)) == "valid"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        page.screenshot(path=Path(folder) / f"verify-{width}.png", full_page=True)
