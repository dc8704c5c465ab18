"""The verify page believes only our keys and lists, says what it cannot know, and tells nobody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from certificates import public_keys
from certificates.keys import FileKeyStore
from certificates.public_keys import KeyState
from certificates.status import Status

pytestmark = pytest.mark.browser

NOW = datetime.now(UTC)
Link = Callable[..., str]
Visit = Callable[[str], str]
Places = dict[Status, int]


@pytest.mark.parametrize("broken", [None, b"", b"not a list"])
def test_without_a_status_list_it_is_never_called_valid(
    page: Page, site: Any, link: Link, broken: bytes | None, visit: Visit
) -> None:
    site.files.pop("/status/1")
    if broken is not None:
        site.files["/status/1"] = broken
    assert visit(link()) == "status_unknown"
    assert page.locator("#state").inner_text() == "签名有效，状态未核"
    assert page.locator("#holder").inner_text() == "示*慧"


def test_an_old_list_still_revokes_and_no_longer_vouches(
    page: Page,
    site: Any,
    link: Link,
    this_years: FileKeyStore,
    visit: Visit,
    sign_list: Callable[..., bytes],
    place: Places,
) -> None:
    old = datetime(NOW.year - 1, 6, 1, tzinfo=UTC)
    site.files["/status/1"] = sign_list(this_years.signer(NOW), old)
    assert visit(link(index=place[Status.REVOKED])) == "revoked"
    assert visit(link()) == "status_unknown"
    assert f"{NOW.year - 1}-06-01 08:00:00" in page.locator("#when").inner_text()


def test_a_list_signed_by_a_stranger_is_not_believed(
    site: Any, link: Link, tmp_path: Path, visit: Visit, sign_list: Callable[..., bytes]
) -> None:
    stranger = FileKeyStore(tmp_path / "keys.json", bytes(32))
    stranger.create("k-now", datetime(2020, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC))
    site.files["/status/1"] = sign_list(stranger.signer(NOW))
    assert visit(link()) == "status_unknown"


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
    site: Any,
    link: Link,
    this_years: FileKeyStore,
    changes: dict[str, Any],
    reason: str,
    visit: Visit,
) -> None:
    changed = [key.model_copy(update=changes) for key in this_years.public_keys()]
    site.files["/c/keys.json"] = public_keys.page_list(changed, "示例教育局")
    assert visit(link()) == "forged"
    assert reason in page.locator("#reason").inner_text()


def test_without_keys_it_says_that_it_cannot_check(
    page: Page, site: Any, link: Link, visit: Visit
) -> None:
    site.files.pop("/c/keys.json")
    assert visit(link()) == "cannot_check"
    assert "没有网络" in page.locator("#reason").inner_text()


def test_a_key_list_that_is_none_is_no_key_list(site: Any, link: Link, visit: Visit) -> None:
    for content in (b"[]", b'{"keys": null}', b'{"keys": {"0011223344556677": null}}', b"<html>"):
        site.files["/c/keys.json"] = content
        assert visit(link()) == "cannot_check"


def test_a_clock_that_is_behind_makes_nothing_valid_that_has_expired(
    page: Page, link: Link, visit: Visit
) -> None:
    page.clock.set_fixed_time(datetime(NOW.year - 3, 1, 1, tzinfo=UTC))
    assert visit(link("star", valid_until=date(NOW.year - 1, 8, 31))) == "expired"


@pytest.mark.parametrize("junk", ["", "&appinstall=0"])
def test_no_part_of_the_certificate_is_sent_to_anybody(
    page: Page, site: Any, link: Link, visit: Visit, junk: str
) -> None:
    sent: list[str] = []
    page.context.on("request", lambda made: sent.append(f"{made.url} {made.all_headers()}"))
    page.context.on("request", lambda made: sent.append(made.post_data or ""))
    code = link().split("#")[1]
    parts = {code[at : at + 8] for at in range(len(code) - 7)}
    assert visit(f"{site.url}/c#{code}{junk}") == "valid"
    page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
    page.get_by_role("button", name="EN").click()
    # Chromium tells its driver of the fragment that was typed; what went over the wire is `asked`.
    told = " ".join([*site.asked, *(each for each in sent if f"/c#{code}" not in each)])
    assert len(site.asked) >= 10
    assert not {told[at : at + 8] for at in range(len(told) - 7)} & parts
    assert "appinstall" not in " ".join(site.asked)
    assert "Referer" not in " ".join(site.asked)
    assert page.context.cookies() == []


def test_after_one_visit_it_judges_without_a_network(
    page: Page, site: Any, link: Link, visit: Visit, place: Places
) -> None:
    valid, revoked = link(), link(index=place[Status.REVOKED])
    assert visit(link(holder_name="示例明")) == "valid"
    page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
    page.context.set_offline(True)
    site.files.clear()
    assert visit(valid) == "status_unknown"
    assert page.locator("#holder").inner_text() == "示*慧"
    assert "上次的列表" in page.locator("#when").inner_text()
    assert visit(revoked) == "revoked"
