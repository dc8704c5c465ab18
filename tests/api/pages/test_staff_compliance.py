"""The pages of the school's duty: the school's own, the district's table, closing, the year."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from api.closing import listing_of
from domain.calendar import Term
from tests import held
from tests.acting import DISTRICT, SCHOOL, SET_UP, STARTS, envelope
from tests.api.desk import Desk

PAGE = f"/staff/schools/{SCHOOL}/compliance"
TABLE = f"/staff/districts/{DISTRICT}/compliance"
TERM = f"/staff/schools/{SCHOOL}/terms/2026-1"
YEAR = f"/staff/schools/{SCHOOL}/years/2026"
CLOSES = datetime(2027, 3, 22, 4, tzinfo=UTC)
SECOND = Term(school_year=2026, term_no=2, begins=date(2027, 2, 22), ends=date(2027, 7, 11))


@pytest.fixture
def term(desk: Desk) -> Desk:
    """One of the two activities is held; another waits to be attested."""
    held.hold(desk.pilot, "亲子共读", 300, desk.pilot.learners)
    held.close(desk.pilot, held.plan(desk.pilot, "情绪管理", 500, STARTS + timedelta(days=14)))
    desk.runtime.book.registry.open_term(SECOND, envelope(SET_UP))
    desk.clock.move_to(STARTS + timedelta(days=15))
    desk.catch_up(desk.runtime.book.ledger.position())
    return desk


def text(desk: Desk, asker: str, path: str) -> str:
    desk.catch_up(desk.runtime.book.ledger.position())
    answer = desk.browser(asker).get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_the_school_sees_its_figures_and_every_session_with_its_reason(term: Desk) -> None:
    page = text(term, "coordinator", PAGE)

    assert "活动 1/2，课时 3/8，还有 21 周" in page
    assert "加上计划中和待确认的：活动 2，课时 8" in page
    assert "按计划进行" in page
    for word in ("计入", "尚未由两人确认", "过期未举行"):
        assert word in page
    assert page.count('href="/staff/sessions/') == 4  # three sessions, and one obstacle


def test_the_school_is_asked_as_of_a_day(term: Desk) -> None:
    assert "活动 0/2，课时 0/8" in text(term, "coordinator", f"{PAGE}?as_of=2026-09-10")
    assert "活动 1/2，课时 3/8" in text(term, "coordinator", f"{PAGE}?term=2026-1&as_of=")
    assert term.browser("coordinator").get(f"{PAGE}?as_of=2026-13-45").status_code == 400


def test_the_district_sees_every_school_by_code_and_no_learner(term: Desk) -> None:
    page = text(term, "district_officer", TABLE)

    assert page.index("4401040001") < page.index("4401040003")
    assert "3/8" in page
    assert "未填报" in page
    assert "示例中学" not in text(term, "district_officer", f"{TABLE}?stage=primary")
    assert not any(str(learner) in page for learner in term.pilot.learners)
    home = text(term, "district_officer", "/staff")
    assert f'href="{TABLE}"' in home


def test_a_term_is_closed_by_one_button_once_nothing_is_unfinished(term: Desk) -> None:
    term.clock.move_to(CLOSES)
    before = text(term, "coordinator", PAGE + "?term=2026-1")
    coordinator = term.browser("coordinator")
    refused = coordinator.post(f"{TERM}/close")
    [waiting] = [s for s in term.runtime.models.sessions.sessions_of(SCHOOL)
                 if s.standing == "closed"]  # fmt: skip
    held.attest(term.pilot, waiting.session_id)
    ready = text(term, "coordinator", PAGE + "?term=2026-1")
    answer = coordinator.post(f"{TERM}/close")

    assert f'action="{TERM}/close"' not in before
    assert "活动还没有由两人确认" in before
    assert (refused.status_code, "还有未办结的事项" in refused.text) == (409, True)
    assert f'action="{TERM}/close"' in ready
    assert answer.status_code == 303
    closed = text(term, "coordinator", answer.headers["location"])
    assert "已结账" in closed
    assert f'action="{TERM}/close"' not in closed
    table = text(term, "district_officer", f"{TABLE}?term=2026-1")
    closing = term.runtime.book.closings.closing(SCHOOL, "2026-1")
    assert closing is not None
    assert closing.sha256[:12] in table


def test_an_addendum_is_shown_with_its_date_and_what_it_changed(term: Desk) -> None:
    term.clock.move_to(CLOSES)
    forced = term.browser("district_officer").post(f"{TERM}/force")
    assert forced.status_code == 303
    book = term.runtime.book
    waiting = term.runtime.models.sessions.sessions_of(SCHOOL)[0]
    held.attest(term.pilot, waiting.session_id)
    first = Term(school_year=2026, term_no=1, begins=date(2026, 9, 1), ends=date(2027, 2, 21))
    book.closings.file_addendum(listing_of(term.runtime, SCHOOL, first), envelope(CLOSES))

    page = text(term, "head", PAGE + "?term=2026-1")

    assert "由区级代为结账" in page
    assert "结账时未办结：" in page
    assert "补充 1" in page
    assert "+5.00" in page


def test_the_year_says_what_lacks_and_then_is_closed(term: Desk) -> None:
    before = text(term, "coordinator", YEAR)
    term.clock.move_to(datetime(2027, 7, 30, 4, tzinfo=UTC))
    district, coordinator = term.browser("district_officer"), term.browser("coordinator")
    district.post(f"{TERM}/force")
    coordinator.post(TERM.replace("2026-1", "2026-2") + "/close")
    ready = text(term, "coordinator", YEAR)
    answer = coordinator.post(f"{YEAR}/close")

    assert f'action="{YEAR}/close"' not in before
    assert f'action="{YEAR}/close"' in ready
    assert answer.status_code == 303
    after = text(term, "coordinator", YEAR)
    assert "学年已结账" in after
    assert "3.00" in after
    assert f'href="/staff/schools/{SCHOOL}/certificates"' in after
    assert coordinator.post(f"{YEAR}/promotion").status_code == 303
    assert "四年级2班" in text(term, "coordinator", YEAR)


def test_who_completed_the_year_is_counted_for_the_school_alone(term: Desk) -> None:
    assert text(term, "district_officer", YEAR).count("不足10，不显示") == 2
    own = text(term, "coordinator", YEAR)
    assert "不足10" not in own
    assert '<dd class="num">3</dd>' in own


def test_both_languages_are_complete(term: Desk) -> None:
    page = text(term, "coordinator", f"{PAGE}?lang=en")

    assert "Activities 1/2, class hours 3/8, 21 weeks left" in page
