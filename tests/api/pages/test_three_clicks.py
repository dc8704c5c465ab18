"""From any total of a term to the events behind it, by the links of the pages alone (P6.1)."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from fastapi.testclient import TestClient

from domain.sheet import code_of
from tests import held
from tests.acting import DISTRICT, ENDS, SCHOOL
from tests.api.desk import Desk
from tests.paper import NEXT_DAY, checking, print_sheets, signed, typing

CLOSES = datetime(2027, 3, 22, 4, tzinfo=UTC)
TOTALS = {"计入的活动": "sessions", "到场人次": "sessions", "到场的家庭": "sessions",
          "入账学时": "accounts", "有学时的家长": "accounts"}  # fmt: skip


def attended(desk: Desk) -> None:
    """Two of three families stayed to the end of the session; it is attested and awarded."""
    held.close(desk.pilot, desk.pilot.session_id, desk.pilot.learners[:2])
    held.attest(desk.pilot, desk.pilot.session_id)
    desk.clock.move_to(ENDS)
    desk.catch_up(desk.runtime.book.ledger.position())


def click(browser: TestClient, page: str, link: str) -> str:
    """Follow the first link whose address fits, as the page has it."""
    found = re.search(rf'href="({link})"', page)
    assert found, f"no link to {link}"
    answer = browser.get(found[1].replace("&amp;", "&"), follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


def test_any_total_leads_to_its_events_in_two_clicks(desk: Desk) -> None:
    attended(desk)
    desk.clock.move_to(CLOSES)
    assert (
        desk.browser("coordinator").post(f"/staff/schools/{SCHOOL}/terms/2026-1/close").is_redirect
    )
    desk.catch_up(desk.runtime.book.ledger.position())
    auditor = desk.browser("auditor")
    district = auditor.get(f"/staff/districts/{DISTRICT}/compliance?term=2026-1").text

    school = click(auditor, district, f'/staff/schools/{SCHOOL}/compliance[^"]*#h-sessions')
    assert "session.attested" in click(auditor, school, f"/staff/facts/{desk.pilot.session_id}")

    for name, place in TOTALS.items():
        total = re.search(
            rf'<dt>{name}</dt><dd class="num"><a href="([^"]*#{place})">([^<]*)', school
        )
        assert total, name
        lines = auditor.get(total[1]).text
        facts = r"/staff/facts/[^\"]*"
        section = lines[lines.index(f'id="{place}"') :]
        assert re.search(r"attendance\.checked_in|account\.credit_awarded",
                         click(auditor, section, facts))  # fmt: skip


def test_a_total_leads_to_the_sheet_of_paper_that_it_was_typed_from(desk: Desk) -> None:
    """To the paper, by the links alone; nobody reads there what is not checked yet."""
    pilot, sheets = desk.pilot, desk.pilot.book.sheets
    [sheet] = print_sheets(pilot, pilot.learners)
    held.close(pilot, pilot.session_id)
    desk.clock.move_to(NEXT_DAY)
    sheets.enter(sheet.id, signed(sheet, 1, 2), typing())
    desk.catch_up(pilot.book.ledger.position())
    auditor = desk.browser("auditor")
    session, facts = f"/staff/facts/{pilot.session_id}", f"/staff/facts/{sheet.id}"
    for page in (session, facts):
        blind = auditor.get(f"{page}?kind=attendance").text
        assert "sheet.entered" in blind
        assert "left_at" not in blind

    sheets.check(sheet.id, signed(sheet, 1, 2), checking())
    held.attest(pilot, pilot.session_id, NEXT_DAY)
    desk.catch_up(pilot.book.ledger.position())
    district = auditor.get(f"/staff/districts/{DISTRICT}/compliance?term=2026-1").text
    school = click(auditor, district, f'/staff/schools/{SCHOOL}/compliance[^"]*#h-sessions')
    paper = click(auditor, click(auditor, school, session), f"/staff/sheets/{sheet.id}")
    assert code_of(sheet.id) in paper
    assert "left_at" in auditor.get(facts).text
    assert desk.browser("auditor_elsewhere").get(facts).status_code == 403


def test_the_lines_of_a_total_add_up_to_it(desk: Desk) -> None:
    attended(desk)
    coordinator = desk.browser("coordinator")
    page = coordinator.get(f"/staff/schools/{SCHOOL}/terms/2026-1/lines").text
    totals = dict(re.findall(r'<dt>([^<]+)</dt><dd class="num"><a[^>]*>([^<]+)</a>', page))
    hours = [float(each) for each in re.findall(r'<td class="num">(\d+\.\d\d)</td>', page)]

    assert (totals["到场人次"], totals["有学时的家长"]) == ("2", str(len(hours)))
    assert float(totals["入账学时"]) == sum(hours) == 4.0
    for learner, said in zip(re.findall(r"/staff/facts/([^\"?]+)\?term", page), hours, strict=True):
        told = coordinator.get(f"/staff/facts/{learner}?term=2026-1").text
        assert sum(map(float, re.findall(r'<b class="num">([+-]?[\d.]+)</b>', told))) == said
    assert desk.browser("district_officer").get(
        f"/staff/schools/{SCHOOL}/terms/2026-1/lines"
    ).status_code == 403  # fmt: skip
