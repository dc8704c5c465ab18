"""A batch goes on in steps, tells how far it is, and neither doubles nor loses a certificate."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from api.pages import staff_certificate_batch
from domain.attendance import Stay
from domain.correction import AttendanceOrder
from domain.rules import ReversalReason
from tests import browsing
from tests.acting import ENDS, SCHOOL, STARTS, envelope
from tests.api.certificates.answering import answered_by
from tests.api.certificates.conftest import ORIGIN, PAGE, Office
from tests.api.certificates.erasing import erase
from tests.browsing import PHONE


@pytest.fixture
def hall(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Six certificates are due, and two are a step."""
    monkeypatch.setattr(staff_certificate_batch, "BATCH", 2)
    stayed = AttendanceOrder(
        session_id=office.pilot.session_id,
        learner_id=office.pilot.learners[2],  # who left without a check-out
        stay=Stay(begins=STARTS, ends=ENDS),
        reason_code=ReversalReason.ENTRY_ERROR,
    )
    corrections, by = office.pilot.book.corrections, envelope(ENDS + timedelta(days=1))
    corrections.propose(stayed, corrections.preview(stayed, by).sha256, by)
    for learner in office.pilot.learners[:3]:
        office.complete(learner)
    assert len(office.due()) == 6
    return office


def fields_of(page: Response) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text))


def how_far(page: Response) -> tuple[str, str] | None:
    found = re.search(r"已颁发 (\d+) 份，共 (\d+) 份", page.text)
    return (found[1], found[2]) if found else None


def go_on(head: TestClient, page: Response) -> Response:
    return head.post(f"{PAGE}/batch", data=fields_of(page))


def issued(office: Office) -> int:
    return len(office.runtime.models.certificates.certificates_of(SCHOOL))


def test_each_step_says_how_far_it_is_until_all_are_issued(hall: Office) -> None:
    head = hall.head
    page = hall.authorise(head)
    assert (page.status_code, how_far(page), issued(hall)) == (200, ("2", "6"), 2)
    page = go_on(head, page)
    assert (how_far(page), issued(hall)) == (("4", "6"), 4)
    done = go_on(head, page)
    assert done.headers["location"] == f"{PAGE}?issued=6"
    assert (issued(hall), hall.due()) == (6, [])


def test_a_step_sent_twice_doubles_nothing_and_a_new_press_goes_on(hall: Office) -> None:
    head = hall.head
    first = hall.authorise(head)
    again = [go_on(head, first) for _ in range(2)]
    assert again[0].status_code == 200
    assert again[1].headers["location"] == f"{PAGE}?issued=6"
    numbers = {each.number for each in hall.runtime.models.certificates.certificates_of(SCHOOL)}
    assert (len(numbers), issued(hall)) == (6, 6)


def test_after_a_cut_connection_a_new_press_issues_what_is_left(hall: Office) -> None:
    hall.authorise()
    page = hall.authorise()
    assert (how_far(page), issued(hall)) == (("2", "4"), 4)


def test_bad_names_stop_nobody_and_are_named_at_the_end(hall: Office) -> None:
    first, second, _ = hall.pilot.learners[:3]
    vault = hall.runtime.book.vault
    vault.put(first, "learner", {"name": "（示例）陈\U0003106c"})
    erase(hall.runtime, second)
    head, page = hall.head, hall.authorise()
    while how_far(page):
        page = go_on(head, page)
    assert page.status_code == 200
    assert "已颁发 2 份证书" in page.text
    assert "4 份未能颁发" in page.text
    assert page.text.count("U+3106C") == 2
    assert len(re.findall(r'class="reason"', page.text)) == 4
    assert len(hall.due()) == 4


def test_nobody_issues_through_a_step_what_is_not_due(hall: Office) -> None:
    head = hall.head
    left = ",".join(map(str, hall.due()[:1]))
    foreign = "5f2b9c1e-7a34-5d10-8c66-0d9a4be21f37"
    form = {"in_all": "2", "left": f"{left},{foreign}", "stopped": ""}
    assert head.post(f"{PAGE}/batch", data=form).status_code == 303
    assert issued(hall) == 1
    assert head.post(f"{PAGE}/batch", data=form | {"left": "nonsense"}).status_code == 400
    assert head.post(f"{PAGE}/batch", data=form | {"left": "abc,-"}).status_code == 303


@pytest.mark.browser
def test_a_browser_goes_on_by_itself_until_all_are_issued(hall: Office) -> None:
    head = hall.head
    head.follow_redirects = True
    with browsing.chromium() as chromium:
        page = answered_by(head, chromium.new_context(locale="zh-CN", viewport=PHONE)).new_page()
        page.goto(f"{ORIGIN}{PAGE}")
        page.get_by_role("button", name="批准颁发所选证书").click()
        page.get_by_text("已颁发 6 份证书").wait_for()
    assert issued(hall) == 6
