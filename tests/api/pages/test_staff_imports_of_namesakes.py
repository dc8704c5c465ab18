"""A row that fits two children: the page says which column tells, or shows the way to compare."""

from __future__ import annotations

from api.bootstrap import Runtime
from api.files.template import Kind
from ledger.roster import Roster, RosterEntry
from tests.acting import SCHOOL, entry, envelope
from tests.api.imports.given import COORDINATOR, sheet
from tests.api.pages.test_staff_imports import SignIn, beginning, bring, browser, staff
from tests.ledger.test_namesakes_of_a_class import NO_NUMBER, TWIN, not_told_apart

__all__ = ["beginning", "browser", "staff"]

CALLED: dict[str, object] = {"child_name": "（示例）陈小明", "name": "（示例）陈建国"}


def imported(browser: SignIn, runtime: Runtime, *known: RosterEntry) -> tuple[str, str]:
    """What the page says of the row without number and phone, and the page of merges then."""
    for row in known:
        runtime.book.rosters.take(Roster(SCHOOL, 2026), [row], envelope(), dry_run=False)
    runtime.projector.catch_up()
    client = browser(COORDINATOR)
    preview = bring(client, Kind.ROSTER, sheet(Kind.ROSTER, {"校内学号": "", "手机号码": ""}))
    result = client.post(preview.url.path).text
    return result, client.get(f"/staff/merges/{SCHOOL}").text


def test_of_two_numbered_children_the_page_asks_for_number_or_phone(
    browser: SignIn, runtime: Runtime
) -> None:
    twin = {**CALLED, **TWIN, "phone": "10000000033"}
    result, merges = imported(browser, runtime, entry(2, **CALLED), entry(2, **twin))

    assert "请填写“校内学号”，或已登记家长的姓名和“手机号码”" in result
    assert f"/staff/merges/{SCHOOL}" not in result
    assert "花名册一行对应两人" not in merges


def test_of_children_that_nothing_tells_apart_the_page_leads_to_their_adults(
    browser: SignIn, runtime: Runtime
) -> None:
    first = entry(2, **{**CALLED, **NO_NUMBER})
    result, merges = imported(browser, runtime, first, *not_told_apart(**CALLED))

    assert "请先比较两条家长记录" in result
    assert f"/staff/merges/{SCHOOL}" in result
    assert "花名册一行对应两人" in merges
